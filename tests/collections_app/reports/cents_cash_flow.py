"""The cash flow once more, for the tests: SQL over whole cents, written from the rule, not from the code.

It shares nothing with the reports. The table says by category where a movement belongs, as a person would
read it from the standard list.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from tests.collections_app.reports.integer_ledger import cents, gateway_date, posted_lines, read_csv

# category: the cash-flow line of a balance-sheet account
BALANCE_SHEET = {
    "Cash and Cash Equivalents": "cash",
    "Short-Term Investments": "change_in_short_term_investments",
    "Accounts Receivable": "change_in_receivables",
    "Allowance for Doubtful Accounts": "change_in_receivables",
    "Employee Advances/Loans": "change_in_other_current_assets",
    "Intercompany Receivable": "change_in_intercompany_receivables",
    "Inventory": "change_in_inventory",
    "Work in Process": "change_in_inventory",
    "Prepaid Expenses": "change_in_other_current_assets",
    "Deposits and Prepayments": "change_in_other_current_assets",
    "Other Current Assets": "change_in_other_current_assets",
    "Escrows and Reserves": "change_in_other_operating_assets",
    "Fixed Assets": "purchases_of_fixed_assets",
    "Accumulated Depreciation": "purchases_of_fixed_assets",
    "Goodwill": "change_in_intangible_assets",
    "Patents": "change_in_intangible_assets",
    "Intangible Assets": "change_in_intangible_assets",
    "Investment in Subsidiary": "change_in_other_investments",
    "Long Term Investments": "change_in_other_investments",
    "Other Assets": "change_in_other_investments",
    "Accounts Payable": "change_in_payables",
    "Accrued Liabilities": "change_in_accrued_liabilities",
    "Accrued Taxes": "change_in_accrued_liabilities",
    "Note Payable - Current": "change_in_notes_payable_current",
    "Deferred Revenue - Current": "change_in_deferred_revenue",
    "Intercompany Payable": "change_in_intercompany_payables",
    "Other Current Liabilities": "change_in_other_current_liabilities",
    "Note Payable - Long Term": "change_in_notes_payable_long_term",
    "Deferred Taxes Liabilities - Long Term": "change_in_deferred_taxes",
    "Other Liabilities": "change_in_other_liabilities",
    "Common Stock": "change_in_paid_in_capital",
    "Preferred Stock": "change_in_paid_in_capital",
    "Partners Equity": "change_in_paid_in_capital",
    "Dividend Paid": "distributions_paid",
    "Retained Earnings": "adjustments_to_retained_earnings",
}
# category of an income account: the line that takes it out of net income, and the one that takes it in again
MOVED = {
    "Depreciation Expense": ("depreciation_and_amortization", "purchases_of_fixed_assets"),
    "Amortization Expense": ("depreciation_and_amortization", "purchases_of_fixed_assets"),
    "Gain/Loss on Sales of Fixed Assets": ("gain_or_loss_on_fixed_assets", "purchases_of_fixed_assets"),
}
INVESTING = {
    "purchases_of_fixed_assets",
    "change_in_intangible_assets",
    "change_in_short_term_investments",
    "change_in_intercompany_receivables",
    "change_in_other_investments",
}
FINANCING = {
    "change_in_notes_payable_current",
    "change_in_notes_payable_long_term",
    "change_in_intercompany_payables",
    "change_in_paid_in_capital",
    "distributions_paid",
}
BESIDE = {"adjustments_to_retained_earnings", "unassigned_accounts"}

SCHEMA = """
    CREATE TABLE feeds (account TEXT, line TEXT, sign INTEGER);
    CREATE TABLE entry (day TEXT, account TEXT, cents INTEGER);
    CREATE TABLE block (line TEXT PRIMARY KEY, total TEXT);
    CREATE INDEX entry_account ON entry (account, day);
"""
MOVEMENTS = """
    SELECT line, SUM(sign * cents) FROM feeds JOIN entry USING (account)
    WHERE day BETWEEN :first AND :last AND line <> 'cash' GROUP BY line
"""
TOTALS = """
    SELECT COALESCE(total, 'cash_from_operations') AS block_total, SUM(sign * cents)
    FROM feeds JOIN entry USING (account) LEFT JOIN block USING (line)
    WHERE day BETWEEN :first AND :last AND line <> 'cash' GROUP BY block_total
"""
CASH = "SELECT COALESCE(SUM(cents), 0) FROM feeds JOIN entry USING (account) WHERE line = 'cash' AND day <= ?"


class CentsCashFlow:
    """The cash flow of a company folder in whole cents."""

    def __init__(self, folder: Path, books: Iterable[str] = ("ACCRUAL",)) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(SCHEMA)
        answers = {row["ACCOUNTNO"]: row["CATEGORY"] for row in read_csv(folder / "assignments.csv")}
        for row in read_csv(folder / "GLACCOUNT.csv"):
            category = row["CATEGORY"] or answers.get(row["ACCOUNTNO"], "")
            self._feed(row["ACCOUNTNO"], row["ACCOUNTTYPE"], category)
        self.database.executemany(
            "INSERT INTO entry VALUES (?, ?, ?)",
            [
                (gateway_date(row["ENTRY_DATE"]).isoformat(), row["ACCOUNTNO"], cents(row["AMOUNT"]))
                for row in posted_lines(folder, list(books))
            ],
        )
        for total, lines in (("investing", INVESTING), ("financing", FINANCING)):
            self.database.executemany(
                "INSERT INTO block VALUES (?, ?)", [(line, f"cash_from_{total}") for line in lines]
            )
        self.database.executemany("INSERT INTO block VALUES (?, ?)", [(line, line) for line in BESIDE])

    def close(self) -> None:
        self.database.close()

    def _feed(self, account: str, account_type: str, category: str) -> None:
        if account_type == "incomestatement":
            feeds = [("net_income", -1)]
            out, back = MOVED.get(category, ("", ""))
            feeds += [(out, 1), (back, -1)] if out else []
        else:
            line = BALANCE_SHEET.get(category, "unassigned_accounts")
            feeds = [(line, 1 if line == "cash" else -1)]
        self.database.executemany(
            "INSERT INTO feeds VALUES (?, ?, ?)", [(account, line, sign) for line, sign in feeds]
        )

    def lines(self, first: date, last: date) -> dict[str, int]:
        """Every line and total that is not zero, in cents, cash received positive."""
        days = {"first": first.isoformat(), "last": last.isoformat()}
        found = dict(self.database.execute(MOVEMENTS, days).fetchall())
        found |= dict(self.database.execute(TOTALS, days).fetchall())
        before = (first - timedelta(days=1)).isoformat()
        found["opening_cash"] = self.database.execute(CASH, (before,)).fetchone()[0]
        found["closing_cash"] = self.database.execute(CASH, (days["last"],)).fetchone()[0]
        found["net_change_in_cash"] = found["closing_cash"] - found["opening_cash"]
        return {line: amount for line, amount in found.items() if amount}
