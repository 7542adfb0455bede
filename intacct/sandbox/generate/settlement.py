"""What becomes of a document after it was posted, and the postings that this causes.

The number of a document decides its fate, so that every company has one of each kind, whatever its seed.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from intacct.sandbox.generate.currencies import BASE, rate_on, to_base
from intacct.sandbox.generate.documents import (
    BANK,
    CURRENCY_GAINS,
    RECEIVABLES,
    Document,
    Payment,
    Subledger,
)
from intacct.sandbox.generate.journals import Books
from intacct.sandbox.generate.partners import Partner
from intacct.sandbox.generate.plan import EntityPlan, Plan

_CREDITED = frozenset({3, 28, 54, 79})
_CREDIT_LEFT_OVER = frozenset({41, 44})
_ADVANCED = frozenset({8, 33, 66})
_REVERSED = frozenset({47, 51, 97})
_NEVER_SETTLED = frozenset({11, 61})
_IN_PARTS = frozenset({9, 19, 29, 39, 49, 59, 69, 89})
_PARTLY_SETTLED = frozenset({31, 81})
_OVERPAID = frozenset({14, 23, 35, 63})
_DISCOUNT = 200  # basis points


class Settlement:
    """Settles documents as partners do: mostly in full, sometimes in parts or early for a discount, against a
    credit, from an advance, with too much money, or not at all because the document was reversed.
    """

    def __init__(self, plan: Plan, books: Books, subledger: Subledger) -> None:
        self._plan = plan
        self._books = books
        self._subledger = subledger
        self._side = subledger.side

    def settle(
        self, entity: EntityPlan, document: Document, account: str, postings: Sequence[tuple[str, int]] = ()
    ) -> None:
        """Everything that happens to a document after it was posted, up to the last day. `account` takes a
        credit memo; only a document whose `postings` are given can be reversed.
        """
        fate = document.record_number % 100
        if document.currency == BASE:
            if fate in _REVERSED and self._reverse(entity, document, postings):
                return
            self._reduce(entity, document, account, fate)
        if fate in _NEVER_SETTLED:
            return
        partner, random = document.partner, self._plan.random
        if partner.discount and document.record_number % 2 and document.open == document.cents:
            day = document.created + timedelta(days=random.randrange(6, 10))
            if day > document.posted:
                self._pay(entity, document, document.open, day, discounted=True)
                return
        day = (document.due or document.created) + timedelta(days=partner.slow + random.randrange(-5, 9))
        day = max(day, document.posted + timedelta(days=1))
        if fate in _IN_PARTS or fate in _PARTLY_SETTLED:
            self._pay(entity, document, document.open * 2 // 5, day)
            if fate in _PARTLY_SETTLED:
                return
            day += timedelta(days=random.randrange(12, 40))
        self._pay(entity, document, document.open, day, overpaid=fate in _OVERPAID)

    def _reduce(self, entity: EntityPlan, document: Document, account: str, fate: int) -> None:
        """A credit memo or an advance, for those that have one."""
        if fate in _CREDITED or fate in _CREDIT_LEFT_OVER:
            self._credit(entity, document, account, applied=fate not in _CREDIT_LEFT_OVER)
        elif fate in _ADVANCED:
            self._advance(entity, document)

    def _pay(
        self,
        entity: EntityPlan,
        document: Document,
        cents: int,
        day: date,
        *,
        discounted: bool = False,
        overpaid: bool = False,
    ) -> None:
        """Settle so much of a document. Money of another currency arrives at the rate of its own day."""
        day = _working_day(day)
        if day > self._plan.last_day or cents <= 0:
            return
        discount = cents * _DISCOUNT // 10_000 if discounted else 0
        extra = cents // 100 if overpaid and self._side is RECEIVABLES and document.currency == BASE else 0
        foreign = document.foreign_part(cents) if document.currency != BASE else cents - discount
        moved = to_base(foreign, rate_on(document.currency, day)) + extra
        payment = self._payment(entity, document, day, (cents - discount + extra, foreign + extra, extra))
        self._subledger.apply(
            document, cents - discount, day, payment=payment.record_number, discount=discount
        )
        sign = self._side.sign
        lines = [
            (BANK, moved * sign),
            (self._side.discounts, discount * sign),
            (self._side.control, -(cents + extra) * sign),
            (CURRENCY_GAINS, (cents + extra - discount - moved) * sign),
        ]
        title = f"{document.partner.id} {document.number}"
        currencies = (foreign * sign, 0, -foreign * sign, 0) if document.currency != BASE else ()
        self._post(day, self._side.cash_journal, entity, title, lines, document, currencies)

    def _payment(
        self, entity: EntityPlan, document: Document, day: date, amounts: tuple[int, int, int]
    ) -> Payment:
        number = len(self._subledger.payments) + 1
        receivable = self._side is RECEIVABLES
        method = ("EFT", "Printed Check", "EFT", "Credit Card")[number % (4 if receivable else 2)]
        cents, foreign, extra = amounts
        payment = Payment(
            number, entity.id, document.partner, day, cents, foreign, document.currency, method, extra
        )
        self._subledger.payments.append(payment)
        return payment

    def _reverse(self, entity: EntityPlan, document: Document, postings: Sequence[tuple[str, int]]) -> bool:
        """Undo a document some weeks later; false where that cannot be."""
        day = _working_day(document.posted + timedelta(days=self._plan.random.randrange(20, 40)))
        if not postings or day > self._plan.last_day:
            return False
        self._subledger.reverse(document, day)
        lines = [(account, -cents) for account, cents in postings]
        title = f"Reversed {document.number}"
        self._post(day, self._side.document_journal, entity, title, lines, document)
        return True

    def _credit(self, entity: EntityPlan, document: Document, account: str, *, applied: bool) -> None:
        """A credit memo some days later, which is applied after a while or never."""
        side, cents = self._side, document.cents // 8
        day = document.posted + timedelta(days=self._plan.random.randrange(4, 14))
        if day > self._plan.last_day or not cents:
            return
        number = len(self._subledger.credits) + 1
        memo = Document(number, f"CM-{number:05}", entity.id, document.partner, day, day, day, -cents)
        self._subledger.credits.append(memo)
        lines = [(account, cents * side.sign), (side.control, -cents * side.sign)]
        title = f"Credit memo for {document.number}"
        self._post(day, side.document_journal, entity, title, lines, memo)
        day += timedelta(days=self._plan.random.randrange(0, 6))
        if applied and day <= self._plan.last_day:
            memo.settle(-cents, day)
            self._subledger.apply(document, cents, day, credit=number)

    def _advance(self, entity: EntityPlan, document: Document) -> None:
        """Money that moved before the document and is used when the document is posted."""
        cents, side = document.cents // 4, self._side
        moved = document.created - timedelta(days=self._plan.random.randrange(6, 20))
        if moved <= self._plan.opening_day or not cents:
            return
        advance = self.open_advance(entity, document.partner, moved, cents)
        advance.settle(cents, document.posted)
        self._subledger.apply(document, cents, document.posted, advance=advance.record_number)
        lines = [(side.advances, cents * side.sign), (side.control, -cents * side.sign)]
        title = f"Advance applied to {document.number}"
        self._post(document.posted, side.document_journal, entity, title, lines, document)

    def open_advance(self, entity: EntityPlan, partner: Partner, day: date, cents: int) -> Document:
        """An advance that nothing has used yet."""
        number, side = len(self._subledger.advances) + 1, self._side
        advance = Document(number, f"ADV-{number:05}", entity.id, partner, day, day, day, cents)
        self._subledger.advances.append(advance)
        lines = [(BANK, cents * side.sign), (side.advances, -cents * side.sign)]
        self._post(day, side.cash_journal, entity, f"Advance {advance.number}", lines, advance)
        return advance

    def _post(
        self,
        day: date,
        journal: str,
        entity: EntityPlan,
        title: str,
        lines: list[tuple[str, int]],
        document: Document,
        foreign: Sequence[int] = (),
    ) -> None:
        self._books.post(
            day,
            journal,
            entity,
            title,
            lines,
            partner=document.partner.id,
            currency=document.currency,
            foreign=foreign,
        )


def _working_day(day: date) -> date:
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])
