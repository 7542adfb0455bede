"""A limit on failures per caller, counted in the database so that it holds over all processes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from collections_app.models import FailureCount


@dataclass(frozen=True)
class Limit:
    """At most `failures` failures of one caller within `window`."""

    name: str
    failures: int
    window: timedelta

    def reached(self, caller: str = "") -> bool:
        counted = FailureCount.objects.filter(key=self._key(caller), window=self._window()).first()
        return counted is not None and counted.count >= self.failures

    def count_failure(self, caller: str = "") -> None:
        row = FailureCount.objects.filter(key=self._key(caller), window=self._window())
        if row.update(count=F("count") + 1):
            return
        try:
            with transaction.atomic():
                FailureCount.objects.create(key=self._key(caller), window=self._window(), count=1)
        except IntegrityError:
            row.update(count=F("count") + 1)

    def _key(self, caller: str) -> str:
        return f"{self.name}:{hashlib.sha256(caller.encode()).hexdigest()[:32]}"

    def _window(self) -> datetime:
        now = timezone.now()
        return now - timedelta(seconds=now.timestamp() % self.window.total_seconds())


LINK_GUESSES = Limit("link", failures=30, window=timedelta(minutes=10))
# All callers together: somebody guesses from many addresses. It stops nobody, it tells the operator.
LINK_ALARM = Limit("link-alarm", failures=300, window=timedelta(minutes=10))
CODE_GUESSES = Limit("code", failures=30, window=timedelta(minutes=10))
API_GUESSES = Limit("api", failures=30, window=timedelta(minutes=10))
# For whatever names: each guess costs a slow hash and an event that is kept for ever.
SIGN_IN_GUESSES = Limit("sign-in", failures=30, window=timedelta(minutes=10))
# Tries at a name while no password is looked at for it from there: the record tells of one.
LOCKED_OUT_TRIES = Limit("locked-out", failures=1, window=timedelta(minutes=30))
# Asking the lender again and again, although it was asked.
LINK_ASKS = Limit("ask", failures=10, window=timedelta(hours=1))
# Each reads a file of some size, whoever asks.
VERIFICATIONS = Limit("verify", failures=60, window=timedelta(minutes=10))
# Mails of one request with a set-up link, whether or not a mail server took them.
SET_UP_MAILS = Limit("set-up-mail", failures=5, window=timedelta(days=1))
# Mails with a link for a new password.
PASSWORD_ASKS = Limit("password", failures=10, window=timedelta(hours=1))


def forget_old_counts() -> None:
    """Deletes counts of windows that are over."""
    FailureCount.objects.filter(window__lt=timezone.now() - timedelta(days=1)).delete()
