"""Which record took back which: a record in state "Reversed" and its "Reversal", found by what they share.

The gateway gives no key from one to the other. A reversal belongs to the same party, has the same amount
without regard to sign and the same currency, and is not dated before what it reverses; of several the one
whose number holds the other's number comes first, then the earliest (practice).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from collections_app.reports.subledger import Application, Document, Payment
from collections_app.reports.subledger_states import is_reversal, is_reversed


@dataclass(frozen=True, slots=True)
class _Record:
    """What pairing looks at. ``like`` is equal for records that can belong together."""

    key: str
    state: str
    like: Hashable
    day: date
    number: str = ""


def with_document_reversals(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The documents, each that was reversed with the posting date of its reversal where that is there."""
    days = _reversal_days(
        _Record(
            d.key, d.state, (d.kind, d.party, d.currency, abs(d.transaction_amount)), d.posting_date, d.number
        )
        for d in documents
    )
    return tuple(replace(d, reversed_on=days[d.key]) if d.key in days else d for d in documents)


def with_payment_reversals(payments: Sequence[Payment]) -> tuple[Payment, ...]:
    """The payments, each that was reversed with the posting date of its reversal where that is there."""
    days = _reversal_days(
        _Record(
            p.key, p.state, (p.kind, p.party, p.currency, abs(p.transaction_amount)), p.posting_date, p.number
        )
        for p in payments
    )
    return tuple(replace(p, reversed_on=days[p.key]) if p.key in days else p for p in payments)


def with_application_reversals(applications: Sequence[Application]) -> tuple[Application, ...]:
    """The applications, each that was taken back with the date of the row that did it."""
    days = _reversal_days(_Record(a.key, a.state, (a.document, abs(a.amount)), a.date) for a in applications)
    return tuple(replace(a, reversed_on=days[a.key]) if a.key in days else a for a in applications)


def _reversal_days(records: Iterable[_Record]) -> dict[str, date]:
    """The day of the reversal of each reversed record that has one, by its key."""
    reversed_records, reversals = [], defaultdict(list)
    for record in records:
        if is_reversal(record.state):
            reversals[record.like].append(record)
        elif is_reversed(record.state):
            reversed_records.append(record)
    days = {}
    for record in sorted(reversed_records, key=lambda record: (record.day, record.key)):
        rivals = [other for other in reversals[record.like] if other.day >= record.day]
        if rivals:
            named = [other for other in rivals if record.number and record.number in other.number]
            chosen = min(named or rivals, key=lambda other: (other.day, other.key))
            reversals[record.like].remove(chosen)
            days[record.key] = chosen.day
    return days
