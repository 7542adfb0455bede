"""Invoices, bills, credit memos, advances, payments and how they were applied to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from intacct.sandbox.generate.currencies import BASE, to_currency
from intacct.sandbox.generate.partners import Partner
from intacct.sandbox.generate.plan import EntityPlan


@dataclass(frozen=True)
class Side:
    """Receivables or payables. `sign` is that of a document on the control account; `advances` is the account
    of money that moved before there was a document, `discounts` that of what was given up for paying early.
    """

    control: str
    advances: str
    discounts: str
    sign: int
    document_journal: str
    cash_journal: str
    number: str


RECEIVABLES = Side("1200", "2210", "4110", 1, "ARJ", "CRJ", "INV")
PAYABLES = Side("2010", "1430", "5060", -1, "APJ", "CDJ", "BILL")
BANK = "1010"
CURRENCY_GAINS = "7050"


@dataclass
class Document:
    """An invoice, bill, credit memo (negative), advance or reversal (negative). Amounts are cents of the base
    currency, and `foreign` ones those of the document's; `settled` is what has been applied so far. `state`
    is empty where the amounts tell it.
    """

    record_number: int
    number: str
    entity: str
    partner: Partner
    created: date
    posted: date
    due: date | None
    cents: int
    currency: str = BASE
    rate: int = 1_000_000
    state: str = ""
    settled: int = 0
    settled_foreign: int = 0
    settled_on: date | None = None

    @property
    def foreign(self) -> int:
        """The total in the document's own currency."""
        return to_currency(self.cents, self.rate)

    @property
    def open(self) -> int:
        """What is left; a reversed document and its reversal leave nothing."""
        return 0 if self.state in ("Reversed", "Reversal") else self.cents - self.settled

    @property
    def open_foreign(self) -> int:
        """What is left, in the document's own currency."""
        return 0 if self.state in ("Reversed", "Reversal") else self.foreign - self.settled_foreign

    def foreign_part(self, cents: int) -> int:
        """An amount still to be settled in the document's currency; the last one takes what is left."""
        return self.open_foreign if cents == self.open else self.foreign * cents // self.cents

    def settle(self, cents: int, day: date) -> None:
        """Apply an amount of the document's own sign."""
        self.settled_foreign += self.foreign_part(cents)
        self.settled += cents
        if self.settled == self.cents:
            self.settled_on = day


@dataclass(frozen=True)
class Payment:
    """Money received or paid out, at the rate of the documents it settled. `unapplied` is part of `cents`."""

    record_number: int
    entity: str
    partner: Partner
    day: date
    cents: int
    foreign: int
    currency: str
    method: str
    unapplied: int = 0


@dataclass(frozen=True)
class Application:
    """How part of a document was settled. Exactly one of the three keys is set, to a record number. A
    discount comes with a payment and on top of it.
    """

    record_number: int
    document: int
    day: date
    cents: int
    foreign: int
    payment: int = 0
    credit: int = 0
    advance: int = 0
    discount: int = 0


@dataclass
class Subledger:
    """One side's documents, payments and applications, numbered as they come."""

    side: Side
    documents: list[Document] = field(default_factory=list)
    credits: list[Document] = field(default_factory=list)
    advances: list[Document] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)

    @property
    def next_number(self) -> int:
        """The record number of the next invoice or bill."""
        return len(self.documents) + 1

    def document(
        self,
        entity: EntityPlan,
        partner: Partner,
        days: Sequence[date],
        cents: int,
        *,
        rate: int = 1_000_000,
        state: str = "",
    ) -> Document:
        """A new invoice or bill. `days` are those of the document and of its posting."""
        number, (created, posted) = self.next_number, days
        due = None if number % 50 == 17 else created + timedelta(days=partner.days)
        made = Document(
            number, f"{self.side.number}-{number:06}", entity.id, partner, created, posted, due, cents,
            partner.currency, rate, state,
        )  # fmt: skip
        self.documents.append(made)
        return made

    def reverse(self, document: Document, day: date) -> Document:
        """The reversal of a document, under the same visible number."""
        document.state = "Reversed"
        made = Document(
            self.next_number, document.number, document.entity, document.partner, day, day, day,
            -document.cents, document.currency, document.rate, "Reversal",
        )  # fmt: skip
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
        discount: int = 0,
    ) -> None:
        """Settle part of a document by a payment with its discount, by a credit memo or by an advance."""
        foreign = document.foreign_part(cents + discount) - to_currency(discount, document.rate)
        document.settle(cents + discount, day)
        number = len(self.applications) + 1
        key = document.record_number
        self.applications.append(
            Application(number, key, day, cents, foreign, payment, credit, advance, discount)
        )
