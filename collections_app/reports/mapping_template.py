"""A lender's own statement layout: its lines, and which categories and accounts feed them.

A template has a name and a version number; the content hash (``mapping_json``) says whether two versions have
the same effect. Accounts keep the statement of their own type: a template chooses only the line. A single
account goes before a range of numbers, a range before a category.
"""

from dataclasses import dataclass
from typing import Literal

from collections_app.reports.figures import AccountType, NormalBalance

RowStyle = Literal["heading", "line", "subtotal", "total", "grand_total"]
ROW_STYLES: tuple[RowStyle, ...] = ("heading", "line", "subtotal", "total", "grand_total")
STATEMENTS: dict[str, AccountType] = {
    "balance_sheet": "balancesheet",
    "income_statement": "incomestatement",
}


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One row of a lender's statement, printed in the order of the template.

    A line names its ``section`` (the key of a heading above it) and its ``sign``: the side that prints as a
    positive figure. A subtotal or total names the earlier rows that it ``adds`` and ``subtracts``, as
    printed. ``level`` is the indentation, 1 for the statement's own totals.
    """

    key: str
    label: str
    statement: AccountType
    style: RowStyle
    level: int = 2
    section: str = ""
    sign: NormalBalance | None = None
    adds: tuple[str, ...] = ()
    subtracts: tuple[str, ...] = ()

    @property
    def is_total(self) -> bool:
        """Whether the row is made of other rows."""
        return self.style in ("subtotal", "total", "grand_total")


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Account numbers by their leading digits, both ends included: 6000 to 6099 has 6010-2 in it."""

    first: str
    last: str

    def holds(self, number: str) -> bool:
        """Whether the account number's leading digits are in the range; never when it has none."""
        digits = number[: len(number) - len(number.lstrip("0123456789"))]
        return bool(digits) and int(self.first) <= int(digits) <= int(self.last)


@dataclass(frozen=True, slots=True)
class LineMapping:
    """What feeds one line: categories by name, single accounts by number, and ranges of numbers."""

    line: str
    categories: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    ranges: tuple[NumberRange, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingTemplate:
    """One version of a lender's layout.

    ``total_assets``, ``total_liabilities_and_equity`` and ``net_income`` are the keys of the totals that must
    agree with the ledger. ``retained_earnings`` is the line of the accounts that others close to, and
    ``current_year_net_income`` the line of the fiscal year's income on the balance sheet; the same line will
    do.
    """

    name: str
    version: int
    rows: tuple[TemplateRow, ...]
    mappings: tuple[LineMapping, ...]
    total_assets: str
    total_liabilities_and_equity: str
    net_income: str
    retained_earnings: str
    current_year_net_income: str

    def rows_of(self, statement: AccountType) -> tuple[TemplateRow, ...]:
        """The rows of one statement, in the order of printing."""
        return tuple(row for row in self.rows if row.statement == statement)


class TemplateRefused(ValueError):
    """The template cannot make honest statements; ``problems`` are plain sentences, one for each fault."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems
