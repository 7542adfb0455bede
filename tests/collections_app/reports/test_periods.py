from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.reports.periods import Window, collection_windows, fiscal_year_start, month_end

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
MONTHS = st.integers(1, 12)


def labels(date_from: date, date_to: date, first_month: int) -> list[str]:
    return [window.label for window in collection_windows(date_from, date_to, first_month)]


@pytest.mark.parametrize("first_month", range(1, 13))
def test_a_fiscal_year_begins_on_the_first_day_of_its_first_month(first_month: int) -> None:
    begin = date(2023, first_month, 1)
    last = date(2024, first_month, 1) - timedelta(days=1)
    assert fiscal_year_start(begin, first_month) == begin
    assert fiscal_year_start(last, first_month) == begin
    assert fiscal_year_start(last + timedelta(days=1), first_month) == date(2024, first_month, 1)


@pytest.mark.parametrize("first_month", [0, 13, -1])
def test_a_first_month_that_is_no_month_is_refused(first_month: int) -> None:
    with pytest.raises(ValueError, match="a month from 1 to 12"):
        fiscal_year_start(date(2024, 1, 1), first_month)


def test_february_ends_on_the_29th_in_a_leap_year_only() -> None:
    assert month_end(date(2024, 2, 10)) == date(2024, 2, 29)
    assert month_end(date(2023, 2, 10)) == date(2023, 2, 28)
    assert month_end(date(2100, 2, 1)) == date(2100, 2, 28)
    assert month_end(date(2000, 2, 1)) == date(2000, 2, 29)


def test_a_request_for_a_fiscal_year_is_its_twelve_months() -> None:
    assert labels(date(2024, 1, 1), date(2024, 3, 31), 1) == ["2024-01", "2024-02", "2024-03"]


def test_collection_begins_with_the_fiscal_year_not_with_the_request() -> None:
    assert labels(date(2020, 1, 1), date(2020, 2, 29), 11) == ["2019-11", "2019-12", "2020-01", "2020-02"]


def test_a_request_from_the_middle_of_a_month_cuts_that_month_in_two() -> None:
    assert labels(date(2020, 1, 15), date(2020, 2, 29), 1) == [
        "2020-01-01 to 2020-01-14",
        "2020-01-15 to 2020-01-31",
        "2020-02",
    ]


def test_a_request_to_the_middle_of_a_month_ends_there() -> None:
    assert labels(date(2024, 2, 1), date(2024, 3, 10), 2) == ["2024-02", "2024-03-01 to 2024-03-10"]


def test_a_request_inside_one_month_keeps_both_ends() -> None:
    assert labels(date(2024, 2, 5), date(2024, 2, 29), 2) == [
        "2024-02-01 to 2024-02-04",
        "2024-02-05 to 2024-02-29",
    ]


def test_a_single_day_is_a_request() -> None:
    assert labels(date(2024, 2, 29), date(2024, 2, 29), 2)[-1] == "2024-02-29 to 2024-02-29"


def test_captions_name_part_months_as_such() -> None:
    assert Window(date(2024, 2, 1), date(2024, 2, 29)).caption == "Feb 2024"
    assert Window(date(2024, 2, 5), date(2024, 2, 28)).caption == "5–28 Feb 2024"
    assert Window(date(2024, 2, 29), date(2024, 2, 29)).caption == "29 Feb 2024"


def test_dates_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="exchange the two dates"):
        collection_windows(date(2024, 2, 2), date(2024, 2, 1), 1)


@given(DAYS, st.integers(0, 1500), MONTHS)
def test_windows_cover_every_day_once_and_never_cross_a_month(day: date, length: int, first: int) -> None:
    windows = collection_windows(day, day + timedelta(days=length), first)
    assert windows[0].start == fiscal_year_start(day, first)
    assert windows[-1].end == day + timedelta(days=length)
    assert day in {window.start for window in windows}
    for window, following in zip(windows, windows[1:], strict=False):
        assert following.start == window.end + timedelta(days=1)
    for window in windows:
        assert window.start <= window.end
        assert (window.start.year, window.start.month) == (window.end.year, window.end.month)
