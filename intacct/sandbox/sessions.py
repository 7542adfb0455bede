"""Sessions: opened by a sign-in, moved forward by every call, refused when they are late or elsewhere."""

import secrets
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from intacct.sandbox.company import Company, User


@dataclass(frozen=True)
class Session:
    """Who is signed in where. `location` is the entity's id, empty at the top level; `endpoint` the only
    address it works at.
    """

    id: str
    company: Company
    user: User
    location: str
    sender_id: str
    endpoint: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Session(company={self.company.id!r}, user={self.user.id!r}, location={self.location!r})"


class Sessions:
    """All open sessions of a sandbox."""

    def __init__(self, lifetime: timedelta) -> None:
        self.lifetime = lifetime
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, company: Company, user: User, location: str, sender_id: str, endpoint: str) -> Session:
        """A new session; a user may hold any number of them."""
        identifier = secrets.token_urlsafe(24)
        session = Session(identifier, company, user, location, sender_id, endpoint, self.timeout())
        with self._lock:
            self._sessions[identifier] = session
        return session

    def find(self, identifier: str) -> Session | None:
        """The session with this id, if it has not expired."""
        with self._lock:
            session = self._sessions.get(identifier)
            if session is not None and session.expires_at <= datetime.now(UTC):
                del self._sessions[identifier]
                return None
            return session

    def slide(self, session: Session) -> None:
        """Move the expiry forward, as every answered call does."""
        with self._lock:
            if session.id in self._sessions:
                self._sessions[session.id] = replace(session, expires_at=self.timeout())

    def end(self, identifier: str) -> None:
        """Forget a session before its time."""
        with self._lock:
            self._sessions.pop(identifier, None)

    def end_all(self) -> None:
        """Forget every session, as a restart of the gateway would."""
        with self._lock:
            self._sessions.clear()

    def timeout(self) -> datetime:
        """When a call made now would expire."""
        return datetime.now(UTC) + self.lifetime
