"""One conversation with a company: one request at a time, with a live session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from intacct.credentials import Session
from intacct.errors import IntacctError, SessionExpired
from intacct.functions import Function, ListFunction
from intacct.gateway import Gateway
from intacct.pages import OpenPage
from intacct.sessions import SessionKeeper

Answer = TypeVar("Answer")


class Line:
    """Sends calls of one thread. Every call is a read, so a session that dies is replaced once and the call
    sent again.

    A list whose rows are still arriving is taken in before the next request goes out, so that a program which
    asks for something inside a loop over rows holds one place at the gate and never waits for itself.
    """

    def __init__(self, gateway: Gateway, keeper: SessionKeeper) -> None:
        self._gateway = gateway
        self._keeper = keeper
        self._arriving: OpenPage | None = None

    def another(self) -> Line:
        """A line beside this one, for another thread."""
        return Line(self._gateway, self._keeper)

    def call(self, function: Function[Answer]) -> Answer:
        """The answer as records. Raises an IntacctError."""

        def send(session: Session) -> Answer:
            records, reply = self._gateway.call(function, session, session.endpoint)
            self._keeper.keep(session, reply.lifetime)
            return records

        return self._with_session(send)

    def open(self, function: ListFunction) -> OpenPage:
        """The answer to a call for rows, as soon as it has said how many. Raises an IntacctError."""

        def send(session: Session) -> OpenPage:
            page, lifetime = self._gateway.open(function, session, session.endpoint)
            self._keeper.keep(session, lifetime)
            return page

        self._arriving = self._with_session(send)
        return self._arriving

    def pause(self, failures: int, problem: IntacctError) -> None:
        """Waits before a list that broke off is gone on with."""
        self._gateway.pause(failures, problem)

    def settle(self) -> None:
        """Takes in what is still arriving, which frees its place at the gate."""
        if self._arriving is not None:
            self._arriving.absorb()
            self._arriving = None

    def hang_up(self) -> None:
        """Gives up what is still arriving."""
        if self._arriving is not None:
            self._arriving.close()
            self._arriving = None

    def _with_session(self, send: Callable[[Session], Answer]) -> Answer:
        self.settle()
        session = self._keeper.live()
        try:
            return send(session)
        except SessionExpired:
            pass
        return send(self._keeper.instead_of(session))
