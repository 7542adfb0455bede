from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as some

from collections_app.reports.build import build
from collections_app.reports.charts.chart import Chart, Series
from collections_app.reports.charts.drawing import HEIGHT, WIDTH, draw
from collections_app.reports.charts.report_charts import report_charts
from collections_app.reports.charts.scale import scale_for, short_amount
from collections_app.reports.markup import markup
from tests.collections_app.reports.cast import small_books

AMOUNTS = some.decimals(
    min_value=Decimal("-9999999999999.99"), max_value=Decimal("9999999999999.99"), places=2
)
LINES = Chart(
    key="cash",
    title="Cash <b>&",
    summary="It fell.",
    kind="lines",
    unit="amount",
    categories=("Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"),
    series=(Series("Cash", (Decimal(100), None, Decimal(-50), Decimal(0))),),
)


@given(some.lists(AMOUNTS, max_size=30))
def test_a_scale_has_few_round_steps_and_holds_zero_and_every_value(values: list[Decimal]) -> None:
    ticks = scale_for(values).ticks
    steps = {high - low for low, high in zip(ticks, ticks[1:], strict=False)}
    assert 2 <= len(ticks) <= 7
    assert len(steps) == 1
    assert steps.pop().normalize().as_tuple().digits in ((1,), (2,), (5,))
    assert Decimal(0) in ticks
    assert all(ticks[0] <= value <= ticks[-1] for value in values)


@given(some.lists(AMOUNTS | some.none(), min_size=1, max_size=30), some.sampled_from(["lines", "columns"]))
def test_nothing_is_drawn_outside_the_drawing(values: list[Decimal | None], kind: str) -> None:
    series = (Series("One", tuple(values)), Series("Two", tuple(reversed(values))))
    chart = Chart("key", "Title", "Summary.", kind, "amount", ("Jan 2024",) * len(values), series)  # type: ignore[arg-type]
    for mark in draw(chart).iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= Decimal(mark.get(name, "0")) <= WIDTH
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= Decimal(mark.get(name, "0")) <= HEIGHT


def marks(chart: Chart, tag: str) -> list[Element]:
    return [mark for mark in draw(chart).iter(tag)]


def test_a_column_is_as_high_as_its_share_of_the_scale() -> None:
    chart = replace(
        LINES, kind="columns", series=(Series("Cash", (Decimal(50), Decimal(100), Decimal(-50), None)),)
    )
    heights = [Decimal(mark.get("height", "")) for mark in marks(chart, "rect") if mark.get("height") != "8"]
    assert heights == [heights[0], 2 * heights[0], heights[0]]


def test_a_month_without_a_number_leaves_a_gap_in_the_line() -> None:
    (path,) = marks(LINES, "path")
    assert path.get("d", "").count("M") == 2
    assert len(marks(LINES, "circle")) == 3


def test_a_chart_says_in_words_what_it_shows_and_escapes_them() -> None:
    text = markup(draw(LINES))
    assert "<title>Cash &lt;b&gt;&amp;. It fell.</title>" in text
    assert "<desc>4 values each of cash; the table has them all.</desc>" in text


def test_a_chart_has_neither_script_nor_style_nor_an_address() -> None:
    text = markup(draw(LINES))
    assert "style" not in text
    assert "<script" not in text
    assert text.count("http") == text.count("http://www.w3.org/2000/svg")


def test_series_differ_in_more_than_color() -> None:
    chart = replace(LINES, series=tuple(Series(name, (Decimal(1),) * 4) for name in "abc"))
    assert len({path.get("stroke-dasharray") for path in marks(chart, "path")}) == 3


def test_amounts_on_the_axis_are_short() -> None:
    shown = [short_amount(Decimal(text)) for text in ("0", "-1500000", "250000", "999", "0.5", "2E+9")]
    assert shown == ["0", "-1.5M", "250k", "999", "0.5", "2B"]


def test_charts_show_the_figures_of_the_statements() -> None:
    charts = {chart.key: chart for chart in report_charts(build(small_books()))}
    assert list(charts) == ["revenue", "margins", "cash", "working_capital"]
    assert charts["revenue"].series[0].values == (Decimal(100),)
    assert charts["margins"].series[1].values == (Decimal("60.00"),)
    assert charts["cash"].series[0].values == (Decimal(560),)
    assert charts["cash"].summary == "Cash and cash equivalents Jan 2024: 560.00."


def test_only_what_was_asked_for_is_drawn() -> None:
    reports = build(replace(small_books(), wanted=frozenset({"cash_flow"})))
    assert report_charts(reports) == ()
