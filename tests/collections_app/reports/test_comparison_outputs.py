"""Horizontal and vertical analysis in JSON, tables and workbook."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from collections_app.reports.books import Books
from collections_app.reports.build import Reports, build
from collections_app.reports.export import statements_json
from collections_app.reports.figures import MonthlyTrialBalance, TrialBalanceRow
from collections_app.reports.periods import month_end
from collections_app.reports.report_tables import tables
from tests.collections_app.reports.cast import row, small_books
from tests.collections_app.reports.test_csv_tables import table_of
from tests.collections_app.reports.test_workbook import read_back, read_formulas, sheet_rows

SHEETS = ("Horizontal analysis", "Vertical analysis")


def two_years() -> Books:
    """Sales of 100 and rent of 40 in each month of the first year, 150 and 90 in each of the second."""
    months = []
    cash = earned = Decimal(0)
    for year, sales, rent in ((2023, 100, 40), (2024, 150, 90)):
        sold = spent = 0
        for month in range(1, 13):
            rows = (
                row("1000", str(cash), str(sales), str(rent)),
                row("3000", str(-earned)),
                row("4000", str(-sold), "0", str(sales)),
                row("6000", str(spent), str(rent)),
            )
            months.append(_month(year, month, rows))
            cash, sold, spent = cash + sales - rent, sold + sales, spent + rent
        earned += sold - spent
    made = small_books(date_from=date(2023, 1, 1), date_to=date(2024, 12, 31))
    return replace(made, months=tuple(months))


def _month(year: int, month: int, rows: tuple[TrialBalanceRow, ...]) -> MonthlyTrialBalance:
    start = date(year, month, 1)
    return MonthlyTrialBalance(start, month_end(start), rows)


@pytest.fixture(scope="module")
def reports() -> Reports:
    return build(two_years())


def analysis(reports: Reports, key: str, periods: str, statement: str) -> Any:
    found = json.loads(statements_json(reports))[key]
    (made,) = [each for each in found if (each["periods"], each["statement"]) == (periods, statement)]
    return made


def lines(made: Any) -> dict[str, Any]:
    return {line["key"]: line for line in made["lines"]}


def test_the_json_has_each_line_against_the_year_before(reports: Reports) -> None:
    made = analysis(reports, "horizontal_analysis", "fiscal_years", "income_statement")
    assert made["columns"] == [{"column": "2024-01-01 to 2024-12-31", "against": "2023-01-01 to 2023-12-31"}]
    assert lines(made)["revenue"]["changes"] == [{"amount": "600.00", "percent": "50.00"}]
    assert lines(made)["account:6000"]["changes"] == [{"amount": "600.00", "percent": "125.00"}]
    assert lines(made)["cost_of_revenue"]["changes"] == [{"amount": "0.00", "percent": None}]
    months = analysis(reports, "horizontal_analysis", "months", "balance_sheet")
    assert len(months["columns"]) == 12
    assert months["columns"][0] == {"column": "2024-01-31", "against": "2023-01-31"}


def test_the_json_has_each_line_in_percent_of_revenue_or_of_total_assets(reports: Reports) -> None:
    income = analysis(reports, "vertical_analysis", "fiscal_years", "income_statement")
    assert lines(income)["net_income"] == {
        "key": "net_income",
        "base": "revenue",
        "percent": ["60.00", "40.00"],
    }
    sheet = analysis(reports, "vertical_analysis", "months", "balance_sheet")
    assert lines(sheet)["account:1000"]["percent"] == ["100.00"] * 24
    assert lines(sheet)["account:1000"]["base"] == "total_assets"


def test_the_tables_have_a_row_for_each_line_and_column(reports: Reports) -> None:
    across = [
        each
        for each in table_of(reports, "horizontal_analysis")
        if (each["periods"], each["key"]) == ("fiscal_years", "net_income")
    ]
    assert across == [
        {
            "periods": "fiscal_years",
            "statement": "income_statement",
            "key": "net_income",
            "label": "Net income",
            "level": "1",
            "column": "2024-01-01 to 2024-12-31",
            "against": "2023-01-01 to 2023-12-31",
            "amount": "720.00",
            "base_amount": "720.00",
            "change": "0.00",
            "change_percent": "0.00",
        }
    ]
    down = {
        each["column"]: (each["base"], each["amount"], each["base_amount"], each["percent"])
        for each in table_of(reports, "vertical_analysis")
        if (each["periods"], each["key"]) == ("fiscal_years", "net_income")
    }
    assert down == {
        "2023-01-01 to 2023-12-31": ("revenue", "720.00", "1200.00", "60.00"),
        "2024-01-01 to 2024-12-31": ("revenue", "720.00", "1800.00", "40.00"),
    }


def test_a_percentage_that_does_not_end_has_ten_places_and_one_without_a_base_is_empty() -> None:
    made = small_books()
    months = (replace(made.months[0], rows=(row("1000", "3", "1"), row("4000", "0", "0", "3"))),)
    rows = table_of(build(replace(made, months=months)), "vertical_analysis")
    found = {each["key"]: each["percent"] for each in rows if each["column"] == "2024-01"}
    assert found["revenue"] == "100.00"
    empty = table_of(build(replace(made, months=(replace(months[0], rows=()),))), "vertical_analysis")
    assert {each["percent"] for each in empty} == {""}
    spent = (row("1000", "3"), row("4000", "0", "0", "3"), row("6000", "0", "1"))
    rows = table_of(build(replace(made, months=(replace(months[0], rows=spent),))), "vertical_analysis")
    found = {each["key"]: each["percent"] for each in rows if each["column"] == "2024-01"}
    assert found["account:6000"] == "33.3333333333"


def test_the_workbook_shows_change_and_percent_as_live_formulas(reports: Reports) -> None:
    shown, formulas = read_back(reports), read_formulas(reports)
    across = block(sheet_rows(shown[SHEETS[0]]), "Income statement against the year before: fiscal years")
    assert across["Revenue"][1:5] == (1800, 1200, 600, 50)
    assert across["Cost of revenue"][4] == "n/m"
    live = block(sheet_rows(formulas[SHEETS[0]]), "Income statement against the year before: fiscal years")
    _, now, then, change, percent, *_ = live["Revenue"]
    assert (now, then) == (1800, 1200)
    assert str(change).startswith("=B")
    assert str(percent).startswith("=100*D")
    down = block(sheet_rows(shown[SHEETS[1]]), "Income statement in percent of revenue: fiscal years")
    assert down["Net income"][1:5] == (720, 60, 720, 40)
    live = block(sheet_rows(formulas[SHEETS[1]]), "Income statement in percent of revenue: fiscal years")
    assert str(live["Net income"][2]).startswith("=100*B")


def block(rows: list[tuple[Any, ...]], title: str) -> dict[str, tuple[Any, ...]]:
    """The lines under a title of the sheet, by their labels."""
    first = next(place for place, each in enumerate(rows) if each[0] == title)
    found = {}
    for each in rows[first + 1 :]:
        if each[0] is None:
            break
        found[str(each[0])] = each
    return found


def test_without_a_year_before_there_is_nothing_to_compare() -> None:
    reports = build(small_books())
    assert json.loads(statements_json(reports))["horizontal_analysis"] == []
    assert "horizontal_analysis" not in [table.name for table in tables(reports)]
    names = read_back(reports).sheetnames
    assert SHEETS[0] not in names
    assert SHEETS[1] in names


def test_only_the_statement_that_was_asked_for_is_analyzed(reports: Reports) -> None:
    asked = replace(reports, wanted=frozenset({"income_statement"}))
    for key in ("horizontal_analysis", "vertical_analysis"):
        assert {each["statement"] for each in table_of(asked, key)} == {"income_statement"}
        made = json.loads(statements_json(asked))[key]
        assert {each["statement"] for each in made} == {"income_statement"}
    neither = replace(reports, wanted=frozenset({"trial_balance"}))
    assert not set(SHEETS) & set(read_back(neither).sheetnames)
    assert not json.loads(statements_json(neither))["vertical_analysis"]
