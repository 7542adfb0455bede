"""How often a user may be tried at the gateway: two refusals, then a pause, so that Sage locks nobody out.

Counted in the database for each company ID and user ID, over all collections, pages and workers. A try takes
one of two places before it is sent; what is accepted gives its place back, what is refused keeps it for the
length of the pause. So within that time no third try can be sent, however many ask at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from collections_app import problems, vault
from collections_app.models import SignInTry
from collections_app.problems import Trouble

PAUSE = timedelta(minutes=30)
PLACES = (1, 2)
# Until a try that is under way has its answer.
MOMENT = timedelta(seconds=5)


@dataclass(frozen=True)
class Try:
    """A place that was taken, for one request that carries the password."""

    key: str
    row_id: int

    def refused(self) -> None:
        """The company or the password was refused: the place is kept for the length of the pause."""
        SignInTry.objects.filter(pk=self.row_id).update(refused=True, at=timezone.now())

    def unanswered(self) -> None:
        """Nobody knows what became of it. Beside a refusal it counts as one, alone as none."""
        if _refusals(self.key).exclude(pk=self.row_id).exists():
            self.refused()
        else:
            self.passed()

    def passed(self) -> None:
        """It was no refusal of the password: the place is free again."""
        SignInTry.objects.filter(pk=self.row_id, refused=False).delete()


def take(company_id: str, user_id: str) -> Try:
    """A place for one try, taken before it is sent.

    Raises Trouble when there is none: then nothing may be sent before the time that it names.
    """
    key, now = key_of(company_id, user_id), timezone.now()
    # What was refused long ago, and what a worker died over.
    SignInTry.objects.filter(key=key, at__lte=now - PAUSE).delete()
    for place in PLACES:
        try:
            with transaction.atomic():
                return Try(key, SignInTry.objects.create(key=key, place=place, at=now).pk)
        except IntegrityError:
            continue
    until = _paused_until(key)
    raise Trouble(problems.SIGN_IN_PAUSED, retry_after=until - now if until else MOMENT)


def paused_until(company_id: str, user_id: str) -> datetime | None:
    """When the next try may be sent, if this user was refused twice; None when one may be sent now."""
    return _paused_until(key_of(company_id, user_id))


def forget_old_tries() -> None:
    """Deletes what no longer counts."""
    SignInTry.objects.filter(at__lte=timezone.now() - PAUSE).delete()


def key_of(company_id: str, user_id: str) -> str:
    """The same for every spelling of one user's IDs, and not to be read back."""
    named = "\0".join(part.strip().casefold() for part in (company_id, user_id))
    return vault.fingerprint(settings.SECRET_KEY.encode(), named, purpose="sign-in")


def _paused_until(key: str) -> datetime | None:
    refused_at = sorted(_refusals(key).values_list("at", flat=True))
    return refused_at[0] + PAUSE if len(refused_at) == len(PLACES) else None


def _refusals(key: str) -> QuerySet[SignInTry]:
    return SignInTry.objects.filter(key=key, refused=True, at__gt=timezone.now() - PAUSE)
