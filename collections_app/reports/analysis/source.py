"""From statements to positions, flows and periods, however the statements cut their columns.

A span is read from the column that covers it exactly, or else from columns that follow on one another and
together cover it. A span that the statements do not cover gives None, never a part of itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from collections_app.reports.analysis.figure import ARITHMETIC, ZERO
from collections_app.reports.analysis.owners import CAPITAL_LINE
from collections_app.reports.analysis.period import Flows, Period, Position
from collections_app.reports.categories import find
from collections_app.reports.periods import day_caption
from collections_app.reports.placement import Placement, Reason
from collections_app.reports.statement import Column, Line, Statement

ONE_DAY = timedelta(days=1)
# Net income and depreciation stand in both statements; these blocks only in the cash-flow statement.
CASH_FLOW_KEYS = ("cash_from_operations", "cash_from_investing", "cash_from_financing", "net_change_in_cash")
# The lines whose accounts a lender may tag as variable; income tax is no cost of selling.
COST_LINES = (
    "cost_of_revenue",
    "payroll_expenses",
    "other_operating_expenses",
    "depreciation_and_amortization",
    "interest_expense",
    "other_expenses",
)


@dataclass(frozen=True)
class Source:
    """The statements that an analysis is made from; ``placements`` give the accounts' categories.

    ``opening`` is a balance sheet of the day before the first period.
    """

    balance_sheet: Statement
    income_statement: Statement
    placements: tuple[Placement, ...]
    cash_flow: Statement | None = None
    opening: Statement | None = None

    @cached_property
    def _categories(self) -> dict[str, str]:
        """The standard category of each account that was placed by it, spelled as in the list."""
        return {
            placement.account.number: category.name
            for placement in self.placements
            if not placement.is_unassigned and placement.reason is not Reason.CLOSED_TO
            if (category := find(placement.account.category))
        }

    def position(self, day: date) -> Position | None:
        """The balance sheet at the end of ``day``; None when it has no such column."""
        for sheet in filter(None, (self.balance_sheet, self.opening)):
            for place, column in enumerate(sheet.columns):
                if column.start is None and column.end == day:
                    lines = _lines(sheet, (place,))
                    categories = self._by_category(sheet, (place,))
                    capital = _accounts(sheet, (CAPITAL_LINE,), (place,))
                    return Position(day, lines, categories, capital)
        return None

    def flows(self, start: date, end: date) -> Flows | None:
        """The income from ``start`` to ``end``; None when the columns do not cover exactly these days."""
        places = covering(self.income_statement.columns, start, end)
        if places is None:
            return None
        lines = _lines(self.income_statement, places)
        if self.cash_flow:
            cash_places = covering(self.cash_flow.columns, start, end)
            cash = _lines(self.cash_flow, cash_places) if cash_places is not None else {}
            lines |= {key: cash[key] for key in CASH_FLOW_KEYS if key in cash}
        categories = self._by_category(self.income_statement, places)
        costs = _accounts(self.income_statement, COST_LINES, places)
        return Flows(start, end, lines, categories, costs)

    def period(self, start: date, end: date, caption: str = "") -> Period | None:
        """The span with its balance sheets and the same span of earlier years.

        None when the closing balance sheet or the income of the span is not there.
        """
        closing, flows = self.position(end), self.flows(start, end)
        if closing is None or flows is None:
            return None
        return Period(
            caption or f"{day_caption(start)} to {day_caption(end)}",
            closing,
            flows,
            opening=self.position(start - ONE_DAY),
            last_year=self._earlier(start, end, 1),
            three_years_ago=self._earlier(start, end, 3),
        )

    def period_ending(self, end: date) -> Period | None:
        """The twelve months to ``end``, or what the statements have of them; None when they have nothing."""
        starts = sorted({column.start for column in self.income_statement.columns if column.start})
        for start in starts:
            if years_before(end + ONE_DAY, 1) <= start <= end:
                period = self.period(start, end)
                if period:
                    return period
        return None

    def _earlier(self, start: date, end: date, years: int) -> Flows | None:
        return self.flows(years_before(start, years), years_before(end + ONE_DAY, years) - ONE_DAY)

    def _by_category(self, statement: Statement, places: Sequence[int]) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for line in statement.lines:
            if line.style == "account":
                category = self._categories.get(line.accounts[0]) if line.accounts else None
                if category:
                    sums[category] = ARITHMETIC.add(sums[category], _sum(line, places))
        return dict(sums)


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def covering(columns: Sequence[Column], start: date, end: date) -> tuple[int, ...] | None:
    """The places of the columns that cover the span without gap or overlap; None when there are none.

    One column that is the span itself is preferred, then the shortest ones that follow on one another.
    """
    spans = {(column.start, column.end): place for place, column in enumerate(columns)}
    if (start, end) in spans:
        return (spans[start, end],)
    shortest: dict[date, Column] = {}
    for column in columns:
        first = column.start
        if first and column.end <= end and (first not in shortest or column.end < shortest[first].end):
            shortest[first] = column
    places, day = [], start
    while day in shortest:
        column = shortest[day]
        places.append(spans[column.start, column.end])
        day = column.end + ONE_DAY
    return tuple(places) if day == end + ONE_DAY and places else None


def _lines(statement: Statement, places: Sequence[int]) -> dict[str, Decimal]:
    own = (line for line in statement.lines if line.values and line.style not in ("account", "memo"))
    return {line.key: _sum(line, places) for line in own}


def _sum(line: Line, places: Iterable[int]) -> Decimal:
    total = ZERO
    for place in places:
        total = ARITHMETIC.add(total, line.values[place])
    return total


def _accounts(statement: Statement, under: Iterable[str], places: Sequence[int]) -> dict[str, Decimal]:
    """The accounts that feed the lines ``under``, by number."""
    wanted, above = set(under), ""
    accounts: dict[str, Decimal] = {}
    for line in statement.lines:
        if line.style == "line":
            above = line.key
        elif line.style == "account" and above in wanted:
            accounts.update(dict.fromkeys(line.accounts, _sum(line, places)))
    return accounts
