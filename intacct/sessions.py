"""The session of a company: opened when needed, kept alive, replaced once it has died. Safe in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from intacct.credentials import Login, Session
from intacct.endpoints import Trust
from intacct.errors import SignInRefused, UnreadableReply
from intacct.functions import GetAPISession
from intacct.gateway import Gateway

RENEW_BEFORE = timedelta(minutes=2)
# The shortest inactivity a company can set, for a reply that does not say when its session ends.
SHORTEST_LIFETIME = timedelta(minutes=10)


class SessionKeeper:
    """Keeps one session for one user, company and entity.

    The password is used for the top level only, and never again once it was refused; an entity is entered
    in a second step. So a refusal of the first is about the password and one of the second about the entity.
    """

    def __init__(
        self,
        gateway: Gateway,
        login: Login,
        endpoint: str,
        trust: Trust,
        entity: str,
        now: Callable[[], datetime],
    ) -> None:
        self._gateway = gateway
        self._login = login
        self._endpoint = trust.check(endpoint)
        self._trust = trust
        self._entity = entity
        self._now = now
        self._lock = threading.RLock()
        self._session: Session | None = None
        self._renew_at = now()
        self._refusal: SignInRefused | None = None

    @property
    def user_id(self) -> str:
        return self._login.user_id

    def resume(self, session: Session) -> None:
        """Goes on with an earlier session, if it is in the same entity and its endpoint still trusted.

        Any other is left alone and a new one opened: whoever is given another gateway must not be stopped by
        what the former one said.
        """
        if session.entity_id == self._entity and self._trust.includes(session.endpoint):
            self._session, self._renew_at = session, session.expires_at - RENEW_BEFORE

    def live(self) -> Session:
        """The session to send the next request with, opening one if there is none that will last."""
        with self._lock:
            if self._session is None or self._now() >= self._renew_at:
                self._session = self._open()
            return self._session

    def instead_of(self, dead: Session) -> Session:
        """A session after this one turned out to be dead; another thread may have opened it already."""
        with self._lock:
            if self._session is not None and self._session.id == dead.id:
                self._session = None
            return self.live()

    def keep(self, session: Session, lifetime: timedelta | None) -> Session:
        """Notes that a request went well, which moves the session's end."""
        lasts = SHORTEST_LIFETIME if lifetime is None else lifetime
        with self._lock:
            kept = replace(session, expires_at=self._now() + lasts)
            if self._session is None or self._session.id == session.id:
                self._session = kept
                # Half of it where the company allows sessions shorter than the margin, else every call would
                # sign in.
                self._renew_at = kept.expires_at - min(RENEW_BEFORE, lasts / 2)
            return kept

    def enter(self, entity: str) -> SessionKeeper:
        """A keeper for an entity, entered from this one's session without using the password."""
        inner = SessionKeeper(self._gateway, self._login, self._endpoint, self._trust, entity, self._now)
        inner._refusal = self._refusal
        inner._begin(self.live())
        return inner

    def _open(self) -> Session:
        self._session = None
        session, lifetime = self._sign_in()
        if self._entity:
            return self._begin(session)
        return self.keep(session, lifetime)

    def _begin(self, outer: Session) -> Session:
        session, lifetime = self._open_with(GetAPISession(self._entity), outer, outer.endpoint)
        if session.entity_id != self._entity:
            raise UnreadableReply("the session is not in the entity that was asked for")
        return self.keep(session, lifetime)

    def _sign_in(self) -> tuple[Session, timedelta | None]:
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
    ) -> tuple[Session, timedelta | None]:
        opened, reply = self._gateway.call(function, authentication, endpoint)
        session = Session(opened.id, self._trust.check(opened.endpoint), self._now(), opened.entity_id)
        return session, reply.lifetime
