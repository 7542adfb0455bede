"""What a cell can hold, and formulas that are live only where they give our figure exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import ZERO
from collections_app.reports.wording import clean

CELL_LIMIT = 32_767
CUT_MARK = " [cut here: longer than a cell can hold]"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign, and our figure, which is what the cell shows until recalculated."""

    text: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a place in the workbook, such as "'Trial balance'!A8"."""

    text: str
    target: str


Cell = str | int | date | Decimal | Formula | Link | None


def fit(text: str, limit: int = CELL_LIMIT, mark: str = CUT_MARK) -> str:
    """The text as a cell can hold it: clean, and visibly cut to at most ``limit`` UTF-16 units."""
    text = clean(text)
    if len(text) * 2 <= limit:
        return text
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * limit:
        return text
    return encoded[: 2 * (limit - len(mark))].decode("utf-16-le", "ignore") + mark


def place(row: int, column: int) -> str:
    """The name of a cell; rows and columns count from zero."""
    name: str = xl_rowcol_to_cell(row, column)
    return name


def target(sheet: str, row: int, column: int = 0) -> str:
    """A place in a sheet as links and names give it."""
    return f"'{sheet}'!{place(row, column)}"


def column_sum(first_row: int, column: int, amounts: Iterable[Decimal], total: Decimal) -> Formula | Decimal:
    """The sum of a column from ``first_row`` on; the plain total where the amounts do not add up to it."""
    amounts = tuple(amounts)
    if not amounts:
        return total
    text = f"SUM({place(first_row, column)}:{place(first_row + len(amounts) - 1, column)})"
    return exactly(text, exact_sum(amounts), total)


def exactly(text: str, gives: Decimal, amount: Decimal) -> Formula | Decimal:
    """The formula where it gives the amount, else the amount alone: a figure never changes when opened."""
    return Formula(text, amount) if gives == amount else amount


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum without rounding."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
