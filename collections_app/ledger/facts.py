"""What is said over the border: how to get in, what is asked for, and what the company answers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SignIn:
    """How to get into the borrower's company. `session` continues an earlier one; repr shows no secret."""

    company_id: str
    user_id: str
    password: str
    session: str

    def __repr__(self) -> str:
        return f"SignIn(company_id={self.company_id!r}, user_id={self.user_id!r})"


@dataclass(frozen=True)
class ScopeFact:
    """Something a report can be about: the company, an entity, a consolidation book.

    `basis` is accrual or cash where the thing itself decides it, as a consolidation book does; otherwise
    empty.
    """

    kind: str
    id: str
    name: str
    currency: str
    first_fiscal_month: int
    basis: str = ""


@dataclass(frozen=True)
class Findings:
    """What was found out about this user before collecting, in Sage Intacct's menu words.

    `unavailable` is what the company does not have, such as a module that it did not subscribe to.
    `hidden_entities` are entities that exist and this user may not enter, None if even their list may not
    be read. `excessive` are permissions beyond reading, None if the user may not see permissions.
    """

    unavailable: tuple[str, ...] = ()
    hidden_entities: tuple[str, ...] | None = None
    excessive: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CompanyFacts:
    """What the company says about itself, the scopes this sign-in can read, and what it may.

    `closed_through` is the last day of the closed books as ISO, empty for none.
    """

    id: str
    name: str
    base_currency: str
    default_book: str
    first_fiscal_month: int
    gateway_host: str
    scopes: tuple[ScopeFact, ...]
    applications: tuple[str, ...]
    closed_through: str
    findings: Findings


@dataclass(frozen=True)
class AccountFact:
    """A general-ledger account of the chart; `control` says of which subledger it is the control account."""

    number: str
    title: str
    account_type: str
    normal_balance: str
    closing_type: str
    closes_to: str
    active: bool
    category: str
    control: str


@dataclass(frozen=True)
class Selection:
    """Which part of the ledger a trial balance covers.

    `scope_kind` and `scope_id` as in ScopeFact; `book` is ACCRUAL, CASH or empty for the company's own
    default; a consolidation book takes its place.
    """

    scope_kind: str
    scope_id: str
    book: str
    adjustment_books: tuple[str, ...]


@dataclass(frozen=True)
class Extent:
    """How many records there are, and the first and the last of their record numbers; zeros for none."""

    count: int
    first_key: int = 0
    last_key: int = 0


@dataclass(frozen=True)
class Slice:
    """Which records of a table are read: posted from `first` to `last`, or open on `open_from` or later.

    `first_key` and `last_key` limit the record numbers, both included; empty means no limit.
    """

    first: date
    open_from: date
    last: date
    first_key: str = ""
    last_key: str = ""
