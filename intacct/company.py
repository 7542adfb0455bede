"""A signed-in company: opens and renews its session, and reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from intacct.chart import ACCOUNT_FIELDS, BOOK_FIELDS, account, consolidation_book
from intacct.credentials import Login, Session
from intacct.endpoints import Trust
from intacct.envelope import Reply
from intacct.errors import SessionExpired, SignInRefused, UnreadableReply
from intacct.filters import Filter, equal_to, every, greater_than
from intacct.formatting import UserFormatting
from intacct.functions import (
    Function,
    GetAPISession,
    GetCompanyInformation,
    GetFinancialSetup,
    GetTrialBalance,
    Page,
    Query,
    ReadEntityDetails,
    ReadUserFormatting,
)
from intacct.gateway import Gateway
from intacct.paging import Key, read_all
from intacct.records import (
    Account,
    CompanyInformation,
    ConsolidationBook,
    Entity,
    FinancialSetup,
    TrialBalanceRow,
)
from intacct.rows import Row

Answer = TypeVar("Answer")
RENEW_BEFORE = timedelta(minutes=2)
# The shortest inactivity a company can set, for a reply that does not say when its session ends.
SHORTEST_LIFETIME = timedelta(minutes=10)


class Company:
    """One company, read through one session. Made by ``intacct.connect``, closed by leaving its ``with``.

    Every method raises an IntacctError: of the transport and of the reply anywhere, of the sign-in whenever a
    session has to be opened, PermissionDenied or NotSubscribed where the user or the company lacks the right.
    Every call is a read and may be repeated, so a session that dies is replaced once and the call sent again.
    """

    def __init__(
        self,
        gateway: Gateway,
        login: Login,
        *,
        endpoint: str,
        trust: Trust,
        resume: Session | None = None,
        entity: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._gateway = gateway
        self._login = login
        self._endpoint = trust.check(endpoint)
        self._trust = trust
        self._entity = entity
        self._now = now
        self._session: Session | None = None
        self._renew_at = now()
        self._formatting: UserFormatting | None = None
        self._refusal: SignInRefused | None = None
        if resume is not None:
            self._resume(resume)

    def __enter__(self) -> Self:
        try:
            self._live_session()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. The session lives on at the gateway and can be resumed."""
        self._gateway.close()

    @property
    def session(self) -> Session:
        """The session in use, signing in first if there is none. Its id is a secret."""
        return self._live_session()

    def company_information(self) -> CompanyInformation:
        """The company's id and name."""
        return self._call(GetCompanyInformation())

    def financial_setup(self) -> FinancialSetup:
        """Base currency, default book, first fiscal month, and what the company is divided into."""
        return self._call(GetFinancialSetup())

    def formatting(self) -> UserFormatting:
        """How the signed-in user's settings write dates. Raises UnreadableFormatting; read once and kept."""
        if self._formatting is None:
            self._formatting = self._call(ReadUserFormatting(self._login.user_id))
        return self._formatting

    def entities(self) -> tuple[Entity, ...]:
        """The entities this user may enter, which can be fewer than the company has."""
        return self._call(ReadEntityDetails())

    def consolidation_books(self) -> tuple[ConsolidationBook, ...]:
        """The active consolidation books. A company without consolidation raises PermissionDenied or
        NotSubscribed.
        """
        rows = self._rows("GCBOOK", BOOK_FIELDS, equal_to("STATUS", "active"), Key("BOOKID", number=False))
        return tuple(book for book in map(consolidation_book, rows) if book is not None)

    def accounts(self) -> Iterator[Account]:
        """Every general-ledger account, inactive and entity-private ones too, by record number."""
        return map(account, self._rows("GLACCOUNT", ACCOUNT_FIELDS, None, Key("RECORDNO")))

    def trial_balance(
        self,
        start: date,
        end: date,
        *,
        book: str = "",
        adjustment_books: Sequence[str] = (),
        location: str = "",
        show_zero_balances: bool = True,
    ) -> Iterator[TrialBalanceRow]:
        """One row per account from ``start`` to ``end``, both included; debit positive; statistics left out.

        book: "ACCRUAL", "CASH" or a consolidation book's id; the company's default book if empty.
        adjustment_books: ids added to the main book.
        location: an entity or location with all below it; needed in a company with several base currencies.
        show_zero_balances: without it, accounts whose closing balance is zero are missing.
        """
        function = GetTrialBalance(
            start, end, book, tuple(adjustment_books), location, show_zero_balances=show_zero_balances
        )
        return iter(self._call(function))

    def query(
        self,
        object_name: str,
        fields: Sequence[str],
        *,
        where: Filter | None = None,
        key: str = "RECORDNO",
        key_is_number: bool = True,
    ) -> Iterator[Row]:
        """Every row of an object, entity-private ones too, in ascending order of its key.

        key: a field that is unique and never changes.  key_is_number: False where it is text, as GLDETAIL's
        RECORDNO.  Raises IncompleteRead when the list cannot be proved complete, ObjectUnknown, FieldRefused,
        and UnreadableFormatting before anything is read.
        """
        dates = self.formatting().dates
        for fields_of_row in self._rows(object_name, tuple(fields), where, Key(key, key_is_number)):
            yield Row(object_name, {name: fields_of_row.get(name, "") for name in fields}, dates)

    def _rows(
        self, object_name: str, fields: tuple[str, ...], where: Filter | None, key: Key
    ) -> Iterator[Mapping[str, str]]:
        selected = fields if key.field in fields else (key.field, *fields)

        def read_page(last: str) -> Page:
            after = (greater_than(key.field, last),) if last else ()
            conditions = ((where,) if where is not None else ()) + after
            condition = every(*conditions) if conditions else None
            return self._call(Query(object_name, selected, condition, order=key.field))

        return read_all(read_page, key, f"query {object_name}")

    def _call(self, function: Function[Answer]) -> Answer:
        session = self._live_session()
        try:
            return self._send(function, session)
        except SessionExpired:
            self._session = None
        return self._send(function, self._live_session())

    def _send(self, function: Function[Answer], session: Session) -> Answer:
        records, reply = self._gateway.call(function, session, session.endpoint)
        self._keep(session, reply)
        return records

    def _live_session(self) -> Session:
        if self._session is None or self._now() >= self._renew_at:
            self._session = self._open()
        return self._session

    def _open(self) -> Session:
        """A new session: the password is used once, for the top level; the entity is entered from there.

        So a refusal of the first is about the password and a refusal of the second about the entity.
        """
        session, reply = self._sign_in()
        if self._entity:
            session, reply = self._open_with(GetAPISession(self._entity), session, session.endpoint)
            if session.entity_id != self._entity:
                raise UnreadableReply("the session is not in the entity that was asked for")
        return self._keep(session, reply)

    def _sign_in(self) -> tuple[Session, Reply]:
        # A password that was refused once is not sent again, whatever the caller does: it can lock the user.
        if self._refusal is not None:
            raise self._refusal
        try:
            return self._open_with(GetAPISession(), self._login, self._endpoint)
        except SignInRefused as refusal:
            self._refusal = refusal
            raise

    def _open_with(
        self, function: GetAPISession, authentication: Login | Session, endpoint: str
    ) -> tuple[Session, Reply]:
        opened, reply = self._gateway.call(function, authentication, endpoint)
        return Session(opened.id, self._trust.check(opened.endpoint), self._now(), opened.entity_id), reply

    def _keep(self, session: Session, reply: Reply) -> Session:
        lifetime = SHORTEST_LIFETIME if reply.lifetime is None else reply.lifetime
        self._session = replace(session, expires_at=self._now() + lifetime)
        # Half of it where the company allows sessions shorter than the margin, else every call would sign in.
        self._renew_at = self._session.expires_at - min(RENEW_BEFORE, lifetime / 2)
        return self._session

    def _resume(self, session: Session) -> None:
        self._trust.check(session.endpoint)
        if session.entity_id == self._entity:
            self._session, self._renew_at = session, session.expires_at - RENEW_BEFORE
