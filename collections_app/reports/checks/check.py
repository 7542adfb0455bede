"""The result of one check."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Outcome = Literal["pass", "fail", "inconclusive"]
Family = Literal["completeness", "reliability"]
Unit = Literal["amount", "count"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that shows a difference: where it is, and what was expected and found there."""

    place: str
    expected: Decimal | None = None
    actual: Decimal | None = None
    difference: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check over a span of days. ``difference = actual - expected``, money unless the check counts things.

    Of many comparisons the figures are those of the one that is furthest out. ``unit`` says whether they are
    money, in the books' currency, or a count. ``is_warning`` marks a failure of low severity. ``evidence``
    holds at most EVIDENCE_LIMIT of ``evidence_count`` rows, those of the largest differences. ``sentence``
    says the outcome in plain words, ``explanation`` is what the borrower says of it.
    """

    id: str
    title: str
    family: Family
    outcome: Outcome
    start: date
    end: date
    sentence: str
    expected: Decimal | None = None
    actual: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    is_warning: bool = False
    evidence: tuple[Evidence, ...] = ()
    evidence_count: int = 0
    unit: Unit = "amount"
    explanation: str = ""


EVIDENCE_LIMIT = 50
