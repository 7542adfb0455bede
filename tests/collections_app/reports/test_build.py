from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from collections_app.reports.books import Books
from collections_app.reports.build import build
from collections_app.reports.consistency import (
    AccountRepeated,
    AccountUnclear,
    AmountUnreadable,
    BooksRefused,
    MonthMissing,
    TimeWithoutZone,
)
from collections_app.reports.figures import TrialBalanceRow
from collections_app.reports.placement import Reason
from tests.collections_app.reports.cast import CASH, CHART, JANUARY, RENT, row, small_books


def with_row(extra: TrialBalanceRow) -> Books:
    return replace(small_books(), months=(replace(JANUARY, rows=(*JANUARY.rows, extra)),))


def test_a_missing_month_is_refused_by_name() -> None:
    with pytest.raises(MonthMissing, match="trial balance for 2024-02 is missing"):
        build(small_books(date_to=date(2024, 2, 29)))


def test_the_months_of_the_fiscal_year_before_the_request_are_needed_too() -> None:
    with pytest.raises(MonthMissing, match="trial balance for 2023-11 is missing"):
        build(small_books(first_fiscal_month=11))


def test_a_month_that_is_there_twice_is_refused() -> None:
    with pytest.raises(MonthMissing, match="each once and in order"):
        build(replace(small_books(), months=(JANUARY, JANUARY)))


def test_an_account_that_is_twice_in_the_chart_is_refused() -> None:
    with pytest.raises(AccountRepeated, match="Account 1000 is 2 times in the chart of accounts"):
        build(small_books(accounts=(*CHART, CASH)))


def test_an_account_that_is_twice_in_a_month_is_refused() -> None:
    with pytest.raises(AccountRepeated, match="in the trial balance for 2024-01"):
        build(with_row(row("1000", "5")))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_that_is_not_a_number_is_refused(amount: str) -> None:
    with pytest.raises(AmountUnreadable, match="account 9 in the trial balance for 2024-01"):
        build(with_row(TrialBalanceRow("9", debits=Decimal(amount))))


@pytest.mark.parametrize("change", [{"account_type": ""}, {"normal_balance": "left"}])
def test_an_account_whose_statement_or_side_is_unclear_is_refused(change: dict[str, str]) -> None:
    unclear = replace(RENT, **change)  # type: ignore[arg-type]
    with pytest.raises(AccountUnclear, match="Account 6000 has the"):
        build(small_books(accounts=(*CHART[:-1], unclear)))


def test_a_collection_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TimeWithoutZone, match="names no zone"):
        build(small_books(collected_at=datetime(2024, 2, 1, 9, 0)))


def test_every_refusal_is_of_one_family() -> None:
    assert issubclass(MonthMissing, BooksRefused)
    assert issubclass(BooksRefused, ValueError)


def test_an_account_outside_the_chart_is_shown_as_unassigned() -> None:
    reports = build(with_row(row("1999", "12.50")))
    line = next(line for line in reports.balance_sheet.lines if line.key == "account:1999")
    assert line.label == "1999 Not in the chart of accounts"
    assert reports.balance_sheet.values("unassigned_assets") == (Decimal("12.50"),)
    assert [(each.account.number, each.reason) for each in reports.unassigned] == [
        ("1999", Reason.NOT_IN_CHART)
    ]


def test_an_account_that_a_month_leaves_out_has_a_row_of_zeros() -> None:
    books = replace(small_books(), months=(replace(JANUARY, rows=JANUARY.rows[:-1]),))
    rows = {each.account: each for each in build(books).trial_balance[0].rows}
    assert rows["6000"].is_zero


def test_figures_that_do_not_tie_are_reported_not_refused() -> None:
    reports = build(with_row(replace(row("1000-1", "7"), closing=Decimal("8"))))
    assert reports.trial_balance[0].total.opening == 7
    assert reports.trial_balance[0].total.closing == 8
    sheet = reports.balance_sheet
    assert sheet.values("total_assets") != sheet.values("total_liabilities_and_equity")


def test_an_empty_company_has_statements_of_zeros() -> None:
    reports = build(Books(small_books().heading, (), (replace(JANUARY, rows=()),)))
    assert reports.income_statement.values("net_income") == (Decimal(0), Decimal(0))
    assert reports.trial_balance[0].total.is_zero
    assert reports.unassigned == ()


def test_amounts_are_never_rounded_however_long() -> None:
    long, short = Decimal("12345678901234567890123456789.01"), Decimal("0.001")
    rows = (
        TrialBalanceRow("1000", closing=long),
        TrialBalanceRow("1001", closing=short),
    )
    chart = (*CHART, replace(CASH, number="1001"))
    reports = build(replace(small_books(accounts=chart), months=(replace(JANUARY, rows=rows),)))
    (cash,) = reports.balance_sheet.values("cash_and_equivalents")
    assert str(cash) == "12345678901234567890123456789.011"
