from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.date_rules import DateRule, moved_on, period_of


@pytest.mark.parametrize(
    ("rule", "count", "first_month", "today", "first", "last"),
    [
        ("years_to_date", 3, 1, "2026-11-26", "2023-01-01", "2026-10-31"),
        ("years_to_date", 3, 7, "2026-11-26", "2023-07-01", "2026-10-31"),
        ("years_to_date", 3, 12, "2026-11-26", "2022-12-01", "2026-10-31"),
        # In its first month a fiscal year has no month that is over.
        ("years_to_date", 2, 11, "2026-11-26", "2024-11-01", "2026-10-31"),
        ("years", 3, 1, "2026-11-26", "2023-01-01", "2025-12-31"),
        ("years", 1, 2, "2024-02-29", "2023-02-01", "2024-01-31"),
        ("months", 12, 1, "2026-03-01", "2025-03-01", "2026-02-28"),
        ("months", 1, 1, "2026-01-31", "2025-12-01", "2025-12-31"),
    ],
)
def test_a_rule_gives_whole_months(
    rule: str, count: int, first_month: int, today: str, first: str, last: str
) -> None:
    found = period_of(rule, count=count, first_month=first_month, today=date.fromisoformat(today))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@given(
    st.sampled_from([rule for rule in DateRule if rule]),
    st.integers(1, 9),
    st.integers(1, 12),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_a_period_begins_and_ends_with_a_month_and_is_over(
    rule: str, count: int, first_month: int, today: date
) -> None:
    found = period_of(rule, count=count, first_month=first_month, today=today)
    assert found
    first, last = found
    assert first.day == (last + timedelta(days=1)).day == 1
    assert first < last < today


def test_without_a_rule_the_dates_are_typed() -> None:
    assert period_of("", count=3, first_month=1, today=date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("first", "last", "today", "moved"),
    [
        ("2026-01-01", "2026-03-31", "2026-11-26", ("2026-04-01", "2026-06-30")),
        ("2023-02-01", "2024-01-31", "2026-11-26", ("2024-02-01", "2025-01-31")),
        # The span would reach beyond what is over: it ends with the last month that is.
        ("2025-01-01", "2025-12-31", "2026-11-26", ("2025-11-01", "2026-10-31")),
        ("2026-01-01", "2026-09-30", "2026-11-01", ("2026-02-01", "2026-10-31")),
        ("2026-02-10", "2026-03-11", "2026-11-26", ("2026-03-12", "2026-04-10")),
        ("2026-08-10", "2026-10-10", "2026-11-26", ("2026-08-31", "2026-10-31")),
        ("2026-01-01", "2026-10-31", "2026-11-26", None),
        ("2026-01-15", "2026-11-14", "2026-11-26", None),
    ],
)
def test_a_span_is_moved_on_by_its_own_length(
    first: str, last: str, today: str, moved: tuple[str, str] | None
) -> None:
    found = moved_on(*map(date.fromisoformat, (first, last)), today=date.fromisoformat(today))
    assert found == (moved and tuple(map(date.fromisoformat, moved)))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 1500), st.integers(0, 1500))
def test_what_is_moved_on_is_new_is_over_and_as_long(first: date, days: int, since: int) -> None:
    last = first + timedelta(days=days)
    today = last + timedelta(days=since)
    found = moved_on(first, last, today=today)
    if found is None:
        assert today.replace(day=1) <= last + timedelta(days=1)
        return
    begins, ends = found
    assert last < ends < today.replace(day=1)
    whole_months = first.day == (last + timedelta(days=1)).day == 1
    assert whole_months or ends - begins == last - first
    assert not whole_months or begins.day == (ends + timedelta(days=1)).day == 1
