"""How much may be borrowed against receivables and inventory, step by step.

The order matters: each step works on what the step before left (public texts on asset-based lending). Every
line prints its own definition, because agreements differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from collections_app.reports.borrowing_base_terms import (
    EXCLUSIONS,
    BorrowingBaseInput,
    BorrowingBaseTerms,
    Excluded,
)
from collections_app.reports.contra import contra_vendors
from collections_app.reports.division import share
from collections_app.reports.figures import ZERO
from collections_app.reports.ineligible import PartyAge, party_age
from collections_app.reports.open_items import Position


@dataclass(frozen=True, slots=True)
class BaseLine:
    """One line of the schedule. ``amount`` is None where it needs input; what is deducted is negative.

    ``left`` is what remains after the line. ``by_party`` says whom a deduction comes from.
    """

    key: str
    label: str
    definition: str
    amount: Decimal | None
    left: Decimal
    by_party: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class BorrowingBase:
    """The schedule. ``missing`` are the keys of the lines that need input.

    ``availability`` is None while anything is missing; ``availability_on_known_inputs`` leaves out what is.
    Below zero the loan is larger than the base.
    """

    lines: tuple[BaseLine, ...]
    missing: tuple[str, ...]
    eligible_receivables: Decimal
    borrowing_base: Decimal
    availability_on_known_inputs: Decimal

    @property
    def availability(self) -> Decimal | None:
        """What may still be borrowed."""
        return None if self.missing else self.availability_on_known_inputs

    def line(self, key: str) -> BaseLine:
        """The line with this key. Raises KeyError when there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)


def borrowing_base(
    receivables: Position,
    payables: Position | None,
    terms: BorrowingBaseTerms,
    given: BorrowingBaseInput,
    dilution_percent: Decimal | None = None,
) -> BorrowingBase:
    """The schedule for what customers owe on a day.

    ``payables`` are the vendors' side of the same day, None where it was not collected: then contra needs
    input. ``dilution_percent`` is that of collection_quality.dilution, None where it is not known.
    """
    schedule = _Schedule(receivables, terms)
    schedule.past_due()
    schedule.contra(payables, given)
    for key, label, definition in EXCLUSIONS:
        schedule.exclude(key, label, definition, getattr(given, key))
    schedule.concentration()
    return schedule.finish(given, dilution_percent)


