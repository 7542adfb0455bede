"""Posting to an address that somebody else chose, without becoming a way into our own network.

The host is looked up once, every address found must be a public one, and the connection goes to the address
that was checked: a name that answers differently a moment later leads nowhere else. No redirect is followed,
no proxy is asked, and of the answer no more is read than its status.
"""

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError

SECONDS = urllib3.Timeout(connect=5, read=10)
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
    except OSError:
        raise NotDelivered("HostUnknown") from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if host not in settings.WEBHOOK_PRIVATE_HOSTS and not all(_is_public(each) for each in addresses):
        raise AddressRefused(f"{host} is an address inside a network. See WEBHOOK_PRIVATE_HOSTS.")
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
    address = public_address(host, port)
    pool: urllib3.HTTPConnectionPool
    if scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host,
            cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(),
        )  # fmt: skip
    else:
        pool = urllib3.HTTPConnectionPool(address, port)
    named = f"{host}:{port}" if port != PORTS[scheme] else host
    try:
        answer = pool.urlopen(
            "POST", path, body, {**headers, "Host": named}, retries=False, redirect=False,
            assert_same_host=False, timeout=SECONDS, preload_content=False,
        )  # fmt: skip
        answer.close()
    except (HTTPError, OSError) as error:
        raise NotDelivered(type(error).__name__) from None
    finally:
        pool.close()
    return answer.status
