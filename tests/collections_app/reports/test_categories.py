import pytest

from collections_app.reports import balance_sheet, income_statement
from collections_app.reports.categories import STANDARD, find, of_statement


def line_of(name: str) -> str:
    category = find(name)
    assert category is not None, name
    return category.line


def test_the_standard_list_has_82_names_each_once() -> None:
    assert len(STANDARD) == 82
    assert len({category.name.casefold() for category in STANDARD}) == 82


@pytest.mark.parametrize("name", ["Patents", " patents ", "PATENTS", "\tPatents\n"])
def test_a_name_is_found_trimmed_and_without_regard_to_case(name: str) -> None:
    category = find(name)
    assert category is not None
    assert (category.name, category.section) == ("Patents", "Intangible Assets")


@pytest.mark.parametrize("name", ["", " ", "Patent", "Cash", "Revenue -Sales"])
def test_a_name_that_is_not_on_the_list_is_not_guessed(name: str) -> None:
    assert find(name) is None


def test_every_category_feeds_a_line_of_its_own_statement() -> None:
    lines = {
        "balancesheet": {row.key for row in balance_sheet.ROWS if row.style == "line"},
        "incomestatement": {row.key for row in income_statement.ROWS if row.style == "line"},
    }
    for category in STANDARD:
        assert category.line in lines[category.statement], category.name


def test_no_category_feeds_an_unassigned_line_or_the_current_years_income() -> None:
    fed = {category.line for category in STANDARD}
    assert not [line for line in fed if line.startswith("unassigned") or line == "current_year_net_income"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Interest Income", "other_income"),
        ("Common Stock", "paid_in_capital"),
        ("Preferred Stock", "paid_in_capital"),
        ("Allowance for Doubtful Accounts", "accounts_receivable"),
        ("Intercompany Sales", "revenue"),
        ("Gain/Loss on Sales of Fixed Assets", "other_income"),
    ],
)
def test_the_six_accounts_that_a_known_package_files_as_liabilities(name: str, line: str) -> None:
    assert line_of(name) == line


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Accrued Taxes", "accrued_liabilities"),
        ("Intercompany Receivable", "other_current_assets"),
        ("Employee Advances/Loans", "other_current_assets"),
        ("Prepaid Expenses", "other_current_assets"),
        ("Intercompany Payable", "other_current_liabilities"),
        ("Partners Equity", "paid_in_capital"),
        ("Dividend Paid", "distributions"),
        ("Payroll Taxes", "payroll_expenses"),
        ("Finance Charges Expense", "other_expenses"),
        ("Interest Expense", "interest_expense"),
        ("Amortization Expense", "depreciation_and_amortization"),
        ("Deferred Taxes Liabilities - Long Term", "other_long_term_liabilities"),
        ("Federal Tax", "income_tax"),
    ],
)
def test_the_readings_that_practice_leaves_open(name: str, line: str) -> None:
    assert line_of(name) == line


def test_the_categories_of_a_statement_are_all_of_them_between_the_two() -> None:
    assert len(of_statement("balancesheet")) == 38
    assert len(of_statement("incomestatement")) == 44
    assert sorted(of_statement("balancesheet") + of_statement("incomestatement"), key=STANDARD.index) == list(
        STANDARD
    )


def test_every_category_has_a_cash_flow_class_and_the_open_ones_say_so() -> None:
    assert all(category.cash_flow_class for category in STANDARD)
    open_ones = [category.name for category in STANDARD if category.cash_flow_needs_review]
    assert open_ones == [
        "Intercompany Receivable",
        "Escrows and Reserves",
        "Unrealized Currency Gain/Loss",
        "Other Assets",
        "Intercompany Payable",
        "Other Liabilities",
    ]
