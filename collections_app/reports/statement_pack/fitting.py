"""How many columns a page can hold at a size that is read with ease, and which way it is turned.

Measures are points, on the smaller of the two papers in each direction, in 8 point type.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from collections_app.reports.statement import Line, Statement
from collections_app.reports.wording import printed

LABEL_WIDTH = 190
# A date stands on one line in the smallest column.
_SMALLEST_COLUMN, _PADDING, _TYPE_SIZE = 66, 9, 8
# Widths of the characters of an amount in thousandths of the type size, in bold as totals are.
_CHARACTERS = {",": 380, ".": 380, "(": 457, ")": 457}
_DIGIT = 696
_ROW, _SPACE_AROUND, _HEADERS = 13, 7, 62


@dataclass(frozen=True, slots=True)
class Page:
    """One way to turn the paper: what is between the margins."""

    is_landscape: bool
    width: int
    height: int


PORTRAIT = Page(is_landscape=False, width=504, height=680)
LANDSCAPE = Page(is_landscape=True, width=696, height=480)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A statement in as many parts as its columns need, each with the labels repeated."""

    page: Page
    column_width: int
    parts: tuple[Statement, ...]
    is_whole: bool

    @property
    def pages(self) -> int:
        """About how many pages the parts take, those that are short standing below each other."""
        height = _height(self.parts[0].lines)
        if height > self.page.height:
            return len(self.parts) * -(-height // self.page.height)
        return -(-len(self.parts) // (self.page.height // height))


def fit(statement: Statement) -> Fitted:
    """The statement on the way of turning the paper that takes fewer pages; upright where it is the same."""
    return min((_fit(statement, page) for page in (PORTRAIT, LANDSCAPE)), key=lambda fitted: fitted.pages)


def _fit(statement: Statement, page: Page) -> Fitted:
    width = amount_width(value for line in statement.lines for value in line.values)
    room = max(1, (page.width - LABEL_WIDTH) // width)
    count = -(-len(statement.columns) // room)
    each = -(-len(statement.columns) // count)
    parts = tuple(
        columns_of(statement, slice(first, first + each)) for first in range(0, len(statement.columns), each)
    )
    return Fitted(page, width, parts, is_whole=_height(statement.lines) <= page.height)


def columns_of(statement: Statement, chosen: slice) -> Statement:
    """The statement with these of its columns alone."""
    lines = tuple(replace(line, values=line.values[chosen]) for line in statement.lines)
    return replace(statement, columns=statement.columns[chosen], lines=lines)


def _height(lines: Iterable[Line]) -> int:
    """The height of a statement with its title and its column headers."""
    apart = ("heading", "total", "grand_total")
    return _HEADERS + sum(_ROW + (_SPACE_AROUND if line.style in apart else 0) for line in lines)


def amount_width(amounts: Iterable[Decimal], smallest: int = _SMALLEST_COLUMN) -> int:
    """The width of a column in which the longest of these amounts stands on one line."""
    widest = max((_width(printed(amount)) for amount in amounts), default=0)
    return max(smallest, widest * _TYPE_SIZE // 1000 + _PADDING)


def _width(text: str) -> int:
    return sum(_CHARACTERS.get(character, _DIGIT) for character in text)
