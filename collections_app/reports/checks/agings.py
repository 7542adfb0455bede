"""R10 and R11: the agings against their control accounts."""

from collections.abc import Iterable
from dataclasses import replace

from collections_app.reports.checks.check import EVIDENCE_LIMIT, Check, Evidence
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    inconclusive,
    judged,
    number_of,
)
from collections_app.reports.periods import day_caption
from collections_app.reports.reconciling_items import Reconciling
from collections_app.reports.tie_out import CAUSES, TieOut, TieOutMonth

R10 = Definition("R10", "Receivables aging ties to the ledger", "reliability")
R11 = Definition("R11", "Payables aging ties to the ledger", "reliability")


def receivables_tie(material: Material) -> Check:
    """R10: the aging of receivables = the control accounts, at each month end (see tie_out)."""
    return _tie(R10, material, material.receivables)


def payables_tie(material: Material) -> Check:
    """R11: the aging of payables = the control accounts, at each month end (see tie_out)."""
    return _tie(R11, material, material.payables)


def _tie(definition: Definition, material: Material, result: TieOut) -> Check:
    """Advances that the ledger holds on an account of their own are no part of the difference."""
    name = "receivables" if result.side == "receivable" else "payables"
    if not result.months:
        return inconclusive(definition, material.span, _reason(result, name))
    compared = Comparisons()
    for month in result.months:
        place = f"{day_caption(month.as_of)}, {name}"
        compared.compare(place, month.aging - month.judged, month.aging, month.tolerance, _causes(month))
    check = judged(
        definition,
        material.span,
        compared,
        Sentences(
            f"At every month end the aging of {name} agrees with the control accounts.",
            f"At {number_of(compared.failures, 'month end')} the aging of {name} differs from the control "
            f"accounts, {material.furthest(compared)}.",
        ),
        is_warning=all(month.outcome != "fail" for month in result.months),
    )
    rows = _rows(result.months, check.evidence)
    return replace(check, evidence=tuple(rows[:EVIDENCE_LIMIT]), evidence_count=len(rows))


def _reason(result: TieOut, name: str) -> str:
    if result.reason.startswith("The documents"):
        return f"{result.reason} Ask for the aging of {name}."
    return result.reason


def _causes(month: TieOutMonth) -> str:
    return " ".join(CAUSES[each.cause] for each in month.explanations)


def _rows(months: Iterable[TieOutMonth], failing: tuple[Evidence, ...]) -> list[Evidence]:
    """The failing month ends, and behind each the entries and lines that make its difference."""
    by_place = {day_caption(month.as_of): month for month in months}
    rows = list(failing)
    for row in failing:
        month = by_place[row.place.split(", ")[0]]
        for explanation in month.explanations:
            rows += [_row(each, explanation.sentence, row.place) for each in explanation.evidence]
    return rows


def _row(item: Reconciling, sentence: str, place: str) -> Evidence:
    entry = item.line.batch if item.line else ""
    where = f"{place}, {item.day.isoformat()}" + (f", entry {entry}" if entry else "")
    return Evidence(where, difference=item.amount, note=sentence)
