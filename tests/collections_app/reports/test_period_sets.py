from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.reports.build import Reports, build
from collections_app.reports.figures import MonthlyTrialBalance
from collections_app.reports.fiscal_ledger import PeriodNotCovered
from collections_app.reports.period_sets import (
    Calendar,
    Period,
    PeriodSet,
    against_last_year,
    fiscal_years,
    months,
    period_sets,
    quarters,
    trailing_months,
    year_to_date,
)
from collections_app.reports.periods import collection_windows, span_caption, year_before
from tests.collections_app.reports.cast import row, small_books

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def calendar(date_from: date, date_to: date, first_month: int = 1) -> Calendar:
    return Calendar(collection_windows(date_from, date_to, first_month), date_from, date_to, first_month)


def captions(period_set: PeriodSet) -> list[str]:
    return [period.caption for period in period_set.periods]


def test_quarters_are_those_of_the_fiscal_year() -> None:
    assert captions(quarters(calendar(date(2020, 3, 1), date(2021, 2, 28), 3))) == [
        "Q1, Mar–May 2020",
        "Q2, Jun–Aug 2020",
        "Q3, Sep–Nov 2020",
        "Q4, Dec 2020–Feb 2021",
    ]


def test_a_quarter_that_is_cut_short_is_labelled_with_its_days() -> None:
    cut = quarters(calendar(date(2024, 2, 5), date(2024, 5, 31)))
    assert captions(cut) == ["5 Feb–31 Mar 2024, part of Q1", "1 Apr–31 May 2024, part of Q2"]
    assert [column.is_complete for column in cut.span_columns] == [False, False, True]


def test_a_part_month_is_not_complete() -> None:
    cut = months(calendar(date(2024, 2, 5), date(2024, 3, 31)))
    assert [column.is_complete for column in cut.span_columns] == [False, True, True]


def test_the_fiscal_year_of_a_request_from_mid_year_begins_with_the_year() -> None:
    years = fiscal_years(calendar(date(2020, 1, 1), date(2020, 12, 31), 3))
    assert captions(years) == ["Year to 29 Feb 2020", "1 Mar–31 Dec 2020, part of the year to 28 Feb 2021"]
    assert years.periods[0].start == date(2019, 3, 1)
    assert [period.is_complete for period in years.periods] == [True, False]


def test_year_to_date_stands_beside_the_same_days_of_last_year() -> None:
    to_date = year_to_date(calendar(date(2020, 1, 1), date(2020, 12, 31), 3))
    assert captions(to_date) == ["Mar–Dec 2020, year to date", "Mar–Dec 2019, last year"]
    assert [column.key for column in to_date.point_columns] == ["2020-12-31", "2019-12-31"]


def test_history_that_was_not_collected_is_absent() -> None:
    assert captions(year_to_date(calendar(date(2020, 3, 1), date(2020, 12, 31), 3))) == [
        "Mar–Dec 2020, year to date"
    ]
    assert trailing_months(calendar(date(2020, 3, 1), date(2021, 1, 31), 3)).periods == ()
    sets = period_sets(calendar(date(2024, 1, 1), date(2024, 3, 31)))
    assert [each.key for each in sets] == ["quarters", "fiscal_years", "year_to_date"]


def test_twelve_months_reach_back_before_the_request_where_collected() -> None:
    trailing = trailing_months(calendar(date(2020, 1, 1), date(2020, 4, 15), 3))
    assert captions(trailing) == ["12 months to 29 Feb 2020", "12 months to 31 Mar 2020"]
    assert trailing.periods[0].start == date(2019, 3, 1)


def test_a_part_month_compares_with_last_year_only_where_the_same_days_were_collected() -> None:
    whole = calendar(date(2023, 1, 1), date(2024, 3, 10))
    assert captions(year_to_date(whole)) == ["1 Jan–10 Mar 2024, year to date"]