class _Schedule:
    """The lines so far, and what is left of each customer."""

    def __init__(self, receivables: Position, terms: BorrowingBaseTerms) -> None:
        self._terms = terms
        self._position = receivables
        groups = groupby(receivables.items, key=lambda each: each.item.party)
        self._ages: dict[str, PartyAge] = {
            party: party_age(items, terms, receivables.as_of) for party, items in groups
        }
        self._left = {party: age.total for party, age in self._ages.items()}
        self._lines: list[BaseLine] = []
        self._add("gross_receivables", "Gross receivables", "the total of the aging", self._total)

    @property
    def _total(self) -> Decimal:
        return sum(self._left.values(), ZERO)

    def _add(
        self, key: str, label: str, definition: str, amount: Decimal | None, left: Decimal | None = None
    ) -> None:
        self._lines.append(
            BaseLine(key, label, definition, amount, self._total if left is None else left, {})
        )

    def _deduct(self, key: str, label: str, definition: str, parts: Mapping[str, Decimal]) -> None:
        taken = {party: part for party, part in parts.items() if part}
        for party, part in taken.items():
            self._left[party] -= part
        amount = -sum(taken.values(), ZERO)
        self._lines.append(BaseLine(key, label, definition, amount, self._total, taken))

    def past_due(self) -> None:
        """Past due, the credits among it, and the rest of customers that have too much of it."""
        terms, ages = self._terms, self._ages
        since = "invoice date" if terms.aged_by == "invoice_date" else "due date"
        longer = (
            f", or {terms.longer_terms_multiple} times its terms where that is longer"
            if terms.longer_terms_multiple
            else ""
        )
        self._deduct(
            "past_due",
            "Past due",
            f"net of what is more than {terms.past_due_days} days from {since}{longer}",
            {party: age.past_due + age.past_due_credits for party, age in ages.items()},
        )
        self._deduct(
            "credits_in_prior",
            "Credits in past due",
            "credits among the past due, which would make it look smaller",
            {party: -age.past_due_credits for party, age in ages.items()},
        )
        self._deduct(
            "cross_age",
            "Cross-age",
            f"the rest of customers with more than {terms.cross_age_percent} % of what they owe past due",
            self._positive(
                party
                for party, age in ages.items()
                if age.past_due * 100 > age.owed * terms.cross_age_percent
            ),
        )

    def contra(self, payables: Position | None, given: BorrowingBaseInput) -> None:
        """The lower of what a customer owes and what it is owed as a vendor."""
        definition = "the lower of receivable and payable where a customer is also a vendor"
        if payables is None:
            self._add("contra", "Contra", definition, None)
            return
        customers = self._position.parties
        pairs = contra_vendors(customers, payables.parties, given.same_party, self._terms.match_names)
        owed, parts = _by_party(payables), {}
        for party, left in self._positive(pairs).items():
            # What one customer has used of a vendor's balance is not there for another one.
            parts[party] = ZERO
            for vendor in pairs[party]:
                part = max(ZERO, min(left - parts[party], owed.get(vendor, ZERO)))
                parts[party] += part
                owed[vendor] = owed.get(vendor, ZERO) - part
        self._deduct("contra", "Contra", definition, parts)

    def exclude(self, key: str, label: str, definition: str, excluded: Excluded | None) -> None:
        """What people named, at most what is left."""
        if excluded is None:
            self._add(key, label, definition, None)
            return
        left = self._positive(excluded)
        parts = {}
        for party, rest in left.items():
            named = excluded[party]
            parts[party] = rest if named is None else min(rest, named)
        self._deduct(key, label, definition, parts)

    def concentration(self) -> None:
        """The part of each customer above its share of what is eligible so far."""
        terms, eligible = self._terms, self._total
        parts = {}
        for party, left in self._positive(self._left).items():
            cap = terms.concentration_exceptions.get(party, terms.concentration_percent)
            parts[party] = max(ZERO, left - share(max(eligible, ZERO), cap))
        definition = (
            f"the part of a customer above {terms.concentration_percent} % of what is eligible so far"
        )
        self._deduct("concentration", "Concentration", definition, parts)

    def _positive(self, parties: Iterable[str]) -> dict[str, Decimal]:
        """What is left of those of the parties of whom something is."""
        return {party: self._left[party] for party in parties if self._left.get(party, ZERO) > 0}

    def finish(self, given: BorrowingBaseInput, dilution_percent: Decimal | None) -> BorrowingBase:
        """From eligible receivables to availability."""
        terms, eligible = self._terms, self._total
        self._add("eligible_receivables", "Eligible receivables", "what the steps above left", eligible)
        base = share(max(eligible, ZERO), terms.receivables_advance_percent)
        rate = terms.receivables_advance_percent
        self._add("receivables_advance", "Advance on receivables", f"{rate} % of eligible", base, base)
        inventory = given.eligible_inventory
        advance = None if inventory is None else share(inventory, terms.inventory_advance_percent)
        base += advance or ZERO
        rate = terms.inventory_advance_percent
        self._add(
            "inventory_advance",
            "Advance on inventory",
            f"{rate} % of eligible inventory at cost",
            advance,
            base,
        )
        base = self._reserve(base, _dilution_reserve(terms, max(eligible, ZERO), dilution_percent))
        reserves = None if given.reserves is None else sum(given.reserves.values(), ZERO)
        names = ", ".join(given.reserves) if given.reserves else "rent, taxes and the like"
        base = self._reserve(base, ("other_reserves", "Other reserves", names, reserves))
        self._add("borrowing_base", "Borrowing base", "advances less reserves", base, base)
        loan = given.loan_balance
        rest = base - (loan or ZERO)
        self._add("loan_balance", "Loan balance", "drawn on the day", None if loan is None else -loan, rest)
        missing = tuple(line.key for line in self._lines if line.amount is None)
        return BorrowingBase(tuple(self._lines), missing, eligible, base, rest)

    def _reserve(self, base: Decimal, reserve: tuple[str, str, str, Decimal | None]) -> Decimal:
        key, label, definition, amount = reserve
        base -= amount or ZERO
        self._add(key, label, definition, None if amount is None else -amount, base)
        return base


def _dilution_reserve(
    terms: BorrowingBaseTerms, eligible: Decimal, dilution_percent: Decimal | None
) -> tuple[str, str, str, Decimal | None]:
    allowed = terms.dilution_allowed_percent
    definition = f"eligible receivables times dilution above {allowed} %"
    if dilution_percent is None:
        return "dilution_reserve", "Dilution reserve", definition, None
    excess = max(ZERO, dilution_percent - allowed)
    return "dilution_reserve", "Dilution reserve", definition, share(eligible, excess)


def _by_party(position: Position) -> dict[str, Decimal]:
    owed: dict[str, Decimal] = {}
    for each in position.items:
        owed[each.item.party] = owed.get(each.item.party, ZERO) + each.open
    return owed
