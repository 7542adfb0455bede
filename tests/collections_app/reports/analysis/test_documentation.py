"""The page on the analysis says what the code does."""

from dataclasses import fields
from pathlib import Path

from collections_app.reports.analysis.definitions import Definitions, LenderInputs
from collections_app.reports.analysis.ratios import period_ratios
from tests.collections_app.reports.analysis.company import INPUTS, PERIOD

PAGE = Path(__file__).parents[4].joinpath("docs", "analysis.md").read_text(encoding="utf-8")


def test_every_metric_is_on_the_page_with_its_formula() -> None:
    ratios = period_ratios(PERIOD, INPUTS)
    rows = [
        f"| {metric.group} | `{metric.key}` | {metric.formula.replace('x 366', 'x days in the period')} |"
        for metric in ratios.metrics
    ]
    assert [row for row in rows if row not in PAGE] == []
    assert PAGE.count("\n| ") == len(rows) + len(fields(Definitions)) + 2


def test_every_input_and_every_choice_of_the_lender_is_on_the_page() -> None:
    names = [field.name for field in (*fields(LenderInputs), *fields(Definitions))]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
