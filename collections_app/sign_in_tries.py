"""How often a user may be tried at the gateway: two refusals, then a pause, so that Sage locks nobody out.

Counted in the database for each company ID and user ID, over all collections, pages and workers. A try takes
one of two places before it is sent; what is accepted gives its place back, what is refused keeps it for the
length of the pause. So within that time no third try can be sent, however many ask at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from collections_app import problems, secret_keys, vault
from collections_app.models import SignInTry
from collections_app.problems import Trouble

PAUSE = timedelta(minutes=30)
PLACES = (1, 2)
# Until a try that is under way has its answer.
MOMENT = timedelta(seconds=5)


@dataclass(frozen=True)
class Try:
    """A place that was taken, for one request that carries the password."""

    keys: list[str]
    row_id: int

    def refused(self) -> None:
        """The company or the password was refused: the place is kept for the length of the pause."""
        SignInTry.objects.filter(pk=self.row_id).update(refused=True, at=timezone.now())

    def unanswered(self) -> None:
        """Nobody knows what became of it. Beside a refusal it counts as one, alone as none."""
        if _refusals(self.keys).exclude(pk=self.row_id).exists():
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
    keys, now = keys_of(company_id, user_id), timezone.now()
    # What was refused long ago, and what a worker died over.
    SignInTry.objects.filter(key__in=keys, at__lte=now - PAUSE).delete()
    for place in PLACES:
        try:
            with transaction.atomic():
                taken = SignInTry.objects.create(key=keys[0], place=place, at=now)
        except IntegrityError:
            continue
        # The database keeps a third under one key; those of the other keys are counted once this one is seen.
        if SignInTry.objects.filter(key__in=keys).count() <= len(PLACES):
            return Try(keys, taken.pk)
        taken.delete()
        break
    until = _paused_until(keys)
    raise Trouble(problems.SIGN_IN_PAUSED, retry_after=until - now if until else MOMENT)


def paused_until(company_id: str, user_id: str) -> datetime | None:
    """When the next try may be sent, if this user was refused twice; None when one may be sent now."""
    return _paused_until(keys_of(company_id, user_id))


def forget_old_tries() -> None:
    """Deletes what no longer counts."""
    SignInTry.objects.filter(at__lte=timezone.now() - PAUSE).delete()


def keys_of(company_id: str, user_id: str) -> list[str]:
    """The same for every spelling of one user's IDs, and not to be read back: the one that a try is kept
    under, then those that others may have kept theirs under, while SECRET_KEY is being changed.
    """
    named = "\0".join(part.strip().casefold() for part in (company_id, user_id))
    return [vault.fingerprint(key, named, purpose="sign-in") for key in secret_keys.known()]


def _paused_until(keys: list[str]) -> datetime | None:
    newest = _refusals(keys).order_by("-at").values_list("at", flat=True)[: len(PLACES)]
    refused_at = list(newest)
    return refused_at[-1] + PAUSE if len(refused_at) == len(PLACES) else None


def _refusals(keys: list[str]) -> QuerySet[SignInTry]:
    return SignInTry.objects.filter(key__in=keys, refused=True, at__gt=timezone.now() - PAUSE)
