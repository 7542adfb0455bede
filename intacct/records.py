"""What comes back from the gateway: frozen, typed, exact. Amounts are Decimal, dates are datetime.date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

AccountType = Literal["balancesheet", "incomestatement"]
NormalBalance = Literal["debit", "credit"]
ClosingType = Literal["non-closing account", "closing account", "closed to account"]
AlternativeAccount = Literal["", "payables", "receivables"]


@dataclass(frozen=True, slots=True)
class CompanyInformation:
    """The company as it calls itself. id is the one typed at sign-in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FinancialSetup:
    """The company's financial set-up.

    base_currency: "" in a company with several base currencies, where each entity has its own.
    default_book: the reporting book used when a call names none, e.g. "ACCRUAL".
    first_fiscal_month: 1 to 12; an entity may have another.
    """

    base_currency: str
    default_book: str
    first_fiscal_month: int
    multi_base_currency: bool
    multi_book: bool
    multi_currency: bool
    multi_entity: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity the signed-in user may enter. currency "", first_fiscal_month None: as the company."""

    id: str
    name: str
    currency: str
    first_fiscal_month: int | None


@dataclass(frozen=True, slots=True)
class ConsolidationBook:
    """A book that consolidates several entities, as of the last consolidation that the company has run.

    id: what ``trial_balance(book=...)`` takes.  source_book: the book it is built from, "ACCRUAL" or "CASH".
    elimination_entity: the entity that holds its eliminations, by id or by name as the company wrote it, ""
    if none; ``Company.elimination_entities`` has the ids.
    """

    id: str
    name: str
    currency: str
    source_book: str
    status: str
    elimination_entity: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the general ledger, inactive ones included.

    number: text, leading zeros count.  category: the QuickStart category, "" if none.
    closes_to: number of the account that takes this one's balance at the fiscal year's end, "" if none.
    entity_id: the entity the account is private to, "" if shared.
    alternative_account: whether it is the control account of payables or receivables.
    subledger_control: whether only subledgers may post to it, as is usual for control accounts.
    """

    record_number: int
    number: str
    title: str
    account_type: AccountType
    normal_balance: NormalBalance
    closing_type: ClosingType
    closes_to: str
    status: str
    category: str
    entity_id: str
    alternative_account: AlternativeAccount = ""
    subledger_control: bool = False


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account over one period, debit positive, in the currency named.

    opening + debits - credits + adjusting_debits - adjusting_credits = closing holds for every row.
    Debits and credits are turnovers, zero or positive in the usual case.
    """

    account_number: str
    opening: Decimal
    debits: Decimal
    credits: Decimal
    adjusting_debits: Decimal
    adjusting_credits: Decimal
    closing: Decimal
    book: str
    currency: str


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One account over one period, debit positive, as in a trial balance, for a choice of accounts."""

    account_number: str
    opening: Decimal
    debits: Decimal
    credits: Decimal
    adjusting_debits: Decimal
    adjusting_credits: Decimal
    closing: Decimal
    book: str
    currency: str


@dataclass(frozen=True, slots=True)
class DimensionBalance:
    """One account for one combination of dimensions, debit positive: opening + movement = closing.

    dimensions: such as ("locationid", "E100"), in the gateway's order, each followed by its name, such as
    ("locationname", "Shops").
    """

    account_number: str
    opening: Decimal
    movement: Decimal
    closing: Decimal
    currency: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AgedDocument:
    """One open document of a customer.  aged_from: the day it is aged from, None if the answer has none."""

    number: str
    amount: Decimal
    aged_from: date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class AgedReceivables:
    """What one customer owes in one period of age; positive is owed to the company.

    period: such as "31-60" days.  documents: empty unless details were asked for.
    """

    customer_id: str
    period: str
    amount: Decimal
    documents: tuple[AgedDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Preference:
    """One preference of one application, as text; yes and no are T and F."""

    application: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user may do under one permission of one module, such as List and View."""

    application: str
    permission: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field of an object in this company.  kind: Intacct's word, such as DECIMAL or ENUM."""

    id: str
    label: str
    kind: str
    required: bool
    read_only: bool
    custom: bool
    valid_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relationship:
    """Where an object leads: fields of the other one can be selected as ``path.FIELD`` if it is one."""

    path: str
    object_name: str
    kind: str
    related_by: str


@dataclass(frozen=True, slots=True)
class ObjectDefinition:
    """An object as this company has it. It says nothing about what the user may read."""

    name: str
    fields: tuple[FieldDefinition, ...]
    relationships: tuple[Relationship, ...]
