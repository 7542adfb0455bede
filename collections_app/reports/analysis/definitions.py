"""What differs from lender to lender: inputs that no ledger holds, and the agreement's own definitions.

Each measure's printed formula is written from the parts that these choices select, so what is printed is what
was applied.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from collections_app.reports.analysis.figure import Figure, unknown

Deduction = Literal["capital_spending", "unfinanced_capital_spending", "taxes", "distributions"]
DEDUCTIONS: tuple[Deduction, ...] = get_args(Deduction)

INPUT_LABELS = {
    "scheduled_principal": "Scheduled principal",
    "current_maturities": "Current maturities of long-term debt",
    "prior_current_maturities": "Prior-year current maturities of long-term debt",
    "income_taxes_payable": "Income taxes payable",
    "taxes_paid": "Income taxes paid",
    "financed_capital_spending": "Financed capital spending",
    "lease_obligations": "Lease obligations",
    "lease_payments": "Rent and lease payments",
    "owners_compensation": "Officers', directors', owners' compensation",
    "due_from_owners": "Due from owners",
    "subordinated_debt": "Subordinated debt",
    "guarantees": "Guarantees given",
}


@dataclass(frozen=True, slots=True)
class LenderInputs:
    """What the lender has to ask for; None means not known, which is not zero.

    Amounts are positive and in the currency of the books. ``scheduled_principal``, ``taxes_paid``,
    ``financed_capital_spending``, ``lease_payments`` and ``owners_compensation`` are for a year,
    ``current_maturities``, ``income_taxes_payable``, ``lease_obligations``, ``due_from_owners``,
    ``subordinated_debt`` and ``guarantees`` stand at the closing date, ``prior_current_maturities`` one
    year before. ``variable_accounts`` are the numbers of the cost accounts that move with sales.
    Raises ValueError, with one plain sentence, for an amount below zero.
    """

    scheduled_principal: Decimal | None = None
    current_maturities: Decimal | None = None
    prior_current_maturities: Decimal | None = None
    income_taxes_payable: Decimal | None = None
    taxes_paid: Decimal | None = None
    financed_capital_spending: Decimal | None = None
    lease_obligations: Decimal | None = None
    lease_payments: Decimal | None = None
    owners_compensation: Decimal | None = None
    due_from_owners: Decimal | None = None
    subordinated_debt: Decimal | None = None
    guarantees: Decimal | None = None
    variable_accounts: frozenset[str] | None = None

    def __post_init__(self) -> None:
        for name, label in INPUT_LABELS.items():
            amount = getattr(self, name)
            if amount is not None and not (amount.is_finite() and amount >= 0):
                raise ValueError(f"{label} of {amount} cannot be right; give an amount of zero or more.")

    def figure(self, name: str) -> Figure:
        """The input of that name; unknown when it was not given."""
        amount: Decimal | None = getattr(self, name)
        label = INPUT_LABELS[name]
        return unknown(label, label[0].lower() + label[1:]) if amount is None else Figure(label, amount)


@dataclass(frozen=True, slots=True)
class AddBack:
    """A cost that the agreement adds back to EBITDA: a yearly ``amount``, or the accounts of a ``category``.

    Raises ValueError when both or neither are given.
    """

    label: str
    amount: Decimal | None = None
    category: str = ""

    def __post_init__(self) -> None:
        if (self.amount is None) == (not self.category):
            raise ValueError(f"The add-back {self.label!r} takes either an amount or a category; give one.")


@dataclass(frozen=True, slots=True)
class Definitions:
    """The choices of one loan agreement; the defaults are the usual ones (practice).

    Raises ValueError, with one plain sentence, for a deduction that is unknown or that would count twice.
    """

    ebitda_less_interest_income: bool = False
    ebitda_less_asset_sale_gains: bool = False
    ebitda_add_backs: tuple[AddBack, ...] = ()
    traditional_cash_flow_adds_interest: bool = False
    worth_less_related_receivables: bool = True
    worth_less_affiliate_investments: bool = False
    funded_debt_adds_leases: bool = False
    debt_service_coverage_deducts: tuple[Deduction, ...] = ()
    fixed_charge_coverage_deducts: tuple[Deduction, ...] = (
        "unfinanced_capital_spending",
        "taxes",
        "distributions",
    )
    fixed_charge_coverage_adds_rent: bool = False

    def __post_init__(self) -> None:
        for kinds in (self.debt_service_coverage_deducts, self.fixed_charge_coverage_deducts):
            unknown_kinds = set(kinds) - set(DEDUCTIONS)
            if unknown_kinds:
                names = ", ".join(sorted(unknown_kinds))
                raise ValueError(f"Nothing known as {names} can be deducted; use {', '.join(DEDUCTIONS)}.")
            spending = [kind for kind in kinds if kind.endswith("capital_spending")]
            if len(spending) > 1 or len(set(kinds)) < len(kinds):
                raise ValueError("A deduction is named twice and would count twice; name each once.")


STANDARD_DEFINITIONS = Definitions()
NO_INPUTS = LenderInputs()
