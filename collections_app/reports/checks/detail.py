"""R8, R9 and R20: the journal lines, against the trial balances, each other and the calendar."""

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.journal_scan import JournalScan
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    counted,
    inconclusive,
    judged,
    number_of,
)
from collections_app.reports.figures import ZERO

R8 = Definition("R8", "Journal lines add up to the trial balance", "reliability")
R9 = Definition("R9", "Journal entries balance", "reliability")
R20 = Definition("R20", "Dates of journal lines", "reliability", "count")
_NO_JOURNAL = "The journal lines were not collected; ask for the general ledger."


def detail_adds_up(material: Material) -> Check:
    """R8: per account and month the sum of posted lines = the movement of the trial balance, to the cent.

    A consolidation book is built from summaries, so its lines are no proof of it.
    """
    if material.books.heading.scope.kind == "book":
        return inconclusive(
            R8,
            material.span,
            "A consolidation book holds summaries, not the entities' journal lines; ask for the general "
            "ledger of each entity.",
        )
    if material.scan is None:
        return inconclusive(R8, material.span, _NO_JOURNAL)
    compared = Comparisons()
    for (window, month), detail in zip(material.months_shown, material.scan.months, strict=True):
        flows = {row.account: row.flow for row in month.rows}
        for number in sorted(flows.keys() | detail.movements.keys()):
            place = f"{window.caption}, account {material.account(number)}"
            compared.compare(place, flows.get(number, ZERO), detail.movements.get(number, ZERO))
    return judged(
        R8,
        material.span,
        compared,
        Sentences(
            f"The {number_of(material.scan.lines, 'journal line')} add up to the movement of every account "
            "in every month.",
            f"In {number_of(compared.failures, 'account month')} the journal lines are not the movement "
            f"of the trial balance, {material.furthest(compared)}: lines are missing or were added since.",
        ),
    )


def entries_balance(material: Material) -> Check:
    """R9: the lines of every entry add up to zero, and so do those of each entity in it, where known."""
    scan = material.scan
    if scan is None:
        return inconclusive(R9, material.span, _NO_JOURNAL)
    if scan.lines and scan.nameless == scan.lines:
        return inconclusive(
            R9,
            material.span,
            "No journal line names its entry, so nobody can tell which lines belong together; ask for the "
            "general ledger with its batch numbers.",
        )
    parts = (
        "every entry and every entity's part of it" if material.books.entity_of_location else "every entry"
    )
    return judged(
        R9,
        material.span,
        scan.one_sided,
        Sentences(
            f"The lines of {parts} add up to zero.{_not_judged(scan)}",
            f"{number_of(scan.one_sided.failures, 'journal entry does', 'journal entries do')} not balance, "
            f"{material.furthest(scan.one_sided)}: one side is missing.{_not_judged(scan)}",
        ),
    )


def _not_judged(scan: JournalScan) -> str:
    told = ""
    if scan.nameless:
        told += f" {number_of(scan.nameless, 'line names', 'lines name')} no entry."
    if scan.beyond:
        told += (
            f" {number_of(scan.beyond, 'entry is', 'entries are')} dated outside the period and only partly "
            "here, and not judged."
        )
    return told


def dates_fit(material: Material) -> Check:
    """R20: no line outside the month of its entry, and none dated after the day of collection."""
    scan = material.scan
    if scan is None:
        return inconclusive(R20, material.span, _NO_JOURNAL)
    if scan.lines and scan.undated == scan.lines and not scan.future.failures:
        return inconclusive(
            R20,
            material.span,
            "No journal line says when its entry is dated, so nobody can compare; ask for the general ledger "
            "with its batch dates.",
        )
    found = scan.misdated.joined(scan.future)
    unknown = f" {number_of(scan.undated, 'line has', 'lines have')} no entry date." if scan.undated else ""
    return counted(
        R20,
        material.span,
        found,
        Sentences(
            f"Every journal line is in the month of its entry, and none is dated in the future.{unknown}",
            f"{number_of(scan.misdated.failures, 'line is', 'lines are')} outside the month of the entry, "
            f"{number_of(scan.future.failures, 'line')} dated after the day of collection: the cut-off may "
            f"be wrong.{unknown}",
        ),
    )
