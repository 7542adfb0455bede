"""The standard QuickStart categories and the statement line that each one feeds.

Categories are owned by the accounting system; nobody can add or rename one, so a name is matched as it is
spelled there, trimmed and without regard to case. The list is package data with the facts that a statement
needs: the statement, the section inside it, the usual side and the cash-flow class. The account's own type
decides its statement; a category only chooses the section (the vendor's rule).
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

from collections_app.reports.figures import AccountType, NormalBalance

STATEMENTS: dict[str, AccountType] = {
    "balance sheet": "balancesheet",
    "income statement": "incomestatement",
}
SIDES: dict[str, NormalBalance] = {"debit": "debit", "credit": "credit"}

# A section that prints as several lines: these categories have a line of their own, the rest of the section
# shares the section's line.
LINE_OF_CATEGORY = {
    "Cash and Cash Equivalents": "cash_and_equivalents",
    "Short-Term Investments": "short_term_investments",
    "Accounts Receivable": "accounts_receivable",
    "Inventory": "inventory",
    "Work in Process": "inventory",
    "Accounts Payable": "accounts_payable",
    "Accrued Liabilities": "accrued_liabilities",
    "Accrued Taxes": "accrued_liabilities",
    "Note Payable - Current": "notes_payable_current",
    "Deferred Revenue - Current": "deferred_revenue_current",
    "Note Payable - Long Term": "notes_payable_long_term",
    "Retained Earnings": "retained_earnings",
}
LINE_OF_SECTION = {
    "Current Assets": "other_current_assets",
    "Current Assets (contra)": "accounts_receivable",
    "Fixed Assets": "fixed_assets_gross",
    "Fixed Assets (contra)": "accumulated_depreciation",
    "Intangible Assets": "intangible_assets",
    "Other Assets": "other_assets",
    "Other Assets or other comprehensive income (review)": "other_assets",
    "Current Liabilities": "other_current_liabilities",
    "Long-Term Liabilities": "other_long_term_liabilities",
    "Equity": "paid_in_capital",
    "Equity (contra)": "distributions",
    "Revenue": "revenue",
    "Revenue (intercompany)": "revenue",
    "Cost of Revenue": "cost_of_revenue",
    "Operating Expenses - payroll": "payroll_expenses",
    "Operating Expenses": "other_operating_expenses",
    "Depreciation and Amortization": "depreciation_and_amortization",
    "Other Income": "other_income",
    "Other Income (interest)": "other_income",
    "Other Income / Other Expense": "other_income",
    "Other Expense": "other_expenses",
    "Other Expense (interest)": "interest_expense",
    "Income Taxes": "income_tax",
}


@dataclass(frozen=True, slots=True)
class Category:
    """One standard category; ``line`` is the key of the statement line that its accounts feed."""

    name: str
    statement: AccountType
    section: str
    normal_balance: NormalBalance
    cash_flow_class: str
    line: str

    @property
    def cash_flow_needs_review(self) -> bool:
        """Whether practice leaves the cash-flow class open, so that the lender should look at it."""
        return self.cash_flow_class.endswith("(review)")


def _read(row: dict[str, str]) -> Category:
    name, section = row["category"], row["section"]
    return Category(
        name=name,
        statement=STATEMENTS[row["statement"]],
        section=section,
        normal_balance=SIDES[row["normal_balance"]],
        cash_flow_class=row["cash_flow_class"],
        line=LINE_OF_CATEGORY.get(name) or LINE_OF_SECTION[section],
    )


def _load() -> tuple[Category, ...]:
    resource = files("collections_app.reports").joinpath("quickstart_categories.csv")
    lines = resource.read_text(encoding="utf-8").splitlines()
    return tuple(_read(row) for row in csv.DictReader(lines))


STANDARD: tuple[Category, ...] = _load()
_BY_NAME = {category.name.casefold(): category for category in STANDARD}


def find(name: str) -> Category | None:
    """The standard category of that name, trimmed and without regard to case; None when it is not known."""
    return _BY_NAME.get(name.strip().casefold())


def of_statement(statement: AccountType) -> tuple[Category, ...]:
    """The categories that an account of that type can have, in the order of the statement."""
    return tuple(category for category in STANDARD if category.statement == statement)
