"""Getting into a company, and its faults as troubles sorted by who can mend them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection

import intacct
from collections_app import problems, sign_in_tries
from collections_app.ledger.company import Ledger
from collections_app.ledger.facts import SignIn
from collections_app.problems import Problem, Trouble

# The first class that fits decides, so a leaf stands before its parent.
SORTED: tuple[tuple[type[intacct.IntacctError], Problem], ...] = (
    (intacct.SenderNotAuthorized, problems.SENDER_NOT_AUTHORIZED),
    (intacct.WebServicesNotSubscribed, problems.WEB_SERVICES_OFF),
    (intacct.CompanyUnknown, problems.COMPANY_UNKNOWN),
    (intacct.EntityRefused, problems.ENTITY_REFUSED),
    (intacct.SignInRefused, problems.SIGN_IN_REFUSED),
    (intacct.PermissionDenied, problems.PERMISSION_MISSING),
    (intacct.NotSubscribed, problems.PERMISSION_MISSING),
    (intacct.UnreadableFormatting, problems.DATE_FORMAT_UNREADABLE),
    (intacct.SenderRefused, problems.SENDER_REFUSED),
    (intacct.UnreadableReply, problems.UNREADABLE_ANSWER),
    (intacct.IncompleteRead, problems.BOOKS_MOVING),
    (intacct.RateLimited, problems.RATE_LIMITED),
)

# A hiccup is mended at once; a longer outage is waited out by the run, which shows when it tries again and
# keeps no worker and no borrower waiting meanwhile.
PATIENCE = intacct.Patience(tries=2, first_wait=1.0, after_rate_limit=0.0, budget=5.0)


@contextmanager
def open_ledger(sign_in: SignIn, gate: intacct.Gate) -> Iterator[Ledger]:
    """The borrower's ledger. Every fault of the gateway comes out as Trouble, sorted by who can mend it."""
    sender = intacct.Sender(id=settings.INTACCT_SENDER_ID, password=settings.INTACCT_SENDER_PASSWORD)
    login = intacct.Login(company_id=sign_in.company_id, user_id=sign_in.user_id, password=sign_in.password)
    try:
        with intacct.connect(
            sender,
            login,
            endpoint=settings.INTACCT_ENDPOINT,
            allow_sandbox=settings.INTACCT_SANDBOX,
            resume=_resumed(sign_in.session),
            patience=PATIENCE,
            gate=gate,
            sign_in_guard=partial(_counted, sign_in),
        ) as company:
            yield Ledger(company, sign_in.company_id)
    except intacct.IntacctError as error:
        raise trouble_of(error) from error


@contextmanager
def _counted(sign_in: SignIn) -> Iterator[None]:
    """Around each request with the password: the last look whether it may be sent, and what became of it."""
    was_connected = connection.connection is not None
    try:
        with _one_try(sign_in_tries.take(sign_in.company_id, sign_in.user_id)):
            yield
    finally:
        # The client reads the ledger in threads of its own; what one of them opened nobody else would close.
        if not was_connected:
            connection.close()


@contextmanager
def _one_try(taken: sign_in_tries.Try) -> Iterator[None]:
    try:
        yield
    except (intacct.SignInRefused, intacct.CompanyUnknown):
        taken.refused()
        raise
    except intacct.RateLimited:
        taken.passed()
        raise
    except (intacct.TransportError, intacct.UnreadableReply):
        taken.unanswered()
        raise
    except BaseException:
        taken.passed()
        raise
    taken.passed()


def _resumed(text: str) -> intacct.Session | None:
    if not text:
        return None
    kept = json.loads(text)
    return intacct.Session(
        id=kept["id"], endpoint=kept["endpoint"], expires_at=datetime.fromisoformat(kept["expires_at"])
    )


def trouble_of(error: intacct.IntacctError) -> Trouble:
    """A fault of the gateway in our words, with what it names and the masked exchange."""
    detail = " ".join(
        part for part in (type(error).__name__, error.errorno, error.function, error.support_id) if part
    )
    names = (error.permission,) if error.permission else ()
    exchange = (error.exchange.request, error.exchange.reply) if error.exchange else None
    retry_after = timedelta(seconds=error.retry_after or 0)
    return Trouble(_problem(error), detail, retry_after, names, exchange)


def _problem(error: intacct.IntacctError) -> Problem:
    for kind, problem in SORTED:
        if isinstance(error, kind):
            return problem
    if error.mender is intacct.Mender.LATER:
        return problems.GATEWAY_UNAVAILABLE
    return problems.OUR_FAULT
