"""All checks, in the order of their numbers.

A check never hides a report and never passes silently. One that breaks (a fault of ours, on books that nobody
thought of) becomes Inconclusive and says so, and its traceback goes to the log; the tests of the reports fail
when anything is logged there. What fails while the journal is read is no fault of a check: it is raised, so
that the run can try again.
"""

import logging
from collections.abc import Callable
from decimal import localcontext

from collections_app.reports.checks import (
    agings,
    arrival,
    balances,
    chart,
    detail,
    earnings,
    entities,
    months,
    sides,
    statements,
)
from collections_app.reports.checks.check import Check
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import Definition, inconclusive
from collections_app.reports.exactness import EXACT

logger = logging.getLogger(__name__)

CHECKS: tuple[tuple[Definition, Callable[[Material], Check]], ...] = (
    (months.C1, months.months_present),
    (chart.C2, chart.accounts_known),
    (chart.C3, chart.accounts_categorized),
    (arrival.C4, arrival.transfers_complete),
    (entities.C5, entities.entities_covered),
    (balances.R1, balances.in_balance),
    (balances.R2, balances.rows_add_up),
    (statements.R3, statements.equation_holds),
    (balances.R4, balances.carried_forward),
    (earnings.R6, earnings.net_income_ties),
    (earnings.R7, earnings.retained_earnings_roll),
    (detail.R8, detail.detail_adds_up),
    (detail.R9, detail.entries_balance),
    (agings.R10, agings.receivables_tie),
    (agings.R11, agings.payables_tie),
    (statements.R12, statements.cash_flow_ties),
    (sides.R16, sides.on_normal_side),
    (sides.R17, sides.suspense_is_empty),
    (chart.R19, chart.types_agree),
    (detail.R20, detail.dates_fit),
)
# Faults of arithmetic and logic; everything else (a file, the storage, memory) is not the check's.
_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def run_checks(material: Material) -> tuple[Check, ...]:
    """The result of every check."""
    with localcontext(EXACT):
        return tuple(_run(definition, check, material) for definition, check in CHECKS)


def _run(definition: Definition, check: Callable[[Material], Check], material: Material) -> Check:
    try:
        return check(material)
    except _FAULTS as fault:
        logger.exception("Check %s could not be carried out", definition.id)
        return inconclusive(
            definition,
            material.span,
            f"This check could not be carried out ({type(fault).__name__}), so it says nothing about the "
            "books; report it to the operator.",
        )
