"""The cash flow of real and of generated books, line by line against SQL over whole cents."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from collections_app.reports.build import build
from collections_app.reports.statement import Statement
from tests.collections_app.reports.cents_cash_flow import CentsCashFlow
from tests.collections_app.reports.conftest import CompanyBooks
from tests.collections_app.reports.integer_ledger import money

pytestmark = pytest.mark.slow

PERIODS = pytest.mark.parametrize(
    ("company", "first_month", "date_from", "date_to", "chosen"),
    [
        ("maple", 3, date(2020, 1, 1), date(2020, 12, 31), ("ACCRUAL",)),
        ("maple", 3, date(2020, 3, 1), date(2021, 2, 28), ("ACCRUAL",)),
        ("small_company", 7, date(2025, 7, 1), date(2026, 9, 30), ("ACCRUAL",)),
        ("small_company", 7, date(2025, 11, 1), date(2026, 8, 31), ("ACCRUAL",)),
        ("small_company", 7, date(2025, 7, 1), date(2026, 9, 30), ("ACCRUAL", "GAAPACCRUAL")),
        ("small_company", 7, date(2025, 7, 1), date(2026, 9, 30), ("HVCONS",)),
    ],
    ids=[
        "maple calendar 2020",
        "maple fiscal 2021",
        "generated, all months",
        "generated, from mid-year",
        "generated, with adjustment books",
        "generated, consolidation book",
    ],
)


@pytest.fixture
def folder(company: str, request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(company)
    return path


@pytest.fixture(scope="module")
def ledgers() -> Iterator[dict[tuple[str, tuple[str, ...]], CentsCashFlow]]:
    made: dict[tuple[str, tuple[str, ...]], CentsCashFlow] = {}
    yield made
    for ledger in made.values():
        ledger.close()


@pytest.fixture
def sql(
    folder: Path,
    company: str,
    chosen: tuple[str, ...],
    ledgers: dict[tuple[str, tuple[str, ...]], CentsCashFlow],
) -> CentsCashFlow:
    if (company, chosen) not in ledgers:
        ledgers[company, chosen] = CentsCashFlow(folder, chosen)
    return ledgers[company, chosen]


def assert_every_line_agrees(statement: Statement, sql: CentsCashFlow) -> None:
    printed = [line for line in statement.lines if line.style not in ("heading", "account", "memo")]
    for position, column in enumerate(statement.columns):
        assert column.start is not None
        expected = sql.lines(column.start, column.end)
        found = {line.key: line.values[position] for line in printed if line.values[position]}
        assert found == {key: money(amount) for key, amount in expected.items()}, column.key


@PERIODS
def test_every_cash_flow_line_of_every_period_agrees_with_sql_to_the_cent(
    folder: Path,
    sql: CentsCashFlow,
    company_books: CompanyBooks,
    first_month: int,
    date_from: date,
    date_to: date,
    chosen: tuple[str, ...],
) -> None:
    reports = build(company_books(folder, date_from, date_to, first_month, books=chosen))
    assert any(reports.cash_flow.values("net_change_in_cash"))
    assert_every_line_agrees(reports.cash_flow, sql)
    for statements in reports.by_period:
        assert_every_line_agrees(statements.cash_flow, sql)


@PERIODS
def test_closing_cash_is_the_balance_sheets_and_nothing_is_left_unexplained(
    folder: Path,
    company_books: CompanyBooks,
    first_month: int,
    date_from: date,
    date_to: date,
    chosen: tuple[str, ...],
) -> None:
    reports = build(company_books(folder, date_from, date_to, first_month, books=chosen))
    months = reports.cash_flow.values("closing_cash")[:-1]
    assert months == reports.balance_sheet.values("cash_and_equivalents")
    assert "cash_difference" not in {line.key for line in reports.cash_flow.lines}
    assert "equity_difference" not in {line.key for line in reports.changes_in_equity.lines}
    assert reports.changes_in_equity.values("closing_equity")[:-1] == reports.balance_sheet.values(
        "total_equity"
    )
