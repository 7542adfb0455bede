"""C4: as many rows arrived as the gateway announced."""

from decimal import Decimal

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    inconclusive,
    judged,
    number_of,
)

C4 = Definition("C4", "Transfers complete", "completeness", "count")


def transfers_complete(material: Material) -> Check:
    """C4: for every stretch of rows, rows received = rows announced."""
    compared, silent = Comparisons(), 0
    for transfer in material.books.transfers:
        if transfer.announced is None:
            silent += 1
        else:
            compared.compare(transfer.place, Decimal(transfer.announced), Decimal(transfer.received))
    if not compared.failures and (silent or not compared.count):
        return inconclusive(C4, material.span, _reason(silent, compared.count))
    return judged(
        C4,
        material.span,
        compared,
        Sentences(
            f"All of the {number_of(compared.count, 'transfer')} brought as many rows as were announced.",
            f"{number_of(compared.failures, 'transfer')} brought more or fewer rows than were announced, so "
            "the tables are cut or were changed while they were read; collect again.",
        ),
    )


def _reason(silent: int, compared: int) -> str:
    if not silent:
        return (
            "No table was read in parts that announce their rows, so there is nothing to count; ask for the "
            "general ledger or the agings to have their rows counted."
        )
    return (
        f"The gateway did not announce how many rows {number_of(silent, 'transfer')} would bring, so nobody "
        f"can count them; {number_of(compared, 'other transfer')} agreed. Collect again."
    )
