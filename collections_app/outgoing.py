"""Posting to an address that somebody else chose, without becoming a way into our own network.

The host is looked up once, every address found must be a public one, and the connection goes to the address
that was checked: a name that answers differently a moment later leads nowhere else. No redirect is followed,
no proxy is asked, and of the answer no more is read than its status and headers, within one deadline.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPException
from threading import Timer
from urllib.parse import urlsplit

import certifi
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

CONNECT_SECONDS = 5
# From the first packet to the last header, however the other side spreads them.
WHOLE_SECONDS = 10.0
PORTS = {"https": 443, "http": 80}


class AddressRefused(ValueError):
    """Nothing is sent to this address; the message says why in one sentence."""


class NotDelivered(Exception):
    """The other side did not take it; the message is the kind of failure alone."""


def checked(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address. Raises AddressRefused by its form alone."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise AddressRefused("This is not an address.") from None
    host = (parts.hostname or "").rstrip(".").lower()
    allowed = host in settings.WEBHOOK_PRIVATE_HOSTS
    if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
        raise AddressRefused("The address must begin with https://.")
    if not host or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise AddressRefused("The address must be a host and a path, without a name, a password or a #.")
    return parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def public_address(host: str, port: int) -> str:
    """An address of the host that may be connected to. Raises AddressRefused and NotDelivered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        # A label that is empty or too long is no name that could be asked for.
        raise NotDelivered("HostUnknown") from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if host not in settings.WEBHOOK_PRIVATE_HOSTS and not all(_is_public(each) for each in addresses):
        raise AddressRefused(
            f"{host} is an address inside a network. The operator may allow it in WEBHOOK_PRIVATE_HOSTS."
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address in IPv6 clothes, in whichever of the three ways there are.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Raises AddressRefused and NotDelivered."""
    scheme, host, port, path = checked(url)
    connection = _connection(scheme, host, port)
    named = f"{host}:{port}" if port != PORTS[scheme] else host
    ends = time.monotonic() + WHOLE_SECONDS
    try:
        connection.connect()
        connection.timeout = WHOLE_SECONDS
        with _shut_down_at(ends, connection):
            connection.request("POST", path, body, {**headers, "Host": named}, preload_content=False)
            answer = connection.getresponse()
            answer.close()
    except (HTTPError, HTTPException, OSError) as error:
        raise NotDelivered("TimeoutError" if time.monotonic() >= ends else type(error).__name__) from None
    finally:
        connection.close()
    # Headers that were cut off look as if they were complete.
    if time.monotonic() >= ends:
        raise NotDelivered("TimeoutError")
    return answer.status


def _connection(scheme: str, host: str, port: int) -> HTTPConnection:
    address = public_address(host, port)
    if scheme == "http":
        return HTTPConnection(address, port, timeout=CONNECT_SECONDS)
    return HTTPSConnection(
        address, port, timeout=CONNECT_SECONDS, server_hostname=host, assert_hostname=host,
        cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(),
    )  # fmt: skip


@contextmanager
def _shut_down_at(ends: float, connection: HTTPConnection) -> Iterator[None]:
    """Ends what is read and written on the connection at that moment of the monotonic clock.

    A time-out of the socket counts for each receive anew: whoever sends a byte now and then is never late.
    """
    timer = Timer(max(ends - time.monotonic(), 0), _shut_down, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut_down(connected: socket.socket) -> None:
    # The plain socket's own: the one of TLS would change what another thread is reading with.
    with suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
