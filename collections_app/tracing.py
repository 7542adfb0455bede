"""One id from the page to the worker to the call of the gateway, for the logs."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """The id under which this thread works; empty for none."""
    return _current.get()


@contextmanager
def following(trace: str) -> Iterator[None]:
    """Within the block everything is logged under this id."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def begin() -> str:
    """Gives this thread a new id, for as long as it does not begin something else; returns the id.

    Twelve hexadecimal digits are enough to find one request among those of a year.
    """
    trace = secrets.token_hex(6)
    _current.set(trace)
    return trace
