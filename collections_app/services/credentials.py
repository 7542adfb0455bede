"""The borrower's password: sealed on arrival, opened inside a unit of work, destroyed at the end."""

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from collections_app import events, problems, states, vault
from collections_app.events import Who
from collections_app.ledger import SignIn
from collections_app.models import Collection, Connection
from collections_app.problems import Trouble


def place(connection: Connection, field: str) -> str:
    """Where a ciphertext belongs, so that it opens nowhere else."""
    return f"connection:{connection.pk}:{field}"


def credentials_seal(*, connection: Connection, password: str) -> None:
    """Stores the password of a saved connection as a ciphertext and forgets any earlier session."""
    connection.secret = vault.seal(password, place=place(connection, "secret"))
    connection.session = None
    connection.saved_at = timezone.now()
    connection.destroyed_at = None
    connection.verified_at = None
    connection.save(update_fields=["secret", "session", "saved_at", "destroyed_at", "verified_at"])


def credentials_open(*, connection: Connection) -> SignIn:
    """The sign-in, decrypted; keep it for one unit of work at most. Raises Trouble when it was destroyed."""
    if connection.secret is None:
        raise Trouble(problems.PASSWORD_GONE)
    return SignIn(
        company_id=connection.company_id,
        user_id=connection.user_id,
        password=vault.unseal(connection.secret, place=place(connection, "secret")),
        session=_session(connection),
    )


def _session(connection: Connection) -> str:
    """The gateway's session, or "" where none can be used: the sign-in then opens another.

    While a new vault key is brought in, another worker may have kept it under a key that this one was not
    given yet.
    """
    if not connection.session:
        return ""
    try:
        return vault.unseal(connection.session, place=place(connection, "session"))
    except vault.UnknownKeyError:
        return ""


def credentials_match(*, connection: Connection, company_id: str, user_id: str, password: str) -> bool:
    """Whether exactly this sign-in is kept already."""
    if connection.secret is None or (connection.company_id, connection.user_id) != (company_id, user_id):
        return False
    kept = vault.unseal(connection.secret, place=place(connection, "secret"))
    return hmac.compare_digest(kept.encode(), password.encode())


def session_keep(*, connection: Connection, session: str) -> None:
    """Keeps the gateway's session for the next unit of work, if the secret that opened it is still held.

    A session outlives its sign-in: kept beside a newer one, it would answer for a company or a user that was
    replaced meanwhile, whatever the new password.
    """
    sealed = vault.seal(session, place=place(connection, "session"))
    Connection.objects.filter(pk=connection.pk, secret=connection.secret).update(session=sealed)


@transaction.atomic
def credentials_destroy(
    *, collection: Collection, by: Who, why: str, saved_at: datetime | None = None
) -> bool:
    """Destroys password and session, and records when. False when there was nothing left to destroy.

    With `saved_at` only what was saved then: whoever works through a list does not mean what was typed since.
    """
    states.hold(collection.pk)
    held = Connection.objects.filter(collection=collection).exclude(secret=None)
    if saved_at:
        held = held.filter(saved_at=saved_at)
    if not held.update(secret=None, session=None, destroyed_at=timezone.now()):
        return False
    events.record(collection, "credentials.destroyed", by=by, why=why)
    return True


def credentials_kept(hours: int) -> QuerySet[Connection]:
    """Passwords that are kept for longer than so many hours."""
    kept = Connection.objects.exclude(secret=None).select_related("collection").defer("sealed")
    return kept.filter(saved_at__lte=timezone.now() - timedelta(hours=hours)).order_by("saved_at")


def kept_destroy(*, connection: Connection, by: Who, why: str) -> bool:
    """Destroys what `credentials_kept` found. False when it is gone, or another was saved since."""
    return credentials_destroy(collection=connection.collection, by=by, why=why, saved_at=connection.saved_at)


def credentials_purge() -> int:
    """Destroys what was kept longer than CREDENTIAL_HOURS; returns how many. Finished units of a run stay."""
    return sum(
        kept_destroy(connection=connection, by=Who.worker(), why="kept too long")
        for connection in credentials_kept(settings.CREDENTIAL_HOURS)
    )
