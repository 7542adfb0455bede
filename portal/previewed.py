"""The statements in short, as the borrower sees them before sharing: one column, fit for a telephone."""

from dataclasses import dataclass
from decimal import Decimal

from collections_app.reports.build import Reports
from collections_app.reports.figures import REPORT_TITLES, Heading
from collections_app.reports.statement import Column, Line, Statement

SHORT = ("balance_sheet", "income_statement", "cash_flow")
DETAIL = ("account", "memo", "heading")


@dataclass(frozen=True)
class ShortLine:
    label: str
    is_total: bool
    amount: Decimal


@dataclass(frozen=True)
class ShortStatement:
    """A statement with its last column alone: the end of the period, or the total of it.

    Its name is the one by which it was asked for; its lines are in the words of the reports.
    """

    name: str
    column: Column
    lines: tuple[ShortLine, ...]


@dataclass(frozen=True)
class Previewed:
    heading: Heading
    statements: tuple[ShortStatement, ...]


def previewed(reports: Reports) -> Previewed:
    """Those of the three that were asked for, without accounts and without lines that are nil."""
    wanted = (statement for statement in reports.statements if statement.key in SHORT)
    return Previewed(reports.heading, tuple(map(_short, wanted)))


def _short(statement: Statement) -> ShortStatement:
    lines = tuple(_line(line) for line in statement.shown_lines if _counts(line))
    return ShortStatement(REPORT_TITLES[statement.key], statement.columns[-1], lines)


def _counts(line: Line) -> bool:
    return line.style not in DETAIL and (bool(line.values[-1]) or line.style == "grand_total")


def _line(line: Line) -> ShortLine:
    return ShortLine(line.label, line.style != "line", line.values[-1])
