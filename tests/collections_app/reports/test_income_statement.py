from dataclasses import replace
from datetime import date
from decimal import Decimal

from collections_app.reports.build import build
from collections_app.reports.figures import MonthlyTrialBalance
from collections_app.reports.statement import Statement
from tests.collections_app.reports.cast import CHART, JANUARY, RENT, SALES, row, small_books


def statement_with(category: str, debits: str = "0", credits: str = "0") -> Statement:
    account = replace(RENT, number="7000", category=category)
    rows = (row("1000", "0", credits, debits), row("7000", "0", debits, credits))
    books = replace(small_books(accounts=(*CHART, account)), months=(replace(JANUARY, rows=rows),))
    return build(books).income_statement


def test_every_line_that_is_promised_is_there_even_when_zero() -> None:
    lines = build(small_books()).income_statement.lines
    keys = [line.key for line in lines if line.style not in ("heading", "account")]
    assert keys == [
        "revenue",
        "cost_of_revenue",
        "gross_profit",
        "payroll_expenses",
        "other_operating_expenses",
        "depreciation_and_amortization",
        "total_operating_expenses",
        "operating_income",
        "other_income",
        "interest_expense",
        "other_expenses",
        "income_before_tax",
        "income_tax",
        "unassigned_income_statement",
        "net_income",
    ]


def test_revenue_and_costs_are_positive_and_profit_is_their_difference() -> None:
    statement = build(small_books()).income_statement
    assert statement.values("revenue") == (Decimal(100), Decimal(100))
    assert statement.values("other_operating_expenses") == (Decimal(40), Decimal(40))
    assert statement.values("net_income") == (Decimal(60), Decimal(60))


def test_a_refund_makes_revenue_negative() -> None:
    assert statement_with("Revenue - Sales", debits="5").values("revenue") == (Decimal(-5), Decimal(-5))


def test_a_loss_on_fixed_assets_is_negative_other_income() -> None:
    statement = statement_with("Gain/Loss on Sales of Fixed Assets", debits="9")
    assert statement.values("other_income")[-1] == Decimal(-9)
    assert statement.values("income_before_tax")[-1] == Decimal(-9)


def test_the_unassigned_line_prints_as_income() -> None:
    statement = statement_with("", debits="12.34")
    assert statement.values("unassigned_income_statement")[-1] == Decimal("-12.34")
    assert statement.values("income_before_tax")[-1] == 0
    assert statement.values("net_income")[-1] == Decimal("-12.34")


def test_tax_is_taken_off_last() -> None:
    statement = statement_with("Federal Tax", debits="3")
    assert statement.values("income_before_tax")[-1] == 0
    assert statement.values("net_income")[-1] == Decimal(-3)


def test_adjusting_entries_count_in_the_months_movement() -> None:
    adjusted = replace(row("4000"), adjusting_credits=Decimal(8), closing=Decimal(-8))
    rows = (row("1000", "0", "8"), adjusted)
    books = replace(small_books(), months=(replace(JANUARY, rows=rows),))
    assert build(books).income_statement.values("revenue")[-1] == Decimal(8)


def test_a_part_month_is_labelled_as_such_and_only_what_was_asked_for_is_shown() -> None:
    first = MonthlyTrialBalance(date(2024, 1, 1), date(2024, 1, 14), (row(SALES.number, "0", "0", "70"),))
    second = MonthlyTrialBalance(date(2024, 1, 15), date(2024, 1, 31), (row(SALES.number, "0", "0", "5"),))
    books = replace(small_books(date_from=date(2024, 1, 15)), months=(first, second))
    reports = build(books)
    assert [column.key for column in reports.income_statement.columns] == [
        "2024-01-15 to 2024-01-31",
        "total",
    ]
    assert reports.income_statement.columns[0].caption == "15–31 Jan 2024"
    assert reports.income_statement.values("revenue") == (Decimal(5), Decimal(5))
    assert reports.balance_sheet.values("current_year_net_income") == (Decimal(75),)
    assert [month.window.start for month in reports.trial_balance] == [date(2024, 1, 15)]
    assert reports.trial_balance[0].rows[2].opening == Decimal(-70)
