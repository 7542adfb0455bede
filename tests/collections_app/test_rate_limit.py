"""Guessing is counted per caller and window, in the database, for all processes alike."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from collections_app import rate_limit
from collections_app.models import FailureCount
from collections_app.rate_limit import LINK_GUESSES, Limit
from tests.parallel import at_once

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LIMIT = Limit("test", failures=3, window=timedelta(minutes=10))


def fail(times: int, caller: str = "192.0.2.1", limit: Limit = LIMIT) -> None:
    for _ in range(times):
        limit.count_failure(caller)


def test_thirty_wrong_links_in_ten_minutes_are_the_limit() -> None:
    assert (LINK_GUESSES.failures, LINK_GUESSES.window) == (30, timedelta(minutes=10))


def test_the_limit_is_reached_with_the_last_failure_allowed(db: None) -> None:
    fail(2)
    assert not LIMIT.reached("192.0.2.1")
    fail(1)
    assert LIMIT.reached("192.0.2.1")


def test_another_caller_and_another_limit_are_counted_apart(db: None) -> None:
    fail(3)
    assert not LIMIT.reached("192.0.2.2")
    assert not Limit("other", failures=3, window=timedelta(minutes=10)).reached("192.0.2.1")


def test_the_next_window_begins_with_nothing(db: None) -> None:
    with time_machine.travel(NOON) as clock:
        fail(3)
        clock.shift(timedelta(minutes=9))
        assert LIMIT.reached("192.0.2.1")
        clock.shift(timedelta(minutes=2))
        assert not LIMIT.reached("192.0.2.1")


def test_the_caller_is_kept_as_a_hash(db: None) -> None:
    fail(1)
    assert "192.0.2.1" not in FailureCount.objects.get().key


def test_counts_of_past_windows_are_forgotten_and_the_present_one_kept(db: None) -> None:
    with time_machine.travel(NOON) as clock:
        fail(1)
        clock.shift(timedelta(days=1, minutes=20))
        fail(1)
        rate_limit.forget_old_counts()
        assert FailureCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_failure_is_lost_among_many_at_once() -> None:
    with time_machine.travel(NOON, tick=False):
        results = at_once(10, lambda: fail(3))
        assert results == [None] * 10
        assert FailureCount.objects.get().count == 30
