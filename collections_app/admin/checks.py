"""What the checks of the reports found, failures first."""

from dataclasses import dataclass
from decimal import Decimal

from collections_app.models import CheckResult, Collection
from collections_app.reports.desk.tables import figure

OUTCOMES = {"fail": "Failed", "inconclusive": "Inconclusive", "pass": "Passed"}
ORDER = ("Failed", "Failed, minor", "Inconclusive", "Passed")


@dataclass(frozen=True)
class Behind:
    """One row of what a check compared; a figure is empty where there is none."""

    place: str
    expected: str
    actual: str
    difference: str
    note: str


@dataclass(frozen=True)
class CheckRow:
    """One check in words. `behind` are the rows that it names, `more` how many it has besides."""

    id: str
    title: str
    outcome: str
    sentence: str
    explanation: str = ""
    behind: tuple[Behind, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Checks:
    """All checks of a collection, and how they came out, in one sentence."""

    summary: str
    rows: tuple[CheckRow, ...]


def checks_of(collection: Collection) -> Checks | None:
    """None where nothing was checked. Raises data_keys.KeyUnavailable."""
    said = {given.check_id: given.words for given in collection.explanations.all()}
    found = [_row(check, said.get(check.check_id, "")) for check in collection.checks.all()]
    rows = sorted(found, key=lambda row: ORDER.index(row.outcome))
    if not rows:
        return None
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in ORDER}
    told = ", ".join(f"{count} {outcome.lower()}" for outcome, count in counts.items() if count)
    return Checks(f"Of {len(rows)} checks: {told}.", tuple(rows))


def _row(check: CheckResult, explanation: str) -> CheckRow:
    outcome = OUTCOMES[check.outcome]
    if check.outcome == "fail" and check.is_warning:
        outcome = "Failed, minor"
    behind = tuple(_behind(row) for row in check.found["evidence"])
    return CheckRow(
        check.check_id,
        check.found["title"],
        outcome,
        check.found["sentence"],
        explanation,
        behind,
        check.found["evidence_count"] - len(behind),
    )


def _behind(row: dict[str, str | None]) -> Behind:
    expected, actual, difference = (
        "" if row[name] is None else figure(Decimal(str(row[name])))
        for name in ("expected", "actual", "difference")
    )
    return Behind(str(row["place"]), expected, actual, difference, str(row["note"]))
