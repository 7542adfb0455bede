"""Who we are (Sender), who signs in (Login), and what a sign-in gives (Session).

All three are frozen and their repr shows no secret, so that none can leak through a log line or a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """The Web Services sender of whoever runs this program, sent with every request, in a session too."""

    id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Login:
    """The sign-in of a user in one company, at the top level."""

    company_id: str
    user_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session, bound to user, company, entity and endpoint.

    endpoint: where every later request must go; the gateway names it at sign-in.
    expires_at: aware, by this machine's clock; every request inside the time moves it forward.
    entity_id: the entity the session is in, "" at the top level.
    """

    id: str = field(repr=False)
    endpoint: str
    expires_at: datetime
    entity_id: str = ""
