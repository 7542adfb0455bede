"""How many requests one company has to answer at a time.

The gateway works on few requests of a company at once and makes the rest wait, also those of the borrower's
own people. So at most two of ours are under way in a company. Which program counts them is a seam: several
processes or machines pass a gate of their own to ``intacct.connect``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from intacct.errors import ServiceUnavailable

AT_MOST = 2
LONGEST_WAIT = 900.0


class Gate(Protocol):
    """Lets a request out when few enough are under way in its company."""

    def slot(self, company_id: str) -> AbstractContextManager[None]:
        """Held from before a request is sent until its answer has arrived. May wait, in any thread.

        What it raises reaches the caller as it is; ServiceUnavailable says that waiting was in vain.
        """


class ProcessGate:
    """The gate of one process: counts its own requests, and knows nothing of other processes."""

    def __init__(self, at_most: int = AT_MOST, longest_wait: float = LONGEST_WAIT) -> None:
        self._at_most = at_most
        self._longest_wait = longest_wait
        self._lock = threading.Lock()
        self._free: dict[str, threading.BoundedSemaphore] = {}

    @contextmanager
    def slot(self, company_id: str) -> Iterator[None]:
        """One of the company's places. Raises ServiceUnavailable if none becomes free in time."""
        with self._lock:
            free = self._free.setdefault(company_id, threading.BoundedSemaphore(self._at_most))
        if not free.acquire(timeout=self._longest_wait):
            raise ServiceUnavailable(f"{self._at_most} requests to this company are already under way")
        try:
            yield
        finally:
            free.release()


PROCESS_GATE = ProcessGate()
