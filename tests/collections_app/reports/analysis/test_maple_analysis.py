"""A real ledger: figures from its source's own table, and the spread against the statements."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.analysis.analysis import analyze
from collections_app.reports.analysis.covenants import Covenant
from collections_app.reports.analysis.definitions import LenderInputs
from collections_app.reports.analysis.json_form import analysis_json
from collections_app.reports.analysis.period import Period
from collections_app.reports.analysis.ratios import PeriodRatios, period_ratios
from collections_app.reports.analysis.source import Source
from collections_app.reports.analysis.spread import Spread, spread, standard_periods
from collections_app.reports.analysis.uca import uca_cash_flow
from collections_app.reports.build import Reports, build
from tests.collections_app.reports.conftest import MapleBooks

# Fifteen months: fiscal years begin in March, so the last column is an interim of ten months.
FIRST, LAST = date(2019, 12, 1), date(2020, 12, 31)


@pytest.fixture(scope="module")
def reports(maple_books: MapleBooks) -> Reports:
    return build(maple_books(FIRST, LAST))


@pytest.fixture(scope="module")
def source(reports: Reports) -> Source:
    return Source(reports.balance_sheet, reports.income_statement, reports.placements)


@pytest.fixture(scope="module")
def year_2020(source: Source) -> Period:
    period = source.period_ending(LAST)
    assert period is not None
    return period


@pytest.fixture(scope="module")
def ratios(year_2020: Period) -> PeriodRatios:
    return period_ratios(year_2020)


def test_the_last_twelve_months_are_found_in_the_monthly_columns(year_2020: Period) -> None:
    assert (year_2020.flows.start, year_2020.flows.end) == (date(2020, 1, 1), LAST)
    assert year_2020.flows.is_twelve_months
    assert year_2020.opening is not None and year_2020.opening.as_of == date(2019, 12, 31)
    assert year_2020.last_year is None


def test_margins_follow_from_the_sources_own_table(ratios: PeriodRatios) -> None:
    """Revenue 403,763.84, direct cost 2,733.58, expenses 31,488.81, net income 369,541.45."""
    gross, net = ratios.metric("gross_margin"), ratios.metric("net_margin")
    assert gross.numerator.amount == Decimal("403763.84") - Decimal("2733.58")
    assert net.numerator.amount == Decimal("369541.45")
    assert net.denominator and net.denominator.amount == Decimal("403763.84")
    assert (gross.display, net.display) == ("99.3%", "91.5%")


def test_cash_opens_and_closes_as_in_the_source(year_2020: Period) -> None:
    assert year_2020.opening is not None
    assert year_2020.opening.lines["cash_and_equivalents"] == Decimal("9474.28")
    assert year_2020.closing.lines["cash_and_equivalents"] == Decimal("114449.43")


def test_returns_are_on_the_average_of_opening_and_closing(reports: Reports, ratios: PeriodRatios) -> None:
    ends = [column.key for column in reports.balance_sheet.columns]
    equity = reports.balance_sheet.values("total_equity")
    mean = (equity[ends.index("2019-12-31")] + equity[ends.index("2020-12-31")]) / 2
    found = ratios.metric("return_on_equity")
    assert found.denominator and found.denominator.amount == mean
    assert found.value is not None
    assert abs(found.value - Decimal("369541.45") / mean * 100) < Decimal("1e-9")


def test_the_uca_cash_flow_ends_at_the_change_of_the_bank_account(year_2020: Period) -> None:
    statement = uca_cash_flow(year_2020)
    assert statement.row("change_in_cash").amount == Decimal("114449.43") - Decimal("9474.28")
    assert statement.ties


def test_the_owners_drawings_are_distributions(reports: Reports, year_2020: Period) -> None:
    """Account 880, Owner A Drawings, stands beside the share capital in the same category."""
    ends = [column.key for column in reports.balance_sheet.columns]
    drawings = reports.balance_sheet.values("account:880")
    drawn = drawings[ends.index("2019-12-31")] - drawings[ends.index("2020-12-31")]
    assert drawn > 0
    assert uca_cash_flow(year_2020).row("distributions").amount == drawn


def test_a_part_of_a_year_is_annualized_from_its_days(source: Source) -> None:
    period = source.period(date(2020, 3, 1), LAST)
    assert period is not None and period.flows.days == 306
    assert period_ratios(period).metric("sales_to_assets").annualized_from == 306


def test_a_span_that_the_columns_do_not_cover_gives_nothing(source: Source) -> None:
    assert source.flows(date(2020, 1, 15), LAST) is None
    assert source.flows(date(2019, 1, 1), LAST) is None
    assert source.position(date(2020, 1, 15)) is None
    assert source.period_ending(date(2018, 12, 31)) is None


def test_the_shortest_history_is_used_where_there_are_no_twelve_months(maple_books: MapleBooks) -> None:
    half = build(maple_books(date(2020, 7, 1), LAST))
    period = Source(half.balance_sheet, half.income_statement, half.placements).period_ending(LAST)
    assert period is not None
    assert (period.flows.start, period.flows.days) == (date(2020, 7, 1), 184)


BALANCES = {
    "total_current_assets": "total_current_assets",
    "total_assets": "total_assets",
    "total_current_liabilities": "total_current_liabilities",
    "total_liabilities": "total_liabilities",
    "net_worth": "total_equity",
    "total_liabilities_and_net_worth": "total_liabilities_and_equity",
}
INCOME = {
    "net_sales": "revenue",
    "gross_profit": "gross_profit",
    "operating_profit": "operating_income",
    "profit_before_taxes": "income_before_tax",
    "net_income": "net_income",
}
PARTS = {
    "total_current_assets": (
        "cash_and_equivalents",
        "trade_receivables",
        "inventory",
        "other_current_assets",
    ),
    "total_assets": ("total_current_assets", "fixed_assets", "intangibles", "other_assets"),
    "total_current_liabilities": (
        "notes_payable_short_term",
        "trade_payables",
        "other_current_liabilities",
    ),
    "total_liabilities": (
        "total_current_liabilities",
        "long_term_debt",
        "deferred_taxes",
        "other_long_term_liabilities",
    ),
    "total_liabilities_and_net_worth": ("total_liabilities", "net_worth"),
}


@pytest.fixture(scope="module")
def sheet(maple_books: MapleBooks) -> tuple[Reports, Spread]:
    reports = build(maple_books(date(2019, 10, 1), date(2021, 3, 31)))
    source = Source(reports.balance_sheet, reports.income_statement, reports.placements)
    return reports, spread(standard_periods(source, 3, date(2021, 3, 31)), reports.heading)


def test_the_spread_takes_the_columns_that_the_books_cover(sheet: tuple[Reports, Spread]) -> None:
    columns = [(column.kind, column.start, column.statement_date) for column in sheet[1].columns]
    assert columns == [
        ("fiscal year", date(2020, 3, 1), date(2021, 2, 28)),
        ("interim", date(2021, 3, 1), date(2021, 3, 31)),
        ("interim last year", date(2020, 3, 1), date(2020, 3, 31)),
        ("trailing twelve months", date(2020, 4, 1), date(2021, 3, 31)),
    ]
    assert sheet[1].row("net_income").cells[0].amount == Decimal("415454.68")


def test_the_spreads_totals_are_the_statements_totals(sheet: tuple[Reports, Spread]) -> None:
    reports, found = sheet
    ends = [column.end for column in reports.balance_sheet.columns]
    months = [(column.start, column.end) for column in reports.income_statement.columns[:-1]]
    for place, column in enumerate(found.columns):
        at = ends.index(column.statement_date)
        for key, line in BALANCES.items():
            assert found.row(key).cells[place].amount == reports.balance_sheet.values(line)[at]
        inside = [
            i
            for i, (start, end) in enumerate(months)
            if start and column.start <= start and end <= column.statement_date
        ]
        for key, line in INCOME.items():
            values = reports.income_statement.values(line)
            assert found.row(key).cells[place].amount == sum(values[i] for i in inside)


def test_the_spreads_rows_add_up_and_its_net_worth_is_explained(sheet: tuple[Reports, Spread]) -> None:
    found = sheet[1]

    def amount(key: str, place: int) -> Decimal:
        value = found.row(key).cells[place].amount
        assert value is not None
        return value

    for place in range(len(found.columns)):
        for whole, parts in PARTS.items():
            assert amount(whole, place) == sum(amount(part, place) for part in parts)
        assert amount("unexplained_difference", place) == 0


def test_one_call_makes_the_whole_analysis(reports: Reports, source: Source) -> None:
    inputs = {LAST: LenderInputs(scheduled_principal=Decimal(12000))}
    cover = Covenant("Cover", "dscr", "at least", Decimal("1.25"))
    found = analyze(source, reports.heading, inputs=inputs, covenants=[cover])
    assert found is not None
    assert found.latest.metric("dscr").numerator.amount == Decimal("369541.45")
    assert [result.outcome for result in found.covenants] == ["pass"]
    assert found.cash_flow.ties
    assert [ratios.period.closing.as_of for ratios in found.monthly] == [
        column.end for column in reports.balance_sheet.columns
    ]
    assert len(found.columns) == len(found.spread.columns)
    earlier = [ratios.metric("dscr").status for ratios in found.monthly[:-1]]
    assert set(earlier) == {"needs input"}, "one date's inputs never stand for another's"
    document = analysis_json(found)
    assert json.loads(json.dumps(document)) == document
    assert document["ratios"]["covenants"][0]["outcome"] == "pass"


def test_statements_that_do_not_reach_the_last_day_give_no_analysis(reports: Reports, source: Source) -> None:
    heading = replace(reports.heading, date_to=date(2021, 6, 30))
    assert analyze(source, heading) is None
