"""What of a customer's items is past due under a lender's terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.reports.aging import AgingMethod
from collections_app.reports.borrowing_base_terms import BorrowingBaseTerms
from collections_app.reports.figures import ZERO
from collections_app.reports.open_items import OpenItem
from collections_app.reports.subledger_items import Item


@dataclass(frozen=True, slots=True)
class PartyAge:
    """A customer's total, what it owes before credits, and what of each is past due; credits are negative."""

    total: Decimal
    owed: Decimal
    past_due: Decimal
    past_due_credits: Decimal


def party_age(items: Iterable[OpenItem], terms: BorrowingBaseTerms, as_of: date) -> PartyAge:
    """One customer's items sorted by whether they raise what it owes and whether they are past due."""
    total = owed = past_due = credits = ZERO
    for item, amount, _ in items:
        total += amount
        owed += max(amount, ZERO)
        if _is_past_due(item, terms, as_of):
            past_due += max(amount, ZERO)
            credits += min(amount, ZERO)
    return PartyAge(total, owed, past_due, credits)


def _is_past_due(item: Item, terms: BorrowingBaseTerms, as_of: date) -> bool:
    age = AgingMethod(terms.aged_by, (terms.past_due_days,)).age(item, as_of)
    limit = terms.past_due_days
    if terms.longer_terms_multiple and item.due_date is not None:
        agreed = (item.due_date - item.document_date).days
        limit = max(limit, terms.longer_terms_multiple * agreed)
    return age > limit
