"""How much hangs on a few parties: of what is owed, and of what was invoiced or billed in twelve months.

Shares are of the sum of positive amounts, because a party in credit owes nothing. The Herfindahl index is the
sum of the squared shares in percent: 10,000 is one party alone (practice).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.reports.aging import Aging
from collections_app.reports.division import percent, quotient
from collections_app.reports.figures import ZERO
from collections_app.reports.open_items import History
from collections_app.reports.trailing import twelve_months


@dataclass(frozen=True, slots=True)
class Share:
    """One party's amount and its percentage of the total, with two places."""

    party: str
    name: str
    amount: Decimal
    percentage: Decimal


@dataclass(frozen=True, slots=True)
class Concentration:
    """The parties with an amount, the largest first. Index and percentages are None where nothing is owed."""

    shares: tuple[Share, ...]
    total: Decimal
    herfindahl: Decimal | None

    @property
    def largest(self) -> Share | None:
        """The party with the largest amount."""
        return self.shares[0] if self.shares else None

    def top(self, count: int) -> Decimal | None:
        """The percentage of the largest so many parties together."""
        return percent(sum((share.amount for share in self.shares[:count]), ZERO), self.total)


def concentration_of_aging(aging: Aging) -> Concentration:
    """Who owes, or is owed, how much of the aging's total."""
    return _concentration({row.party: row.total for row in aging.rows}, _names(aging))


def concentration_of_invoices(known: History, last_day: date) -> Concentration:
    """Who was invoiced, or billed, how much in the twelve months that end on ``last_day``.

    Sales or purchases are documents by their posting date, less credit memos; what was reversed by the last
    day does not count.
    """
    first_day = twelve_months(last_day).start
    amounts: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for item in known.items:
        standing = item.leaves is None or item.leaves > last_day
        if item.kind != "unapplied" and first_day <= item.entered <= last_day and standing:
            amounts[item.party] += item.amount
    names = {party: found.name for party, found in known.subledger.parties.items()}
    return _concentration(amounts, names)


def _names(aging: Aging) -> Mapping[str, str]:
    return {row.party: row.name for row in aging.rows}


def _concentration(amounts: Mapping[str, Decimal], names: Mapping[str, str]) -> Concentration:
    positive = sorted(
        ((party, amount) for party, amount in amounts.items() if amount > 0),
        key=lambda each: (-each[1], each[0]),
    )
    total = sum((amount for _, amount in positive), ZERO)
    shares = tuple(
        Share(party, names.get(party, party), amount, percent(amount, total) or ZERO)
        for party, amount in positive
    )
    return Concentration(shares, total, _herfindahl((amount for _, amount in positive), total))


def _herfindahl(amounts: Iterable[Decimal], total: Decimal) -> Decimal | None:
    squares = sum((amount * amount for amount in amounts), ZERO)
    return quotient(squares * 10_000, total * total, 0)
