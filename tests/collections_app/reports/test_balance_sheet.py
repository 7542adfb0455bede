from dataclasses import replace
from datetime import date
from decimal import Decimal

from collections_app.reports.books import Books
from collections_app.reports.build import build
from collections_app.reports.figures import Account, MonthlyTrialBalance
from collections_app.reports.statement import Statement
from tests.collections_app.reports.cast import CASH, CHART, EARNINGS, JANUARY, row, small_books

FEBRUARY = MonthlyTrialBalance(
    date(2024, 2, 1),
    date(2024, 2, 29),
    (row("1000", "560", "0", "25"), row("3000", "-500", "25"), row("4000", "-100"), row("6000", "40")),
)
TWO_MONTHS = replace(small_books(date_to=date(2024, 2, 29)), months=(JANUARY, FEBRUARY))


def sheet_of(books: Books) -> Statement:
    return build(books).balance_sheet


def with_balance(account: Account, opening: str) -> Books:
    """The small company with one more account, against cash."""
    rows = (row("1000", str(500 - Decimal(opening)), "100", "40"), *JANUARY.rows[1:])
    rows += (row(account.number, opening),)
    return replace(small_books(accounts=(*CHART, account)), months=(replace(JANUARY, rows=rows),))


def test_every_line_that_is_promised_is_there_even_when_zero() -> None:
    keys = [line.key for line in sheet_of(small_books()).lines if not line.key.startswith("account:")]
    printed = [line.key for line in sheet_of(small_books()).lines if line.style == "heading"]
    assert [key for key in keys if key not in printed] == [
        "cash_and_equivalents",
        "short_term_investments",
        "accounts_receivable",
        "inventory",
        "other_current_assets",
        "total_current_assets",
        "fixed_assets_gross",
        "accumulated_depreciation",
        "fixed_assets_net",
        "intangible_assets",
        "other_assets",
        "unassigned_assets",
        "total_assets",
        "accounts_payable",
        "accrued_liabilities",
        "notes_payable_current",
        "deferred_revenue_current",
        "other_current_liabilities",
        "total_current_liabilities",
        "notes_payable_long_term",
        "other_long_term_liabilities",
        "total_long_term_liabilities",
        "unassigned_liabilities",
        "total_liabilities",
        "paid_in_capital",
        "distributions",
        "retained_earnings",
        "current_year_net_income",
        "total_equity",
        "total_liabilities_and_equity",
    ]


def test_columns_are_the_last_days_of_the_months() -> None:
    assert [column.key for column in sheet_of(TWO_MONTHS).columns] == ["2024-01-31", "2024-02-29"]


def test_assets_are_positive_and_contra_lines_negative() -> None:
    wear = replace(CASH, number="1590", normal_balance="credit", category="Accumulated Depreciation")
    sheet = sheet_of(with_balance(wear, "-80"))
    assert sheet.values("accumulated_depreciation") == (Decimal(-80),)
    assert sheet.values("fixed_assets_net") == (Decimal(-80),)
    assert sheet.values("total_assets") == (Decimal(560),)


def test_the_allowance_is_netted_inside_receivables() -> None:
    allowance = replace(
        CASH, number="1290", normal_balance="credit", category="Allowance for Doubtful Accounts"
    )
    assert sheet_of(with_balance(allowance, "-30")).values("accounts_receivable") == (Decimal(-30),)


def test_liabilities_and_capital_are_positive_and_distributions_negative() -> None:
    loan = replace(CASH, number="2000", normal_balance="credit", category="Note Payable - Long Term")
    assert sheet_of(with_balance(loan, "-250")).values("notes_payable_long_term") == (Decimal(250),)
    dividend = replace(CASH, number="3900", category="Dividend Paid")
    assert sheet_of(with_balance(dividend, "75")).values("distributions") == (Decimal(-75),)


def test_account_detail_stands_under_its_line_one_level_deeper() -> None:
    lines = sheet_of(small_books()).lines
    position = [line.key for line in lines].index("cash_and_equivalents")
    line, detail = lines[position], lines[position + 1]
    assert (detail.key, detail.label, detail.level) == ("account:1000", "1000 Cash", line.level + 1)
    assert detail.values == line.values
    assert line.accounts == detail.accounts == ("1000",)


def test_a_posting_straight_to_retained_earnings_is_named() -> None:
    sheet = sheet_of(TWO_MONTHS)
    assert sheet.values("adjustments_to_retained_earnings") == (Decimal(0), Decimal(-25))
    assert sheet.values("retained_earnings") == (Decimal(500), Decimal(475))
    assert sheet.values("current_year_net_income") == (Decimal(60), Decimal(60))


def test_without_a_direct_posting_there_is_no_such_line() -> None:
    assert "adjustments_to_retained_earnings" not in {line.key for line in sheet_of(small_books()).lines}


def test_a_company_without_a_closed_to_account_shows_its_earlier_earnings() -> None:
    chart = tuple(
        replace(each, closes_to="", closing_type="", category="" if each is EARNINGS else each.category)
        for each in CHART
        if each is not EARNINGS
    )
    rows = (row("1000", "500", "100", "40"), row("4000", "-900", "0", "100"), row("6000", "400", "40"))
    sheet = sheet_of(replace(small_books(accounts=chart), months=(replace(JANUARY, rows=rows),)))
    assert sheet.values("earnings_not_closed") == sheet.values("retained_earnings") == (Decimal(500),)
    assert sheet.values("current_year_net_income") == (Decimal(60),)
    assert sheet.values("total_assets") == sheet.values("total_liabilities_and_equity")


def test_an_income_account_that_names_no_closing_account_closes_where_the_others_do() -> None:
    chart = tuple(replace(each, closes_to="nowhere") if each.number == "6000" else each for each in CHART)
    rows = (row("1000", "500"), row("3000", "-700"), row("6000", "200"))
    sheet = sheet_of(replace(small_books(accounts=chart), months=(replace(JANUARY, rows=rows),)))
    assert sheet.values("account:3000") == (Decimal(500),)
    assert "earnings_not_closed" not in {line.key for line in sheet.lines}


def test_pages_leave_out_detail_that_is_zero_throughout() -> None:
    idle = replace(CASH, number="1001", title="Idle")
    sheet = sheet_of(small_books(accounts=(*CHART, idle)))
    assert "account:1001" in {line.key for line in sheet.lines}
    assert "account:1001" not in {line.key for line in sheet.shown_lines}
    assert "inventory" in {line.key for line in sheet.shown_lines}
