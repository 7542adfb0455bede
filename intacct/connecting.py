"""The door of the package."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from intacct.company import Company
from intacct.credentials import Login, Sender, Session
from intacct.endpoints import SAGE_ENDPOINT, trust_for
from intacct.gate import PROCESS_GATE, Gate
from intacct.gateway import Gateway
from intacct.retries import Patience, Retries
from intacct.transport import Limits, Transport

LIMITS = Limits()
PATIENCE = Patience()


def connect(
    sender: Sender,
    login: Login,
    *,
    endpoint: str = SAGE_ENDPOINT,
    allow_sandbox: bool = False,
    resume: Session | None = None,
    entity: str = "",
    limits: Limits = LIMITS,
    patience: Patience = PATIENCE,
    gate: Gate = PROCESS_GATE,
    sign_in_guard: Callable[[], AbstractContextManager[None]] = nullcontext,
    sleep: Callable[[float], None] = time.sleep,
) -> Company:
    """A company to read from, as a context manager; entering it signs in, unless a session is resumed.

    endpoint: the gateway; Sage's own unless ``allow_sandbox`` says that this very origin is a sandbox.
    resume: an earlier session; the login is then used only once that session has ended.
    entity: the entity to work in, "" for the top level.
    gate: what keeps requests to one company at two at a time; pass one of your own to count across processes.
    sign_in_guard: entered before each request that carries the password, left with its answer or its error;
    what it raises on entering reaches the caller as it is, and nothing is sent. So a caller can count tries.
    sleep: what waits between tries, for a caller that must do something else meanwhile. While the general
    ledger's detail is read it is called in reading threads, and so is the gate.
    Raises UntrustedEndpoint at once for an endpoint that is neither Sage's nor an allowed sandbox.
    """
    trust = trust_for(endpoint, allow_sandbox=allow_sandbox)
    slot = partial(gate.slot, login.company_id)
    gateway = Gateway(sender, Transport(limits), Retries(patience, sleep), slot, sign_in_guard)
    return Company(gateway, login, endpoint=endpoint, trust=trust, resume=resume, entity=entity)
