"""One exchange with the gateway over HTTP: bytes out, an answer in, or one of our errors.

Nothing here repeats a request; ``retries`` decides that.
"""

from __future__ import annotations

import email.utils
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime

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


class Transport:
    """Posts to the gateway: certificates verified, redirects refused, proxies taken from the environment."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._http = requests.Session()
        self._http.headers.clear()
        self._http.headers.update(_HEADERS)
        # Without this, requests would add a password from a .netrc file to each request.
        self._http.auth = _no_further_credentials
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, DeadlineAdapter(max_retries=0))

    def close(self) -> None:
        self._http.close()

    def post(self, endpoint: str, body: bytes) -> Answer:
        """One exchange.

        Raises ConnectionFailed, RequestTimedOut, ServiceUnavailable, RateLimited, UntrustedEndpoint for a
        redirect or a bad certificate, UnreadableReply for an answer that is too large.
        """
        try:
            with deadline(self._limits.whole), self._send(endpoint, body) as response:
                return self._answer(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            error = _translated(problem)
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

    def _answer(self, response: requests.Response) -> Answer:
        status = response.status_code
        if 300 <= status < 400:
            raise UntrustedEndpoint(f"the gateway answered with a redirect (HTTP {status})")
        if status == _CLOUDFLARE_TIMEOUT:
            raise RequestTimedOut("the edge in front of the gateway timed out (HTTP 524)")
        if status >= 500:
            raise ServiceUnavailable(f"HTTP {status}", retry_after=_retry_after(response))
        if status == requests.codes.too_many_requests:
            raise RateLimited("HTTP 429", errorno="GW-0010", retry_after=_retry_after(response))
        body = self._body(response)
        if not body and status == requests.codes.ok:
            # A connection that breaks in the headers looks like an empty answer to the library.
            raise ConnectionFailed("the answer is empty")
        return Answer(status, body)

    def _body(self, response: requests.Response) -> bytes:
        chunks, received = [], 0
        for chunk in response.iter_content(_CHUNK):
            received += len(chunk)
            if received > self._limits.largest_reply:
                raise UnreadableReply(f"the reply is larger than {self._limits.largest_reply} bytes")
            chunks.append(chunk)
        return b"".join(chunks)


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
