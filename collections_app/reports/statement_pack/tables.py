"""The parts of a table in the pack."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

from collections_app.reports.analysis.metric import rounded_text
from collections_app.reports.markup import element
from collections_app.reports.wording import printed

_KEPT_ROWS = 4


def table(
    header: Sequence[Element], rows: Iterable[Element], *, class_: str = "", columns: Iterable[Element] = ()
) -> Element:
    """A table whose header is repeated on every page that it runs over."""
    return element(
        "table",
        element("colgroup", *columns),
        element("thead", element("tr", *header)),
        *map(_group, _groups(rows)),
        class_=class_,
    )


def _groups(rows: Iterable[Element]) -> Iterator[list[Element]]:
    """The rows in runs, each from its headings on, so that no heading stands alone at the foot of a page."""
    run: list[Element] = []
    for each in rows:
        begins = _is_heading(each) and bool(run) and not _is_heading(run[-1])
        # The first rows of a long run stay together, the others may go on overleaf.
        goes_on = len(run) == _KEPT_ROWS and not _is_heading(run[-1])
        if run and (begins or goes_on):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _is_heading(made: Element) -> bool:
    return made.get("class") == "heading"


def _group(rows: list[Element]) -> Element:
    return element("tbody", *rows)


def row(*cells: Element, class_: str = "") -> Element:
    """A row of cells."""
    return element("tr", *cells, class_=class_)


def column_header(text: str, class_: str = "") -> Element:
    """The head of a column."""
    return element("th", text, scope="col", class_=class_)


def row_header(*contents: Element | str, class_: str = "") -> Element:
    """The first cell of a row, which names it."""
    return element("th", *contents, scope="row", class_=class_)


def amount_cell(amount: Decimal | None, unknown: str = "needs input") -> Element:
    """A cell with an amount, in brackets when it is negative; ``unknown`` where there is none."""
    if amount is None:
        return text_cell(unknown, class_="amount unknown")
    return text_cell(printed(amount), class_="amount negative" if amount < 0 else "amount")


def text_cell(*contents: Element | str, class_: str = "") -> Element:
    """A cell with text."""
    return element("td", *contents, class_=class_)


def percent_cell(value: Decimal | None, unknown: str = "–") -> Element:
    """A cell with a percentage to one place; ``unknown`` where there is none."""
    return text_cell(unknown if value is None else percent_text(value), class_="amount")


def percent_text(value: Decimal) -> str:
    """A percentage to one place, never as minus zero."""
    return f"{rounded_text(value, 1)}%"


def number_header(text: str) -> Element:
    """The head of a column of amounts."""
    return column_header(text, "amount")
