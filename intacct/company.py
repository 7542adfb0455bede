"""A signed-in company: everything that can be read from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from intacct.credentials import Login, Session
from intacct.endpoints import Trust
from intacct.gateway import Gateway
from intacct.lines import Line
from intacct.probing import Probing
from intacct.sessions import SessionKeeper


def _now() -> datetime:
    return datetime.now(UTC)


class Company(Probing):
    """One company, read through one session. Made by ``intacct.connect``, closed by leaving its ``with``.

    Every method raises an IntacctError: of the transport and of the reply anywhere, of the sign-in whenever a
    session has to be opened, PermissionDenied or NotSubscribed where the user or the company lacks the right.
    Every call is a read and may be repeated, so a session that dies is replaced once and the call sent again.
    A company is used by one thread.
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
        now: Callable[[], datetime] = _now,
    ) -> None:
        keeper = SessionKeeper(gateway, login, endpoint, trust, entity, now)
        if resume is not None:
            keeper.resume(resume)
        self._begin(gateway, keeper)

    def _begin(self, gateway: Gateway, keeper: SessionKeeper) -> None:
        super().__init__(Line(gateway, keeper), keeper.user_id)
        self._gateway = gateway
        self._keeper = keeper

    def __enter__(self) -> Self:
        try:
            self._keeper.live()
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
        self._line.hang_up()
        self._gateway.close()

    @property
    def session(self) -> Session:
        """The session in use, signing in first if there is none. Its id is a secret."""
        return self._keeper.live()

    def enter(self, entity: str) -> Company:
        """The same company in one of its entities, in a session of its own, without using the password.

        It shares the connections of this one and lasts as long. Raises EntityRefused.
        """
        inner = Company.__new__(Company)
        inner._begin(self._gateway, self._keeper.enter(entity))
        return inner
