"""Replies that go wrong on purpose: by company and user for demonstrations, one after another for tests."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from intacct.sandbox.catalogue import CATALOGUE

MECHANICAL: Mapping[str, str] = {
    "down": "503 with a page instead of XML",
    "html": "a page instead of XML, with the status given",
    "cloudflare": "524 with Cloudflare's page for a time-out",
    "rate-limited": "429 with GW-0010, without Retry-After",
    "retry-after": "429 with GW-0010 and Retry-After, in whole seconds",
    "slow": "the answer comes after so many seconds",
    "cut": "the connection closes without an answer",
    "truncated": "the connection closes in the middle of the answer",
    "malformed": "the answer is not XML",
    "session-death": "the session ends before the call",
    "row-inserted": "a row appears in the object that is read, before it is read",
    "row-deleted": "a row disappears from the object that is read, before it is read",
}
KINDS: Mapping[str, str] = {**MECHANICAL, **{name: row[0] for name, row in CATALOGUE.items()}}
_NUMBERS = ("times", "skip", "status")


@dataclass(frozen=True)
class Fault:
    """One way for a reply to go wrong, and whose replies.

    `kind` is one of KINDS, which says what each does; `seconds` is how long `slow` waits and what
    `retry-after` asks for, `status` the HTTP status of `html`. `company`, `user` and `function` limit it,
    empty ones do not; `skip` lets that many matching requests through first; after `times` of them it is
    spent (None: never).
    """

    kind: str
    times: int | None = None
    company: str = ""
    user: str = ""
    function: str = ""
    seconds: float = 5.0
    status: int = 524
    skip: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault {self.kind!r}; use one of: {', '.join(KINDS)}.")


class Faults:
    """The faults in force, safe to change while requests are being answered."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Put a fault in force until it is spent."""
        with self._lock:
            self._faults.append(fault)

    def next(self, kind: str, times: int = 1, **limits: Any) -> None:
        """Make the next request, or the next `times` matching ones, go wrong; `limits` are the fields of
        Fault.
        """
        self.add(Fault(kind, times, **limits))

    def clear(self) -> None:
        """Let everything be answered again."""
        with self._lock:
            self._faults.clear()

    def take(self, company: str, user: str, functions: tuple[str, ...]) -> Fault | None:
        """The fault that this request meets, used up by one; None in the usual case."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not _meets(fault, company, user, functions):
                    continue
                if fault.skip:
                    self._faults[index] = replace(fault, skip=fault.skip - 1)
                    continue
                self._use(index, fault)
                return fault
        return None

    def _use(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._faults[index] = replace(fault, times=fault.times - 1)
        else:
            del self._faults[index]


def _meets(fault: Fault, company: str, user: str, functions: tuple[str, ...]) -> bool:
    return (
        fault.company in ("", company)
        and fault.user in ("", user)
        and (not fault.function or fault.function in functions)
    )


def parse_fault(text: str) -> Fault:
    """A fault from the command line: `KIND[=SECONDS][:COMPANY[:USER]][,NAME=VALUE...]`, for example
    `slow=8:DEMO`, `down:DEMO:ws_down` or `session-death:DEMO,skip=10,times=1`; the names are function,
    skip, times and status.

    Raises ValueError with a sentence for the person who typed it.
    """
    named, *limits = text.split(",")
    name, _, rest = named.partition(":")
    company, _, user = rest.partition(":")
    kind, _, seconds = name.partition("=")
    try:
        duration = float(seconds) if seconds else 5.0
    except ValueError:
        raise ValueError(f"{seconds!r} is not a number of seconds; write for example slow=8.") from None
    return Fault(kind, company=company, user=user, seconds=duration, **dict(map(_limit, limits)))


def _limit(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    if name == "function" and value:
        return name, value
    if name not in _NUMBERS or not value.isdigit():
        raise ValueError(f"{text!r} limits no fault; write function=NAME, skip=N, times=N or status=N.")
    return name, int(value)
