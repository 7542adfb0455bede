"""C1: every month asked for is there, as balances and as journal lines."""

from collections.abc import Iterator

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    counted,
    inconclusive,
    number_of,
)
from collections_app.reports.figures import MonthlyTrialBalance
from collections_app.reports.periods import Window, collection_windows

C1 = Definition("C1", "Months present", "completeness", "count")


def months_present(material: Material) -> Check:
    """C1: every window has a trial balance, and journal lines unless the balances show no activity.

    ``build`` refuses books without a month before any check, because a statement with a gap says nothing; the
    check finds such a gap all the same.
    """
    found = Comparisons()
    for window in _missing(material):
        found.find(window.label, "There is no trial balance.")
    if material.scan is None and not found.failures:
        return inconclusive(
            C1,
            material.span,
            "Every month has a trial balance, but the journal lines were not collected, so nobody can say "
            "whether they cover every month; ask for the general ledger.",
        )
    for window in _without_lines(material):
        found.find(window.label, "The trial balance shows activity, but there are no journal lines.")
    months = number_of(len(material.books.months), "month")
    return counted(
        C1,
        material.span,
        found,
        Sentences(
            f"All of the {months} have a trial balance, and journal lines wherever it shows activity.",
            f"{number_of(found.failures, 'month is', 'months are')} incomplete: a gap can hide a bad month. "
            "Collect again.",
        ),
    )


def _missing(material: Material) -> Iterator[Window]:
    heading = material.books.heading
    there = {window for window, _ in material.months}
    for window in collection_windows(heading.date_from, heading.date_to, heading.first_fiscal_month):
        if window not in there:
            yield window


def _without_lines(material: Material) -> Iterator[Window]:
    if material.scan is None:
        return
    lines = {month.window: month.lines for month in material.scan.months}
    for window, month in material.months_shown:
        if _is_active(month) and not lines.get(window):
            yield window


def _is_active(month: MonthlyTrialBalance) -> bool:
    return any(any(row.amounts[1:5]) or row.opening != row.closing for row in month.rows)
