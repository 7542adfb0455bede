"""Invoices and bills from birth to settlement, and the postings that they cause."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from intacct.sandbox.generate.journals import Books
from intacct.sandbox.generate.partners import Partner
from intacct.sandbox.generate.plan import EntityPlan, Plan


@dataclass(frozen=True)
class Side:
    """Receivables or payables. `sign` is that of a document on the control account."""

    control: str
    sign: int
    document_journal: str
    cash_journal: str
    number: str


RECEIVABLES = Side("1200", 1, "ARJ", "CRJ", "INV")
PAYABLES = Side("2010", -1, "APJ", "CDJ", "BILL")
CUSTOMER_DEPOSITS = "2210"
BANK = "1010"


@dataclass
class Document:
    """An invoice, bill, credit memo (negative) or advance. Amounts in cents; `settled` is what has been
    applied so far.
    """

    record_number: int
    number: str
    entity: str
    partner: Partner
    created: date
    posted: date
    due: date
    cents: int
    settled: int = 0
    settled_on: date | None = None

    def settle(self, cents: int, day: date) -> None:
        """Apply an amount of the document's own sign."""
        self.settled += cents
        if self.settled == self.cents:
            self.settled_on = day

    @property
    def open(self) -> int:
        """What is left."""
        return self.cents - self.settled


@dataclass(frozen=True)
class Payment:
    """Money received or paid out."""

    record_number: int
    entity: str
    partner: Partner
    day: date
    cents: int
    method: str


@dataclass(frozen=True)
class Application:
    """How part of a document was settled. Exactly one of the three keys is set, to a record number."""

    record_number: int
    document: int
    day: date
    cents: int
    payment: int = 0
    credit: int = 0
    advance: int = 0


@dataclass
class Subledger:
    """One side's documents, payments and applications, numbered as they come."""

    side: Side
    documents: list[Document] = field(default_factory=list)
    credits: list[Document] = field(default_factory=list)
    advances: list[Document] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)

    def document(
        self, entity: EntityPlan, partner: Partner, created: date, posted: date, cents: int
    ) -> Document:
        """A new invoice or bill."""
        number = len(self.documents) + 1
        label = f"{self.side.number}-{number:06}"
        due = created + timedelta(days=partner.days)
        made = Document(number, label, entity.id, partner, created, posted, due, cents)
        self.documents.append(made)
        return made

    def apply(
        self,
        document: Document,
        cents: int,
        day: date,
        *,
        payment: int = 0,
        credit: int = 0,
        advance: int = 0,
    ) -> None:
        """Settle part of a document by a payment, a credit memo or an advance."""
        document.settle(cents, day)
        number = len(self.applications) + 1
        self.applications.append(
            Application(number, document.record_number, day, cents, payment, credit, advance)
        )


class Settlement:
    """Settles documents as partners do: mostly in full, sometimes in parts, against a credit, or from an
    advance.
    """

    def __init__(self, plan: Plan, books: Books, subledger: Subledger) -> None:
        self._plan = plan
        self._books = books
        self._subledger = subledger

    def settle(self, entity: EntityPlan, document: Document, account: str) -> None:
        """Everything that happens to a document after it was posted, up to the last day. `account` takes a
        credit memo.
        """
        chance = self._plan.random.randrange(1000)
        if chance < 15:
            return
        if chance < 50:
            self._credit(entity, document, account)
        elif chance < 75 and self._subledger.side is RECEIVABLES:
            self._advance(entity, document)
        day = document.due + timedelta(days=document.partner.slow + self._plan.random.randrange(-5, 9))
        day = max(day, document.posted + timedelta(days=1))
        if chance >= 925:
            self._pay(entity, document, document.open * 2 // 5, day)
            day += timedelta(days=self._plan.random.randrange(12, 40))
        self._pay(entity, document, document.open, day)

    def _pay(self, entity: EntityPlan, document: Document, cents: int, day: date) -> None:
        day += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])
        if day > self._plan.last_day or cents <= 0:
            return
        side, partner = self._subledger.side, document.partner
        number = len(self._subledger.payments) + 1
        method = ("EFT", "Printed Check", "EFT", "Credit Card")[
            number % 4 if side is RECEIVABLES else number % 2
        ]
        self._subledger.payments.append(Payment(number, entity.id, partner, day, cents, method))
        self._subledger.apply(document, cents, day, payment=number)
        lines = [(BANK, cents * side.sign), (side.control, -cents * side.sign)]
        self._books.post(
            day, side.cash_journal, entity, f"{partner.id} {document.number}", lines, partner=partner.id
        )

    def _credit(self, entity: EntityPlan, document: Document, account: str) -> None:
        """A credit memo some days later; one in four is left unapplied."""
        side, cents = self._subledger.side, document.cents // 8
        day = document.posted + timedelta(days=self._plan.random.randrange(4, 14))
        if day > self._plan.last_day or not cents:
            return
        number = len(self._subledger.credits) + 1
        memo = Document(number, f"CM-{number:05}", entity.id, document.partner, day, day, day, -cents)
        self._subledger.credits.append(memo)
        lines = [(account, cents * side.sign), (side.control, -cents * side.sign)]
        title = f"Credit memo for {document.number}"
        self._books.post(day, side.document_journal, entity, title, lines, partner=document.partner.id)
        if number % 4:
            memo.settle(-cents, day)
            self._subledger.apply(document, cents, day, credit=number)

    def _advance(self, entity: EntityPlan, document: Document) -> None:
        """A deposit that came before the invoice and is used when the invoice is posted."""
        cents, partner = document.cents // 4, document.partner
        received = document.created - timedelta(days=self._plan.random.randrange(6, 20))
        if received <= self._plan.opening_day or not cents:
            return
        advance = self.open_advance(entity, partner, received, cents)
        advance.settle(cents, document.posted)
        self._subledger.apply(document, cents, document.posted, advance=advance.record_number)
        lines = [(CUSTOMER_DEPOSITS, cents), (RECEIVABLES.control, -cents)]
        title = f"Advance applied to {document.number}"
        self._books.post(document.posted, "ARJ", entity, title, lines, partner=partner.id)

    def open_advance(self, entity: EntityPlan, partner: Partner, day: date, cents: int) -> Document:
        """A deposit received and not yet used."""
        number = len(self._subledger.advances) + 1
        advance = Document(number, f"ADV-{number:05}", entity.id, partner, day, day, day, cents)
        self._subledger.advances.append(advance)
        lines = [(BANK, cents), (CUSTOMER_DEPOSITS, -cents)]
        self._books.post(day, "CRJ", entity, f"Advance {advance.number}", lines, partner=partner.id)
        return advance