def test_any_set_can_be_put_against_last_year() -> None:
    two_years = calendar(date(2023, 1, 1), date(2024, 3, 31))
    compared = against_last_year(quarters(two_years), two_years)
    assert captions(compared)[-2:] == ["Q1, Jan–Mar 2024", "Jan–Mar 2023, last year"]
    assert "last year" not in captions(compared)[0]
    keys = [period.key for period in compared.periods]
    assert len(keys) == len(set(keys))


def test_the_last_day_of_february_compares_with_the_last_day_of_february() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2023, 2, 28)) == date(2022, 2, 28)
    assert year_before(date(2025, 2, 28)) == date(2024, 2, 29)
    assert year_before(date(2024, 2, 28)) == date(2023, 2, 28)


def test_spans_over_a_new_year_name_both_years() -> None:
    assert span_caption(date(2020, 11, 1), date(2021, 1, 31)) == "Nov 2020–Jan 2021"
    assert span_caption(date(2020, 11, 5), date(2021, 1, 31)) == "5 Nov 2020–31 Jan 2021"


@given(DAYS, st.integers(0, 1500), st.integers(1, 12))
def test_quarters_and_years_cover_their_days_once_and_begin_and_end_with_windows(
    day: date, length: int, first_month: int
) -> None:
    made = calendar(day, day + timedelta(days=length), first_month)
    for period_set, first in ((quarters(made), day), (fiscal_years(made), made.windows[0].start)):
        assert period_set.periods[0].start == first
        assert period_set.periods[-1].end == made.date_to
        for period, following in zip(period_set.periods, period_set.periods[1:], strict=False):
            assert following.start == period.end + timedelta(days=1)
    for period_set in period_sets(made):
        assert all(made.covers(period.start, period.end) for period in period_set.periods)


@pytest.fixture(scope="module")
def two_years() -> Reports:
    """Fiscal years from March: sales of 1 in the first month, 2 in the second and so on."""
    windows = collection_windows(date(2020, 1, 1), date(2021, 2, 28), 3)
    balances = {"1000": Decimal(0), "4000": Decimal(0), "3000": Decimal(0)}
    made = []
    for place, window in enumerate(windows, start=1):
        rows = (
            row("1000", str(balances["1000"]), str(place)),
            row("4000", str(balances["4000"]), "0", str(place)),
        )
        made.append(MonthlyTrialBalance(*window, rows))
        balances |= {each.account: each.closing for each in rows}
    books = small_books(date_from=date(2020, 1, 1), date_to=date(2021, 2, 28), first_fiscal_month=3)
    return build(replace(books, months=tuple(made)))


def test_each_statement_can_be_had_for_each_period_set(two_years: Reports) -> None:
    by_key = {statements.periods.key: statements for statements in two_years.by_period}
    assert list(by_key) == ["quarters", "fiscal_years", "year_to_date", "trailing_twelve_months"]
    years = by_key["fiscal_years"]
    assert years.income_statement.values("revenue") == (Decimal(78), Decimal(222))
    assert years.cash_flow.values("closing_cash") == (Decimal(78), Decimal(300))
    assert years.balance_sheet.values("retained_earnings") == (Decimal(0), Decimal(78))
    assert years.changes_in_equity.values("opening_equity") == (Decimal(0), Decimal(78))
    to_date = by_key["year_to_date"].income_statement
    assert to_date.values("revenue") == (Decimal(222), Decimal(78))
    trailing = by_key["trailing_twelve_months"].income_statement
    assert trailing.values("revenue")[:2] == (Decimal(78), Decimal(90))


def test_a_period_that_was_not_collected_is_refused_in_a_sentence(two_years: Reports) -> None:
    period = Period("x", "Jan 2019", date(2019, 1, 1), date(2019, 1, 31))
    with pytest.raises(PeriodNotCovered, match="do not cover 31 Jan 2019; choose a period"):
        two_years.for_periods(PeriodSet("x", "X", (period,)))
