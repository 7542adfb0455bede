"""Connections on which a whole answer has a deadline.

The HTTP libraries time each receive on its own, so a server that sends one byte now and then is never too
late, in the headers as little as in the body. Here every receive may take only what is left of the time.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_ends_at: ContextVar[float] = ContextVar("_ends_at")


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Answers begun inside the block must be complete within this time, even if they are read after it."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


class DeadlineStream(io.RawIOBase):
    """The bytes of a socket; no receive outlasts the silence allowed or what is left of the deadline."""

    def __init__(self, connected: socket.socket, ends_at: float) -> None:
        self._socket = connected
        self._bytes = connected.makefile("rb", buffering=0)
        self._silence = connected.gettimeout()
        self._ends_at = ends_at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not complete in time")
        self._socket.settimeout(left if self._silence is None else min(left, self._silence))
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        self._bytes.close()
        super().close()


class DeadlineResponse(http.client.HTTPResponse):
    """A response that is read through a DeadlineStream."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(DeadlineStream(sock, _ends_at.get()), 65536)


class DeadlineHTTPConnection(HTTPConnection):
    response_class = DeadlineResponse


class DeadlineHTTPSConnection(HTTPSConnection):
    response_class = DeadlineResponse


class DeadlineHTTPPool(HTTPConnectionPool):
    ConnectionCls = DeadlineHTTPConnection


class DeadlineHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = DeadlineHTTPSConnection


_POOLS: dict[str, Any] = {"http": DeadlineHTTPPool, "https": DeadlineHTTPSPool}


class DeadlineAdapter(HTTPAdapter):
    """Requests' adapter over these connections, with and without a proxy."""

    poolmanager: PoolManager

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
