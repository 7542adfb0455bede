"""What a check compares, place after place, however many places there are.

Only the furthest difference and the rows of the largest failures are kept, so memory stays bounded.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heappush, heappushpop

from collections_app.reports.checks.check import EVIDENCE_LIMIT, Evidence
from collections_app.reports.figures import ZERO

_CENT, _HIGHEST_TOLERANCE = Decimal("0.01"), Decimal("1.00")


def rounding_tolerance(rows: int) -> Decimal:
    """What the rounding of so many summed rows may come to: a cent for each, at most 1.00 (practice)."""
    return min(_CENT * rows, _HIGHEST_TOLERANCE)


@dataclass(frozen=True, slots=True)
class Compared:
    """One place with its tolerance."""

    row: Evidence
    size: Decimal
    tolerance: Decimal

    @property
    def holds(self) -> bool:
        """Whether the difference is within the tolerance."""
        return self.size <= self.tolerance


@dataclass(slots=True)
class Comparisons:
    """Collects comparisons and findings. ``count`` are the places compared, ``failures`` those that fail.

    ``worst`` is the furthest of them: a failing place before any that holds, then the largest difference,
    then the latest.
    """

    count: int = 0
    failures: int = 0
    worst: Compared | None = None
    _heap: list[tuple[Decimal, int, Evidence]] = field(default_factory=list)

    def compare(
        self, place: str, expected: Decimal, actual: Decimal, tolerance: Decimal = ZERO, note: str = ""
    ) -> bool:
        """Compare one place; returns whether it holds within the tolerance."""
        self.count += 1
        difference = actual - expected
        size = abs(difference)
        holds = size <= tolerance
        if not holds or self.worst is None or (self.worst.holds and size >= self.worst.size):
            row = Evidence(place, expected, actual, difference, note)
            self._remember(Compared(row, size, tolerance))
        return holds

    def find(self, place: str, note: str, amount: Decimal | None = None) -> None:
        """Note something that should not be there, with the amount that hangs on it where it has one."""
        self.count += 1
        self._keep(abs(amount or ZERO), Evidence(place, actual=amount, note=note))

    def _remember(self, compared: Compared) -> None:
        worst = self.worst
        if worst is None or (not compared.holds, compared.size) >= (not worst.holds, worst.size):
            self.worst = compared
        if not compared.holds:
            self._keep(compared.size, compared.row)

    def _keep(self, size: Decimal, row: Evidence) -> None:
        self.failures += 1
        entry = (size, -self.failures, row)
        if len(self._heap) < EVIDENCE_LIMIT:
            heappush(self._heap, entry)
        else:
            heappushpop(self._heap, entry)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The failing places, those of the largest differences first, at most EVIDENCE_LIMIT of them."""
        return tuple(row for _, _, row in sorted(self._heap, reverse=True))

    def joined(self, other: "Comparisons") -> "Comparisons":
        """The findings of both."""
        both = Comparisons(self.count + other.count)
        for row in (*self.evidence, *other.evidence):
            both._keep(abs(row.difference or row.actual or ZERO), row)
        both.failures = self.failures + other.failures
        return both
