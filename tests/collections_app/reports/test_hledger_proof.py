"""hledger, a plain-text accounting program by others, computes the same statements from the same lines.

The lines are exported as one journal file; hledger sums them, and every figure must agree to the cent.
"""

import json
import shutil
import subprocess
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collections_app.reports.build import Reports, build
from collections_app.reports.statement import Line, Statement
from tests.collections_app.reports.conftest import CompanyBooks
from tests.collections_app.reports.integer_ledger import gateway_date, posted_lines, read_csv, year_start

HLEDGER = shutil.which("hledger")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        HLEDGER is None, reason="NOT TESTED: hledger is not installed; the Debian package hledger has it."
    ),
]
CASH_LINE = "cash_and_equivalents"
CREDIT_LINES = {"revenue", "other_income", "unassigned_income_statement"}
PERIODS = {
    "maple calendar 2020": ("maple", 3, date(2020, 1, 1), date(2020, 12, 31)),
    "maple fiscal 2021": ("maple", 3, date(2020, 3, 1), date(2021, 2, 28)),
    "generated": ("small_company", 7, date(2025, 7, 1), date(2026, 9, 30)),
}


def export_journal(folder: Path, file: Path) -> None:
    """The posted lines as hledger transactions, one per entry; accounts are named kind:number."""
    kinds = {row["ACCOUNTNO"]: row["ACCOUNTTYPE"] for row in read_csv(folder / "GLACCOUNT.csv")}
    entries: dict[tuple[date, str], list[str]] = {}
    for row in posted_lines(folder):
        posting = f"    {kinds[row['ACCOUNTNO']]}:{row['ACCOUNTNO']}  {Decimal(row['AMOUNT']):.2f}"
        entries.setdefault((gateway_date(row["ENTRY_DATE"]), row["BATCHKEY"]), []).append(posting)
    blocks = [f"{day} entry {batch}\n" + "\n".join(lines) for (day, batch), lines in sorted(entries.items())]
    file.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


class Hledger:
    """Balances and movements of accounts, as hledger sums them; debit positive."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def _run(self, *arguments: str) -> Any:
        command = [str(HLEDGER), "-f", str(self.file), *arguments, "--flat", "-O", "json", "-N"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def monthly(self, first: date, last: date, *query: str) -> dict[str, list[Decimal]]:
        """The movement of each account in every calendar month."""
        day_after = (last + timedelta(days=1)).isoformat()
        answer = self._run("bal", *query, "-M", "-E", "-b", first.isoformat(), "-e", day_after)
        return {
            row["prrName"]: [quantity(amount) for amount in row["prrAmounts"]] for row in answer["prRows"]
        }

    def balances(self, first: date, last: date, *query: str) -> dict[str, list[Decimal]]:
        """The balance of each account at the end of every calendar month."""
        day_after = (last + timedelta(days=1)).isoformat()
        answer = self._run("bal", *query, "-M", "-E", "-H", "-b", first.isoformat(), "-e", day_after)
        return {
            row["prrName"]: [quantity(amount) for amount in row["prrAmounts"]] for row in answer["prRows"]
        }


def quantity(amounts: list[dict[str, Any]]) -> Decimal:
    """hledger's own decimal: a mantissa and a number of places, never its floating-point copy."""
    return sum(
        (
            Decimal(amount["aquantity"]["decimalMantissa"]).scaleb(-amount["aquantity"]["decimalPlaces"])
            for amount in amounts
        ),
        Decimal(0),
    )


class Case(NamedTuple):
    hledger: Hledger
    reports: Reports
    date_from: date
    date_to: date


@pytest.fixture(scope="module", params=list(PERIODS.values()), ids=list(PERIODS))
def case(
    request: pytest.FixtureRequest, company_books: CompanyBooks, tmp_path_factory: pytest.TempPathFactory
) -> Case:
    company, first_month, date_from, date_to = request.param
    folder: Path = request.getfixturevalue(company)
    file = tmp_path_factory.mktemp("hledger") / "company.journal"
    export_journal(folder, file)
    reports = build(company_books(folder, date_from, date_to, first_month))
    return Case(Hledger(file), reports, date_from, date_to)


def numbered(amounts: dict[str, list[Decimal]]) -> dict[str, list[Decimal]]:
    return {name.split(":")[1]: values for name, values in amounts.items()}


def test_every_movement_and_every_balance_agrees(case: Case) -> None:
    hledger, reports, date_from, date_to = case
    movements = numbered(hledger.monthly(date_from, date_to))
    balances = numbered(hledger.balances(date_from, date_to, "balancesheet"))
    assert movements
    assert balances
    for place, month in enumerate(reports.trial_balance):
        for row in month.rows:
            assert row.flow == movements.get(row.account, [Decimal(0)] * 99)[place]
        held = {row.account: row.closing for row in month.rows if row.account not in earned(reports)}
        for number, values in balances.items():
            if number in held:
                assert held[number] == values[place], number


def earned(reports: Reports) -> set[str]:
    """Accounts whose balance depends on the virtual close, which hledger does not know."""
    return {
        placement.account.number
        for placement in reports.placements
        if placement.line == "retained_earnings" or placement.account.account_type == "incomestatement"
    }


def test_the_income_statement_and_retained_earnings_agree(case: Case) -> None:
    hledger, reports, date_from, date_to = case
    movements = numbered(hledger.monthly(date_from, date_to, "incomestatement"))
    statement = reports.income_statement
    idle = [Decimal(0)] * (len(statement.columns) - 1)
    months = [-sum(values) for values in zip(*movements.values(), strict=True)]
    assert list(statement.values("net_income")) == [*months, sum(months)]
    for line in statement.lines:
        if line.style in ("line", "account"):
            sign = -1 if line.key in CREDIT_LINES or is_under(statement, line, CREDIT_LINES) else 1
            flows = zip(*(movements.get(number, idle) for number in line.accounts), strict=True)
            assert list(line.values[:-1]) == [sign * sum(flow) for flow in flows] or not line.accounts
    balances = hledger.balances(date_from, date_to)
    ever = [
        -sum((values[place] for name, values in balances.items() if is_earned(name, reports)), Decimal(0))
        for place in range(len(months))
    ]
    sheet = reports.balance_sheet
    shown = zip(sheet.values("retained_earnings"), sheet.values("current_year_net_income"), strict=True)
    assert [retained + income for retained, income in shown] == ever
    year = hledger.monthly(
        year_start(date_to, reports.heading.first_fiscal_month), date_to, "incomestatement"
    )
    assert sheet.values("current_year_net_income")[-1] == -sum(
        (amount for values in year.values() for amount in values), Decimal(0)
    )


def is_under(statement: Statement, detail: Line, keys: set[str]) -> bool:
    return any(set(detail.accounts) <= set(statement.line(key).accounts) for key in keys)


def is_earned(name: str, reports: Reports) -> bool:
    return name.split(":")[1] in earned(reports)


def test_the_net_change_in_cash_agrees(case: Case) -> None:
    hledger, reports, date_from, date_to = case
    cash = {placement.account.number for placement in reports.placements if placement.line == CASH_LINE}
    movements = numbered(hledger.monthly(date_from, date_to))
    balances = numbered(hledger.balances(date_from, date_to))
    change = [
        sum(values) for values in zip(*(movements[number] for number in cash & movements.keys()), strict=True)
    ]
    closing = [
        sum(values) for values in zip(*(balances[number] for number in cash & balances.keys()), strict=True)
    ]
    assert list(reports.cash_flow.values("net_change_in_cash")) == [*change, sum(change)]
    assert list(reports.cash_flow.values("closing_cash")) == [*closing, closing[-1]]
