"""What a chart shows, apart from how it is drawn."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["columns", "lines"]
Unit = Literal["amount", "percent"]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, one for each category; None where there is no number, which leaves a gap."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: ``categories`` from left to right, and what is drawn over them.

    ``summary`` says in a sentence or two what a reader who cannot see the drawing has to know.
    """

    key: str
    title: str
    summary: str
    kind: Kind
    unit: Unit
    categories: tuple[str, ...]
    series: tuple[Series, ...]
