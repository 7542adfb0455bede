"""What must hold for the statements of every ledger: ties, periods, entities, sources."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.reports.build import Reports, build
from collections_app.reports.period_sets import Period, PeriodSet
from collections_app.reports.period_statements import PeriodStatements
from collections_app.reports.provenance import PartKind, figure
from collections_app.reports.statement import Amounts, Column, Statement
from tests.collections_app.reports.generated_companies import Company, companies
from tests.collections_app.reports.integer_ledger import money

pytestmark = pytest.mark.slow

EXAMPLES = settings(max_examples=16, deadline=None)
ZERO = Decimal(0)


def every_set(reports: Reports) -> tuple[PeriodStatements, ...]:
    return (reports.by_month, *reports.by_period)


def values(statement: Statement, key: str) -> Amounts:
    """A line's values; zeros for one that is left out because it is zero."""
    for line in statement.lines:
        if line.key == key:
            return line.values
    return (ZERO,) * len(statement.columns)


def movements(statement: Statement) -> set[str]:
    """The keys of the lines that are movements, which add up over periods; balances do not."""
    keys = {line.key for line in statement.lines if line.values}
    return {key for key in keys if not key.startswith(("opening_", "closing_"))} - {
        "cash_beyond_balance_sheet"
    }


@EXAMPLES
@given(companies())
def test_cash_and_equity_run_from_opening_to_closing_in_every_period(company: Company) -> None:
    for statements in every_set(build(company.books("fiscal year"))):
        for statement, change in (
            (statements.cash_flow, "net_change_in_cash"),
            (statements.changes_in_equity, "total_changes"),
        ):
            part = change.rsplit("_", 1)[-1] if statement.key == "cash_flow" else "equity"
            rows = (statement.values(key) for key in (f"opening_{part}", change, f"closing_{part}"))
            assert all(opening + moved == closing for opening, moved, closing in zip(*rows, strict=True))
            assert not {line.key for line in statement.lines} & {"cash_difference", "equity_difference"}


@EXAMPLES
@given(companies())
def test_closing_cash_and_equity_are_those_of_the_balance_sheet(company: Company) -> None:
    for statements in every_set(build(company.books("window"))):
        sheet = statements.balance_sheet
        ends = {column.end: place for place, column in enumerate(sheet.columns)}
        for statement, closing, on_sheet in (
            (statements.cash_flow, "closing_cash", "cash_and_equivalents"),
            (statements.changes_in_equity, "closing_equity", "total_equity"),
        ):
            for column, value in zip(statement.columns, statement.values(closing), strict=True):
                assert value == sheet.values(on_sheet)[ends[column.end]]


@EXAMPLES
@given(companies())
def test_the_change_in_cash_is_that_of_the_lines_on_cash_accounts(company: Company) -> None:
    reports = build(company.books("never"))
    cash = [each.account.number for each in reports.placements if each.line == "cash_and_equivalents"]
    ledger = company.ledger()
    for statements in every_set(reports):
        statement = statements.cash_flow
        for column, change in zip(statement.columns, statement.values("net_change_in_cash"), strict=True):
            assert column.start is not None
            assert change == money(ledger.total(cash, column.start, column.end))
    ledger.close()


@EXAMPLES
@given(companies())
def test_quarters_add_up_to_the_months_on_every_line(company: Company) -> None:
    reports = build(company.books("fiscal year"))
    quarters = next(each for each in reports.by_period if each.periods.key == "quarters")
    for by_month, by_quarter in zip(reports.by_month.statements[1:], quarters.statements[1:], strict=True):
        for key in movements(by_month) | movements(by_quarter):
            assert sum(values(by_quarter, key)[:-1], ZERO) == values(by_month, key)[-1]
            assert values(by_quarter, key)[-1] == values(by_month, key)[-1]


@EXAMPLES
@given(companies())
def test_years_to_date_and_twelve_months_are_sums_of_collected_months(company: Company) -> None:
    reports = build(company.books("fiscal year"))
    collected = (Period(each.label, "", *each) for each in reports.ledger.calendar.windows)
    whole = reports.for_periods(PeriodSet("collected", "Collected months", tuple(collected)))
    for statements in reports.by_period:
        for statement, by_month in zip(statements.statements[1:], whole.statements[1:], strict=True):
            for place, column in enumerate(statement.columns):
                inside = [at for at, month in enumerate(by_month.columns) if lies_in(month, column)]
                for key in movements(statement):
                    months = sum((values(by_month, key)[at] for at in inside), ZERO)
                    assert values(statement, key)[place] == months, (key, column.key)


def lies_in(month: Column, period: Column) -> bool:
    assert month.start is not None
    assert period.start is not None
    return period.start <= month.start and month.end <= period.end


@EXAMPLES
@given(companies())
def test_entities_add_up_to_the_group_on_every_line(company: Company) -> None:
    bridges = build(company.group()).bridges
    assert len(bridges) == 3
    for bridge in bridges:
        assert bridge.residuals == ()
        assert all(line.translation == 0 for line in bridge.lines)


@settings(max_examples=12, deadline=None)
@given(companies(), st.integers(0, 30), st.integers(0, 30), st.integers(-5, 5))
def test_every_figure_is_the_sum_of_its_sources_even_in_a_broken_ledger(
    company: Company, month: int, row: int, fault: int
) -> None:
    books = company.books("fiscal year")
    broken = books.months[month % len(books.months)]
    rows = list(broken.rows)
    at = row % len(rows)
    rows[at] = replace(rows[at], closing=rows[at].closing + fault)
    months = tuple(replace(each, rows=tuple(rows)) if each is broken else each for each in books.months)
    reports = build(replace(books, months=months))
    for statement in reports.by_month.statements + reports.by_period[-1].statements:
        for line in statement.lines:
            for place in {0, len(line.values) - 1} if line.values else ():
                source = figure(reports.ledger, statement, line.key, statement.columns[place].key)
                assert sum((share.amount for share in source.shares), ZERO) == line.values[place]
                for share in source.shares:
                    assert share.amount == share.sign * sum((part.amount for part in share.parts), ZERO)


@EXAMPLES
@given(companies())
def test_a_sound_ledger_has_no_changed_history_and_no_faulty_row(company: Company) -> None:
    reports = build(company.books("window"))
    sheet = reports.balance_sheet
    source = figure(reports.ledger, sheet, "total_liabilities_and_equity", sheet.columns[-1].key)
    kinds = {part.kind for share in source.shares for part in share.parts}
    assert not kinds & {PartKind.CHANGED_HISTORY, PartKind.ROW_DIFFERENCE}
