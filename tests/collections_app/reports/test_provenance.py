from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.reports.build import Reports, build
from collections_app.reports.provenance import (
    AccountShare,
    NoSuchFigure,
    PartKind,
    figure,
    journal_lines,
)
from collections_app.reports.statement import Statement
from tests.collections_app.reports.cast import small_books
from tests.collections_app.reports.conftest import CompanyBooks, MapleBooks
from tests.collections_app.reports.folder_journal import FolderJournal


@pytest.fixture(scope="module")
def calendar_2020(maple_books: MapleBooks) -> Reports:
    return build(maple_books(date(2020, 1, 1), date(2020, 12, 31)))


def total(share: AccountShare) -> Decimal:
    return share.sign * sum((part.amount for part in share.parts), Decimal(0))


def assert_every_figure_adds_up(reports: Reports, statement: Statement) -> None:
    for line in statement.lines:
        for column, value in zip(statement.columns, line.values, strict=bool(line.values)):
            source = figure(reports.ledger, statement, line.key, column.key)
            assert source.amount == value
            assert sum((share.amount for share in source.shares), Decimal(0)) == value
            assert all(share.amount == total(share) for share in source.shares)


def test_every_figure_of_a_real_ledger_is_the_sum_of_its_accounts_and_their_months(
    calendar_2020: Reports,
) -> None:
    for statement in calendar_2020.statements:
        assert_every_figure_adds_up(calendar_2020, statement)


def test_every_figure_of_every_other_period_adds_up_too(
    small_company: Path, company_books: CompanyBooks
) -> None:
    reports = build(company_books(small_company, date(2026, 5, 1), date(2026, 9, 30), 7))
    for statements in reports.by_period:
        for statement in statements.statements:
            assert_every_figure_adds_up(reports, statement)


def test_a_movement_is_the_sum_of_its_journal_lines(calendar_2020: Reports, maple: Path) -> None:
    journal = FolderJournal(maple)
    source = figure(calendar_2020.ledger, calendar_2020.income_statement, "net_income", "total")
    assert source.amount == Decimal("369541.45")
    for share in source.shares:
        for part in share.parts:
            assert part.kind is PartKind.MOVEMENT
            lines = journal_lines(journal, share.account, part.window)
            assert sum((line.movement for line in lines), Decimal(0)) == part.amount


def test_retained_earnings_name_the_yearly_close_that_no_journal_shows(calendar_2020: Reports) -> None:
    sheet = calendar_2020.balance_sheet
    source = figure(calendar_2020.ledger, sheet, "retained_earnings", "2020-12-31")
    (share,) = source.shares
    (part,) = share.parts
    assert (share.account, part.kind) == ("960", PartKind.YEARLY_CLOSE)
    assert (part.window.label, part.amount) == ("2020-03", -source.amount)


def test_a_total_resolves_through_the_lines_that_it_adds_and_takes_off(calendar_2020: Reports) -> None:
    statement = calendar_2020.income_statement
    source = figure(calendar_2020.ledger, statement, "gross_profit", "total")
    by_line = {account for key in ("revenue", "cost_of_revenue") for account in statement.line(key).accounts}
    assert {share.account for share in source.shares} <= by_line
    assert {share.sign for share in source.shares} == {-1}


def test_what_is_added_and_taken_off_again_is_no_source() -> None:
    reports = build(small_books())
    source = figure(reports.ledger, reports.cash_flow, "net_change_in_cash", "total")
    amounts = {share.account: share.amount for share in source.shares}
    assert amounts == {"4000": Decimal(100), "6000": Decimal(-40)}


@pytest.mark.parametrize(("line", "column"), [("nothing", "2024-01"), ("net_income", "2030-01")])
def test_a_figure_that_is_not_there_is_refused(line: str, column: str) -> None:
    reports = build(small_books())
    with pytest.raises(NoSuchFigure, match="take both from the statement"):
        figure(reports.ledger, reports.income_statement, line, column)


def test_a_heading_has_no_figure() -> None:
    reports = build(small_books())
    with pytest.raises(NoSuchFigure):
        figure(reports.ledger, reports.balance_sheet, "assets", "2024-01-31")
