"""One exchange with the gateway over HTTP: bytes out, an answer in, or one of our errors.

Nothing here repeats a request; ``retries`` decides that.
"""

from __future__ import annotations

import contextlib
import email.utils
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
import urllib3

from intacct.deadline import DeadlineAdapter, deadline
from intacct.errors import (
    ConnectionFailed,
    RateLimited,
    RequestTimedOut,
    ServiceUnavailable,
    TransportError,
    UnreadableReply,
    UntrustedEndpoint,
)

_CHUNK = 65536
_CLOUDFLARE_TIMEOUT = 524
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
_HEADERS = {
    "Content-Type": "application/xml",
    "Accept": "text/xml, application/xml",
    "Accept-Encoding": "gzip",
    "User-Agent": "strongbox-intacct/1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an exchange may be.

    connect: seconds to get a connection.  silence: longest pause between two bytes, in seconds.
    whole: seconds for the whole answer; the gateway itself gives up after fifteen minutes.
    largest_reply: bytes, after decompression.
    """

    connect: float = 10.0
    silence: float = 120.0
    whole: float = 900.0
    largest_reply: int = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with a status that may carry XML: 200 and the 400s."""

    status: int
    body: bytes = field(repr=False)


class Arrival:
    """An answer that is still arriving, as far as its status may carry XML. Close it when done."""

    def __init__(self, response: requests.Response, largest: int) -> None:
        self.status: int = response.status_code
        self._response = response
        self._largest = largest
        self.received = 0

    def close(self) -> None:
        """Gives the connection back, or closes it when there is more to come."""
        self._response.close()

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives, unpacked, never an empty piece; raises what ``Transport.post`` raises."""
        try:
            while chunk := self._response.raw.read1(_CHUNK, decode_content=True):
                self.received += len(chunk)
                if self.received > self._largest:
                    raise UnreadableReply(f"the reply is larger than {self._largest} bytes")
                yield chunk
        except _FAILURES as problem:
            error = _translated(problem)
        else:
            if not self.received and self.status == requests.codes.ok:
                # A connection that breaks in the headers looks like an empty answer to the library.
                raise ConnectionFailed("the answer is empty")
            return
        # Raised here, not in the handler: the library's error holds the request with its passwords.
        raise error


class _Session(requests.Session):
    """A session that looks for proxies and certificates in the environment once for each address, and not
    for every page.
    """

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        if url not in self._found:
            self._found[url] = super().merge_environment_settings(url, proxies, stream, verify, cert)
        return dict(self._found[url])


class Transport:
    """Posts to the gateway: certificates verified, redirects refused, proxies taken from the environment."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._http = _Session()
        self._http.headers.clear()
        self._http.headers.update(_HEADERS)
        # Without this, requests would add a password from a .netrc file to each request.
        self._http.auth = _no_further_credentials
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, DeadlineAdapter(max_retries=0))

    def close(self) -> None:
        self._http.close()

    def post(self, endpoint: str, body: bytes) -> Answer:
        """One exchange, read to its end.

        Raises ConnectionFailed, RequestTimedOut, ServiceUnavailable, RateLimited, UntrustedEndpoint for a
        redirect or a bad certificate, UnreadableReply for an answer that is too large.
        """
        arrival = self.open(endpoint, body)
        with contextlib.closing(arrival):
            return Answer(arrival.status, b"".join(arrival.chunks()))

    def open(self, endpoint: str, body: bytes) -> Arrival:
        """One exchange whose answer is read while it arrives. Raises as ``post`` does."""
        try:
            with deadline(self._limits.whole):
                response = self._send(endpoint, body)
        except _FAILURES as problem:
            error = _translated(problem)
        else:
            return self._accepted(response)
        # Raised here, not in the handler: the library's error holds the request with its passwords.
        raise error

    def _send(self, endpoint: str, body: bytes) -> requests.Response:
        return self._http.post(
            endpoint,
            data=body,
            timeout=(self._limits.connect, self._limits.silence),
            stream=True,
            allow_redirects=False,
        )

    def _accepted(self, response: requests.Response) -> Arrival:
        refusal = _refusal(response)
        if refusal is None:
            return Arrival(response, self._limits.largest_reply)
        response.close()
        raise refusal


def _refusal(response: requests.Response) -> TransportError | None:
    """What a status means that says all there is to say."""
    status = response.status_code
    if 300 <= status < 400:
        return UntrustedEndpoint(f"the gateway answered with a redirect (HTTP {status})")
    if status == _CLOUDFLARE_TIMEOUT:
        return RequestTimedOut("the edge in front of the gateway timed out (HTTP 524)")
    if status >= 500:
        return ServiceUnavailable(f"HTTP {status}", retry_after=_retry_after(response))
    if status == requests.codes.too_many_requests:
        return RateLimited("HTTP 429", errorno="GW-0010", retry_after=_retry_after(response))
    return None


def _no_further_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _retry_after(response: requests.Response) -> float | None:
    """Seconds to wait, from a Retry-After header in seconds or as a date; None if there is no usable one."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 8:
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _translated(problem: BaseException) -> TransportError:
    causes = list(_causes(problem))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return UntrustedEndpoint("the gateway's certificate could not be verified")
    if any(isinstance(cause, urllib3.exceptions.ConnectTimeoutError) for cause in causes):
        return ConnectionFailed("no connection could be made")
    if any(isinstance(cause, (TimeoutError, urllib3.exceptions.ReadTimeoutError)) for cause in causes):
        return RequestTimedOut("no complete answer within the time allowed")
    return ConnectionFailed(f"the connection failed ({type(causes[-1]).__name__})")


def _causes(problem: BaseException) -> list[BaseException]:
    """The error and all that it was raised from or wraps, outermost first."""
    found: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return found
