"""The consolidation bridge: from the entities' own books to the consolidated book, line by line.

For each statement line: the entities' figures in their own currencies, their sum, the eliminations, the
translation into the book's currency, the consolidated book, and the residual that none of these explains. The
residual is always shown, zero when the bridge holds (practice).

Translation is what the book holds for the entities less what they hold themselves, so it is zero where the
currencies are the same. Where an entity's figures in the book's currency were not read, the translation can
only be taken as the rest; the bridge then says so, and its residual proves nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from collections_app.reports.books import Books, EntityBooks
from collections_app.reports.cash_flow_classes import cash_flow_placements
from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import ZERO, MonthlyTrialBalance, Scope
from collections_app.reports.fiscal_ledger import fiscal_ledger
from collections_app.reports.period_sets import Period, PeriodSet
from collections_app.reports.period_statements import PeriodStatements, period_statements
from collections_app.reports.statement import Column, Line, Statement, Style


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One line of a statement on its way to the consolidated book, signed as on the statement.

    ``book = total + eliminations + translation + residual``. ``entities`` are in the order of the bridge's
    entities, each in its own currency; ``total`` is their sum.
    """

    key: str
    label: str
    level: int
    style: Style
    entities: tuple[Decimal, ...]
    total: Decimal
    eliminations: Decimal
    translation: Decimal
    book: Decimal

    @property
    def residual(self) -> Decimal:
        """What the book holds beyond entities, eliminations and translation."""
        with localcontext(EXACT):
            return self.book - self.total - self.eliminations - self.translation


@dataclass(frozen=True, slots=True)
class Bridge:
    """One statement of one period, from the entities to the book.

    ``scopes`` and ``currencies`` are those of the entities, the elimination entity aside. ``is_proof`` is
    False when some entity's translation could only be taken as the rest.
    """

    statement: str
    title: str
    column: Column
    currency: str
    scopes: tuple[Scope, ...]
    currencies: tuple[str, ...]
    is_proof: bool
    lines: tuple[BridgeLine, ...]

    @property
    def residuals(self) -> tuple[BridgeLine, ...]:
        """The lines that entities, eliminations and translation do not explain."""
        return tuple(line for line in self.lines if line.residual)


def consolidation_bridges(books: Books, period: Period | None = None) -> tuple[Bridge, ...]:
    """The bridges of balance sheet, income statement and cash flow; none without entities.

    They cover the whole request unless another period is given; balances are those of its last day.
    """
    if not books.entities:
        return ()
    heading = books.heading
    whole = Period("total", "Total", heading.date_from, heading.date_to)
    periods = PeriodSet("bridge", "Consolidation", (period or whole,))
    with localcontext(EXACT):
        book = _statements(books, heading.scope, heading.currency, books.months, periods)
        sides = [_Side.of(books, entity, periods) for entity in books.entities]
        return tuple(_bridge(books, book, sides, place) for place in range(3))


@dataclass(frozen=True, slots=True)
class _Side:
    """An entity's statements in its own currency, and in the book's where they are known."""

    entity: EntityBooks
    own: PeriodStatements
    in_book: PeriodStatements | None

    @classmethod
    def of(cls, books: Books, entity: EntityBooks, periods: PeriodSet) -> "_Side":
        own = _statements(books, entity.scope, entity.currency, entity.months, periods)
        if entity.translated:
            translated = _statements(books, entity.scope, books.heading.currency, entity.translated, periods)
            return cls(entity, own, translated)
        return cls(entity, own, own if entity.currency == books.heading.currency else None)


def _statements(
    books: Books,
    scope: Scope,
    currency: str,
    months: tuple[MonthlyTrialBalance, ...],
    periods: PeriodSet,
) -> PeriodStatements:
    heading = replace(books.heading, scope=scope, currency=currency)
    ledger = fiscal_ledger(replace(books, heading=heading, months=months))
    accounts = cash_flow_placements(ledger.placements, books.cash_flow_overrides, books.translation_accounts)
    return period_statements(ledger, periods, accounts, books.translation_accounts)


def _bridge(books: Books, book: PeriodStatements, sides: Sequence[_Side], place: int) -> Bridge:
    statement = book.statements[place]
    entities = [side for side in sides if not side.entity.is_elimination]
    return Bridge(
        statement=statement.key,
        title=statement.title,
        column=statement.columns[0],
        currency=books.heading.currency,
        scopes=tuple(side.entity.scope for side in entities),
        currencies=tuple(side.entity.currency for side in entities),
        is_proof=all(side.in_book for side in sides),
        lines=tuple(
            _bridge_line(line, statement, sides, place)
            for line in _lines(statement, sides, place)
            if line.style not in ("heading", "memo")
        ),
    )


def _lines(statement: Statement, sides: Iterable[_Side], place: int) -> Iterable[Line]:
    """The book's lines, then those that only an entity has."""
    lines = {line.key: line for line in statement.lines}
    for side in sides:
        for line in side.own.statements[place].lines:
            lines.setdefault(line.key, line)
    return lines.values()


def _bridge_line(line: Line, statement: Statement, sides: Sequence[_Side], place: int) -> BridgeLine:
    def value(statements: PeriodStatements | None) -> Decimal:
        return _value(statements.statements[place], line.key) if statements else ZERO

    book = _value(statement, line.key)
    own = tuple(value(side.own) for side in sides if not side.entity.is_elimination)
    eliminated = sum((value(side.own) for side in sides if side.entity.is_elimination), ZERO)
    total = sum(own, ZERO)
    if all(side.in_book for side in sides):
        translation = sum((value(side.in_book) - value(side.own) for side in sides), ZERO)
    else:
        translation = book - total - eliminated
    return BridgeLine(line.key, line.label, line.level, line.style, own, total, eliminated, translation, book)


def _value(statement: Statement, key: str) -> Decimal:
    return next((line.values[0] for line in statement.lines if line.key == key and line.values), ZERO)
