"""What a lender sets for a borrowing base, and what it must be told because no ledger holds it.

Defaults are the usual settings of asset-based lending texts; every agreement has its own. What was not told
is None and stays visible as "needs input"; it is never taken for zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from collections_app.reports.aging import AgedBy

# By customer: so much of what is left of it, or all of it (None).
Excluded = Mapping[str, Decimal | None]

# The steps that need a flag per customer: the input's name, the label and what it takes out.
EXCLUSIONS = (
    ("affiliates", "Affiliates, employees, owners", "all that is left of customers named as related"),
    ("foreign", "Foreign, uninsured", "all that is left of customers named as foreign and uninsured"),
    ("government", "Government, unassigned", "all that is left of government customers without assignment"),
    (
        "other",
        "Other ineligible",
        "what was named as progress billing, retainage, bill-and-hold, consignment, pre-billing, deposit, "
        "finance charge, cash on delivery, disputed or insolvent",
    ),
)


@dataclass(frozen=True, slots=True)
class BorrowingBaseTerms:
    """A lender's settings. Percentages are numbers such as 85 for 85 %.

    An item is past due when it is more than ``past_due_days`` old, counted from the day ``aged_by`` names
    (often 90 from the invoice or 60 from the due date). ``longer_terms_multiple``, where it is not 0, gives
    an invoice with long terms that many times its terms before it is past due. A customer is cross-aged
    when more than ``cross_age_percent`` of what it owes is past due.
    """

    aged_by: AgedBy = "invoice_date"
    past_due_days: int = 90
    longer_terms_multiple: int = 0
    cross_age_percent: Decimal = Decimal(10)
    match_names: bool = True
    concentration_percent: Decimal = Decimal(20)
    concentration_exceptions: Mapping[str, Decimal] = field(default_factory=dict)
    receivables_advance_percent: Decimal = Decimal(80)
    inventory_advance_percent: Decimal = Decimal(50)
    dilution_allowed_percent: Decimal = Decimal(5)

    def __post_init__(self) -> None:
        percentages = {
            "cross-age": self.cross_age_percent,
            "concentration": self.concentration_percent,
            "receivables advance": self.receivables_advance_percent,
            "inventory advance": self.inventory_advance_percent,
            "dilution": self.dilution_allowed_percent,
            **{f"concentration of {party}": cap for party, cap in self.concentration_exceptions.items()},
        }
        for name, value in percentages.items():
            if not 0 <= value <= 100:
                raise ValueError(f"The {name} percentage is {value}; it must be from 0 to 100.")
        if self.past_due_days < 0 or self.longer_terms_multiple < 0:
            raise ValueError("The days until an item is past due are below zero; give 0 or more.")


@dataclass(frozen=True, slots=True)
class BorrowingBaseInput:
    """What only people know. None means that nobody has said; an empty mapping means that there is none.

    ``same_party`` maps a customer to the vendor that it also is. ``eligible_inventory`` is at cost.
    ``reserves`` are by name (rent, taxes).
    """

    same_party: Mapping[str, str] = field(default_factory=dict)
    affiliates: Excluded | None = None
    foreign: Excluded | None = None
    government: Excluded | None = None
    other: Excluded | None = None
    eligible_inventory: Decimal | None = None
    reserves: Mapping[str, Decimal] | None = None
    loan_balance: Decimal | None = None
