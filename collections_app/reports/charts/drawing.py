"""Drawing a chart as SVG. Colors and sizes are attributes, which a strict content policy allows.

Series differ in lightness and in dash as well as in color, so that they can be told apart in black and white.
"""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from xml.etree.ElementTree import Element

from collections_app.reports.charts.chart import Chart
from collections_app.reports.charts.scale import Scale, scale_for, short_amount
from collections_app.reports.markup import element

WIDTH, HEIGHT = 320, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = Decimal(38), Decimal(310), Decimal(40), Decimal(190)
_COLORS = ("#1f4b99", "#e09f3e", "#4a5563")
_DASHES = ("", "5 3", "1.5 2.5")
_INK, _GRID = "#333d49", "#d8dee5"
_GAP = Decimal("0.25")
_KEY_WIDTH, _CHARACTER, _APART = Decimal(30), Decimal("5.3"), Decimal(7)


def draw(chart: Chart) -> Element:
    """The chart as an SVG element with a title and a description for those who cannot see it."""
    scale = scale_for(value for series in chart.series for value in series.values if value is not None)
    marks = _columns if chart.kind == "columns" else _lines
    return element(
        "svg",
        element("title", f"{chart.title}. {chart.summary}", limit=1_000),
        element("desc", f"{len(chart.categories)} values each of {_names(chart)}; the table has them all."),
        *_grid(chart, scale),
        *marks(chart, scale),
        *_legend(chart),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        font_family="DejaVu Sans, sans-serif",
        font_size="9",
    )


def _names(chart: Chart) -> str:
    return " and ".join(series.name.lower() for series in chart.series)


def _grid(chart: Chart, scale: Scale) -> Iterator[Element]:
    for tick in scale.ticks:
        y = _y(scale, tick)
        color = _INK if not tick else _GRID
        yield _line(_LEFT, y, _RIGHT, y, stroke=color, stroke_width="0.6")
        text = f"{tick:f}%" if chart.unit == "percent" else short_amount(tick)
        yield _text(text, _LEFT - 4, y + 3, anchor="end")
    apart = _labels_apart(chart)
    for place, name in enumerate(chart.categories):
        # Counted from the last one, because the latest figure is the one that is looked for.
        if (len(chart.categories) - 1 - place) % apart == 0:
            yield _label(name, _x(chart, place))


def _labels_apart(chart: Chart) -> int:
    """Of how many categories one is named, so that the names do not run into each other."""
    characters = sum(map(len, chart.categories))
    width = _CHARACTER * characters + _APART * len(chart.categories)
    return max(1, int((width / (_RIGHT - _LEFT)).to_integral_value(ROUND_CEILING)))


def _label(name: str, x: Decimal) -> Element:
    if x + _CHARACTER * len(name) / 2 > WIDTH:
        return _text(name, Decimal(WIDTH), _BOTTOM + 13, anchor="end")
    return _text(name, x, _BOTTOM + 13, anchor="middle")


def _columns(chart: Chart, scale: Scale) -> Iterator[Element]:
    slot = (_RIGHT - _LEFT) / len(chart.categories)
    width = slot * (1 - _GAP) / len(chart.series)
    zero = _y(scale, Decimal(0))
    for number, series in enumerate(chart.series):
        for place, value in enumerate(series.values):
            if not value:
                continue
            y = _y(scale, value)
            yield element(
                "rect",
                x=_number(_LEFT + slot * place + slot * _GAP / 2 + width * number),
                y=_number(min(y, zero)),
                width=_number(width),
                height=_number(abs(y - zero)),
                fill=_COLORS[number],
            )


def _lines(chart: Chart, scale: Scale) -> Iterator[Element]:
    for number, series in enumerate(chart.series):
        pen, steps = "M", []
        for place, value in enumerate(series.values):
            if value is None:
                pen = "M"
                continue
            x, y = _x(chart, place), _y(scale, value)
            steps.append(f"{pen}{_number(x)} {_number(y)}")
            pen = "L"
            yield _dot(x, y, number)
        if steps:
            yield element(
                "path",
                d=" ".join(steps),
                fill="none",
                stroke=_COLORS[number],
                stroke_width="1.6",
                stroke_dasharray=_DASHES[number],
            )


def _legend(chart: Chart) -> Iterator[Element]:
    x, y = _LEFT, Decimal(8)
    for number, series in enumerate(chart.series):
        width = _KEY_WIDTH + _CHARACTER * len(series.name)
        if x > _LEFT and x + width > WIDTH:
            x, y = _LEFT, y + 14
        color, dash = _COLORS[number], _DASHES[number]
        if chart.kind == "columns":
            yield element("rect", x=_number(x), y=_number(y - 4), width="8", height="8", fill=color)
        else:
            yield _line(x, y, x + 14, y, stroke=color, stroke_width="1.6", dash=dash)
        yield _text(series.name, x + 18, y + 3)
        x += width


def _x(chart: Chart, place: int) -> Decimal:
    """The middle of a category."""
    slot = (_RIGHT - _LEFT) / len(chart.categories)
    return _LEFT + slot * place + slot / 2


def _y(scale: Scale, value: Decimal) -> Decimal:
    return _BOTTOM - (_BOTTOM - _TOP) * scale.fraction(value)


def _line(
    x1: Decimal, y1: Decimal, x2: Decimal, y2: Decimal, *, stroke: str, stroke_width: str, dash: str = ""
) -> Element:
    return element(
        "line",
        x1=_number(x1),
        y1=_number(y1),
        x2=_number(x2),
        y2=_number(y2),
        stroke=stroke,
        stroke_width=stroke_width,
        stroke_dasharray=dash,
    )


def _dot(x: Decimal, y: Decimal, number: int) -> Element:
    return element("circle", cx=_number(x), cy=_number(y), r="1.8", fill=_COLORS[number])


def _text(text: str, x: Decimal, y: Decimal, anchor: str = "") -> Element:
    return element("text", text, x=_number(x), y=_number(y), text_anchor=anchor, fill=_INK)


def _number(value: Decimal) -> str:
    return f"{value:.1f}"
