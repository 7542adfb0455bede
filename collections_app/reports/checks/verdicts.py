"""From what was compared to the result of a check."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from collections_app.reports.checks.check import Check, Family, Outcome, Unit
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.figures import ZERO
from collections_app.reports.periods import Window
from collections_app.reports.wording import plain


@dataclass(frozen=True, slots=True)
class Definition:
    """What every result of one check has in common."""

    id: str
    title: str
    family: Family
    unit: Unit = "amount"


class Sentences(NamedTuple):
    """What a check says when it passes and when it fails."""

    passes: str
    fails: str


def judged(
    definition: Definition, span: Window, compared: Comparisons, says: Sentences, *, is_warning: bool = False
) -> Check:
    """The result of comparing amounts: it fails as soon as one place does."""
    worst = compared.worst
    failed = compared.failures > 0
    return Check(
        id=definition.id,
        title=definition.title,
        family=definition.family,
        outcome="fail" if failed else "pass",
        start=span.start,
        end=span.end,
        sentence=says.fails if failed else says.passes,
        expected=worst.row.expected if worst else ZERO,
        actual=worst.row.actual if worst else ZERO,
        difference=worst.row.difference if worst else ZERO,
        tolerance=worst.tolerance if worst else ZERO,
        is_warning=failed and is_warning,
        evidence=compared.evidence,
        evidence_count=compared.failures,
        unit=definition.unit,
    )


def counted(
    definition: Definition, span: Window, found: Comparisons, says: Sentences, *, is_warning: bool = False
) -> Check:
    """The result of looking for what should not be there: it fails as soon as one thing is found."""
    number = Decimal(found.failures)
    outcome: Outcome = "fail" if number else "pass"
    return Check(
        id=definition.id,
        title=definition.title,
        family=definition.family,
        outcome=outcome,
        start=span.start,
        end=span.end,
        sentence=says.fails if number else says.passes,
        expected=ZERO,
        actual=number,
        difference=number,
        tolerance=ZERO,
        is_warning=bool(number) and is_warning,
        evidence=found.evidence,
        evidence_count=found.failures,
        unit=definition.unit,
    )


def inconclusive(definition: Definition, span: Window, sentence: str) -> Check:
    """The result where something is missing; the sentence says what, and what to ask for."""
    return Check(
        id=definition.id,
        title=definition.title,
        family=definition.family,
        outcome="inconclusive",
        start=span.start,
        end=span.end,
        sentence=sentence,
        unit=definition.unit,
    )


def number_of(count: int, singular: str, plural: str = "") -> str:
    """The number with its noun: "1 account", "3 accounts"."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def money(amount: Decimal, currency: str) -> str:
    """An amount inside a sentence: "-1,234.50 USD"."""
    whole, _, places = plain(abs(amount)).partition(".")
    sign = "-" if amount < 0 else ""
    return f"{sign}{int(whole):,}.{places} {currency}".rstrip()
