"""Statements as tables for the page: every amount is text by now, negative ones in brackets."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from collections_app.reports.build import Reports
from collections_app.reports.figures import TrialBalanceRow
from collections_app.reports.placement import Placement
from collections_app.reports.statement import Line, Statement
from collections_app.reports.trial_balance import TrialBalanceMonth
from collections_app.reports.wording import plain

NIL = "–"


@dataclass(frozen=True)
class TableRow:
    """A row of a statement. `style` and `level` become classes."""

    label: str
    style: str
    level: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A line of a statement and the accounts behind it, which the page keeps folded."""

    row: TableRow
    detail: tuple[TableRow, ...]


@dataclass(frozen=True)
class Table:
    """A statement for the page."""

    key: str
    title: str
    captions: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def width(self) -> int:
        return len(self.captions) + 1


@dataclass(frozen=True)
class Month:
    """A month of the trial balance to choose from."""

    label: str
    caption: str
    is_shown: bool


@dataclass(frozen=True)
class TrialBalanceTable:
    """One month of the trial balance, without the accounts that have neither balance nor activity."""

    months: tuple[Month, ...]
    caption: str
    has_adjustments: bool
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    totals: tuple[str, ...]
    left_out: int


def figure(amount: Decimal) -> str:
    """An amount for people: thousands apart, a negative one in brackets, nil as a dash; never rounded."""
    if not amount:
        return NIL
    whole, _, places = plain(abs(amount)).partition(".")
    shown = f"{int(whole):,}.{places}"
    return f"({shown})" if amount < 0 else shown


def statement_table(statement: Statement) -> Table:
    """The statement with each line's accounts folded under it."""
    captions = tuple(column.caption for column in statement.columns)
    return Table(statement.key, statement.title, captions, tuple(_blocks(statement)))


def trial_balance_table(reports: Reports, label: str) -> TrialBalanceTable:
    """The month with that label, or the last one."""
    months = reports.trial_balance
    shown = next((month for month in months if month.window.label == label), months[-1])
    titles = {placement.account.number: placement.account.title for placement in reports.placements}
    rows = [row for row in shown.rows if not row.is_zero]
    adjusted = any(row.adjusting_debits or row.adjusting_credits for row in rows)
    return TrialBalanceTable(
        months=tuple(_month(month, shown) for month in months),
        caption=shown.window.caption,
        has_adjustments=adjusted,
        rows=tuple((row.account, titles.get(row.account, ""), _amounts(row, adjusted)) for row in rows),
        totals=_amounts(shown.total, adjusted),
        left_out=len(shown.rows) - len(rows),
    )


def assigned_here(reports: Reports) -> list[Placement]:
    """The accounts whose category the borrower gave on our pages, because Sage Intacct had none."""
    return [placement for placement in reports.placements if placement.account.category_source == "borrower"]


def _blocks(statement: Statement) -> Iterator[Block]:
    row: TableRow | None = None
    detail: list[TableRow] = []
    for line in statement.shown_lines:
        if line.style in ("account", "memo"):
            detail.append(_row(line))
            continue
        if row:
            yield Block(row, tuple(detail))
        row, detail = _row(line), []
    if row:
        yield Block(row, tuple(detail))


def _row(line: Line) -> TableRow:
    return TableRow(line.label, line.style, line.level, tuple(figure(value) for value in line.values))


def _month(month: TrialBalanceMonth, shown: TrialBalanceMonth) -> Month:
    return Month(month.window.label, month.window.caption, month is shown)


def _amounts(row: TrialBalanceRow, adjusted: bool) -> tuple[str, ...]:
    amounts = row.amounts if adjusted else (row.opening, row.debits, row.credits, row.closing)
    return tuple(figure(amount) for amount in amounts)
