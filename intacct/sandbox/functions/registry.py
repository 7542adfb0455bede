"""What a function is: a name, the schema of its element, and the code that answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from intacct.sandbox.company import Company, User
from intacct.sandbox.ledger import Ledger
from intacct.sandbox.scans import Scans
from intacct.sandbox.schema import Content
from intacct.sandbox.sessions import Sessions


@dataclass(frozen=True)
class Caller:
    """Who calls, from where, and what the gateway keeps between calls.

    `location` is the entity of the session or login, empty at the top level; `endpoint` is where a new
    session will live; `scope` is what reads under way belong to: the session, or this one operation.
    """

    company: Company
    user: User
    location: str
    sender_id: str
    endpoint: str
    sessions: Sessions
    scans: Scans
    scope: str
    ledger: Callable[[], Ledger]

    def visible_locations(self) -> frozenset[str] | None:
        """The locations whose postings the caller sees: the entity's, the user's entities', or None for
        everything.
        """
        tops = (self.location,) if self.location else self.user.entities
        if not tops:
            return None
        return frozenset().union(*(self.company.with_children(top) for top in tops))

    def visible_entities(self) -> frozenset[str] | None:
        """The entities whose private records the caller sees; None for all."""
        tops = (self.location,) if self.location else self.user.entities
        return frozenset(tops) or None


@dataclass(frozen=True)
class Outcome:
    """What a function answers: `data`, and for old list functions a `listtype` beside it.

    `rows` is XML that stands inside `data`; `bare` is a content type and a body that go out alone, without
    an envelope.
    """

    data: etree._Element
    list_type: etree._Element | None = None
    rows: bytes = b""
    bare: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Function:
    """A function. `run` raises FunctionFailure, or SignInFailure where an entity is refused."""

    name: str
    schema: Content
    run: Callable[[Caller, etree._Element], Outcome]
