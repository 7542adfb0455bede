"""The border to Sage Intacct, and the only module that imports `intacct`.

Our words go in; our records and our troubles come out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

import intacct
from collections_app import problems
from collections_app.models import Collection
from collections_app.problems import Problem, Trouble
from collections_app.reports.figures import TrialBalanceRow

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
)

# A hiccup is mended at once; a longer outage is waited out by the run, which shows when it tries again and
# keeps no worker and no borrower waiting meanwhile.
PATIENCE = intacct.Patience(tries=2, first_wait=1.0, after_rate_limit=0.0, budget=5.0)


@dataclass(frozen=True)
class SignIn:
    """How to get into the borrower's company. `session` continues an earlier one; repr shows no secret."""

    company_id: str
    user_id: str
    password: str
    session: str

    def __repr__(self) -> str:
        return f"SignIn(company_id={self.company_id!r}, user_id={self.user_id!r})"


@dataclass(frozen=True)
class ScopeFact:
    """Something a report can be about: the company, an entity, a consolidation book.

    `basis` is accrual or cash where the thing itself decides it, as a consolidation book does; otherwise
    empty.
    """

    kind: str
    id: str
    name: str
    currency: str
    first_fiscal_month: int
    basis: str = ""


@dataclass(frozen=True)
class CompanyFacts:
    """What the company says about itself, and the scopes this sign-in can read."""

    id: str
    name: str
    base_currency: str
    default_book: str
    first_fiscal_month: int
    gateway_host: str
    scopes: tuple[ScopeFact, ...]


@dataclass(frozen=True)
class AccountFact:
    """A general-ledger account of the chart."""

    number: str
    title: str
    account_type: str
    normal_balance: str
    closing_type: str
    closes_to: str
    active: bool
    category: str


@dataclass(frozen=True)
class Selection:
    """Which part of the ledger a trial balance covers.

    `scope_kind` and `scope_id` as in ScopeFact; `book` is ACCRUAL, CASH or empty for the company's own
    default; a consolidation book takes its place.
    """

    scope_kind: str
    scope_id: str
    book: str
    adjustment_books: tuple[str, ...]


class Ledger:
    """An open company, in our words. Made by `open_ledger`."""

    def __init__(self, company: intacct.Company, company_id: str) -> None:
        self._company = company
        self._company_id = company_id

    @property
    def session(self) -> str:
        """The session to continue next time, as text for the vault."""
        session = self._company.session
        return json.dumps(
            {"id": session.id, "endpoint": session.endpoint, "expires_at": session.expires_at.isoformat()}
        )

    def facts(self) -> CompanyFacts:
        """Raises Trouble when this sign-in cannot read anything that a report could be about."""
        setup = self._company.financial_setup()
        name = self._company.company_information().name
        scopes = tuple(self._scopes(setup, name))
        if not scopes:
            raise Trouble(
                problems.PERMISSION_MISSING, "no entity, no book and no company-wide ledger can be read"
            )
        return CompanyFacts(
            id=self._company_id,
            name=name,
            base_currency=setup.base_currency,
            default_book=setup.default_book,
            first_fiscal_month=setup.first_fiscal_month,
            gateway_host=urlsplit(self._company.session.endpoint).hostname or "",
            scopes=scopes,
        )

    def _scopes(self, setup: intacct.FinancialSetup, name: str) -> Iterator[ScopeFact]:
        # In a company with several base currencies the gateway adds nothing up over entities.
        if not setup.multi_base_currency:
            yield ScopeFact("company", "", name, setup.base_currency, setup.first_fiscal_month)
        if not setup.multi_entity:
            return
        for entity in self._company.entities():
            month = entity.first_fiscal_month or setup.first_fiscal_month
            yield ScopeFact("entity", entity.id, entity.name, entity.currency or setup.base_currency, month)
        for book in self._books():
            yield ScopeFact(
                kind="book",
                id=book.id,
                name=book.name or book.id,
                currency=book.currency,
                first_fiscal_month=setup.first_fiscal_month,
                basis=book.source_book.lower(),
            )

    def _books(self) -> tuple[intacct.ConsolidationBook, ...]:
        try:
            return self._company.consolidation_books()
        except (intacct.PermissionDenied, intacct.NotSubscribed, intacct.ObjectUnknown):
            # A company without the consolidation module has no books to offer; that is no fault of anybody's.
            return ()

    def chart(self) -> Iterator[AccountFact]:
        for account in self._company.accounts():
            yield AccountFact(
                number=account.number,
                title=account.title,
                account_type=account.account_type,
                normal_balance=account.normal_balance,
                closing_type=account.closing_type,
                closes_to=account.closes_to,
                active=account.status == "active",
                category=account.category.strip(),
            )

    def trial_balance(self, start: date, end: date, selection: Selection) -> Iterator[TrialBalanceRow]:
        """The rows of one window, debit positive, accounts without balance or activity included."""
        rows = self._company.trial_balance(
            start,
            end,
            book=selection.scope_id if selection.scope_kind == Collection.ScopeKind.BOOK else selection.book,
            adjustment_books=selection.adjustment_books,
            location=selection.scope_id if selection.scope_kind == Collection.ScopeKind.ENTITY else "",
        )
        for row in rows:
            yield TrialBalanceRow(
                account=row.account_number,
                opening=row.opening,
                debits=row.debits,
                credits=row.credits,
                adjusting_debits=row.adjusting_debits,
                adjusting_credits=row.adjusting_credits,
                closing=row.closing,
            )


@contextmanager
def open_ledger(sign_in: SignIn) -> Iterator[Ledger]:
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
        ) as company:
            yield Ledger(company, sign_in.company_id)
    except intacct.IntacctError as error:
        raise _trouble(error) from error


def _resumed(text: str) -> intacct.Session | None:
    if not text:
        return None
    kept = json.loads(text)
    return intacct.Session(
        id=kept["id"], endpoint=kept["endpoint"], expires_at=datetime.fromisoformat(kept["expires_at"])
    )


def _trouble(error: intacct.IntacctError) -> Trouble:
    detail = " ".join(
        part for part in (type(error).__name__, error.errorno, error.function, error.support_id) if part
    )
    for kind, problem in SORTED:
        if isinstance(error, kind):
            return Trouble(problem, detail)
    if error.mender is intacct.Mender.LATER:
        return Trouble(
            problems.GATEWAY_UNAVAILABLE, detail, retry_after=timedelta(seconds=error.retry_after or 0)
        )
    return Trouble(problems.OUR_FAULT, detail)
