"""How long a browser that opened a link is let in: while somebody is there, and for a working day at most.

Only times are kept in the session. What was answered is stored as it is sent, so that the end of a visit
loses nothing; the link begins another one.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

OPENED_AT, SEEN_AT = "opened_at", "seen_at"
# Long enough to come back from a telephone call.
WARNING = timedelta(minutes=5)
# The session is written at most this often, so that a page that asks every few seconds costs no writes.
WRITTEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class VisitEnd:
    """What a page tells of the end of the visit; `left` in seconds."""

    left: int
    idle_minutes: int
    warning_minutes: int


def begin(session: SessionBase) -> None:
    session[OPENED_AT] = session[SEEN_AT] = _now()


def keep_alive(session: SessionBase) -> None:
    """Somebody is there."""
    if _now() - session.get(SEEN_AT, 0) >= WRITTEN_EVERY.total_seconds():
        session[SEEN_AT] = _now()


def prolong(session: SessionBase) -> None:
    """Somebody says so: the whole idle time begins anew."""
    session[SEEN_AT] = _now()


def seconds_left(session: SessionBase) -> int:
    """Until the visit ends if nobody does anything; 0 when it is over."""
    idle_end: int = session.get(SEEN_AT, 0) + settings.BORROWER_IDLE_MINUTES * 60
    last_end: int = session.get(OPENED_AT, 0) + settings.BORROWER_HOURS * 3600
    return max(0, min(idle_end, last_end) - _now())


def announce(request: HttpRequest) -> None:
    """Lets the page say when the visit ends, and warn of it."""
    request.visit_end = VisitEnd(  # type: ignore[attr-defined]
        left=seconds_left(request.session),
        idle_minutes=settings.BORROWER_IDLE_MINUTES,
        warning_minutes=WARNING.seconds // 60,
    )


def is_over(session: SessionBase) -> bool:
    return not seconds_left(session)


def end(session: SessionBase) -> None:
    for name in (OPENED_AT, SEEN_AT):
        session.pop(name, None)


def _now() -> int:
    return int(timezone.now().timestamp())
