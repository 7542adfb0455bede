"""Which addresses may be given secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from intacct.errors import UntrustedEndpoint

SAGE_ENDPOINT = "https://api.intacct.com/ia/xml/xmlgw.phtml"
_SAGE_HOST = re.compile(r"(?:[a-z0-9-]+\.)*intacct\.com")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Trust:
    """Trusts Sage's own hosts over https, and the origin of a sandbox if one was configured on purpose.

    The rule holds for the first address and for the one that a sign-in names, because every request carries
    passwords or a session id.
    """

    sandbox: str = ""

    def check(self, endpoint: str) -> str:
        """The endpoint, if it is trusted. Raises UntrustedEndpoint otherwise."""
        parts = _split(endpoint)
        if _is_sage(parts) or (self.sandbox and _origin(parts) == _origin(_split(self.sandbox))):
            return endpoint
        raise UntrustedEndpoint(f"{parts.scheme}://{parts.hostname or ''} is not a trusted gateway address")

    def includes(self, endpoint: str) -> bool:
        """Whether `check` would let the endpoint pass."""
        try:
            self.check(endpoint)
        except UntrustedEndpoint:
            return False
        return True


def trust_for(endpoint: str, *, allow_sandbox: bool) -> Trust:
    """The trust that goes with a configured endpoint. Raises UntrustedEndpoint if it deserves none."""
    trust = Trust(sandbox=endpoint if allow_sandbox else "")
    trust.check(endpoint)
    return trust


def _split(endpoint: str) -> SplitResult:
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:
        usable, parts = False, SplitResult("", "", "", "", "")
    # Credentials in the address, blanks and backslashes are read differently by different libraries.
    if not usable or "@" in parts.netloc or any(ch <= " " or ch == "\\" for ch in endpoint):
        raise UntrustedEndpoint("The gateway address is not a plain http or https address")
    return parts


def _is_sage(parts: SplitResult) -> bool:
    named = _SAGE_HOST.fullmatch(parts.hostname or "") is not None
    return named and parts.scheme == "https" and parts.port in (None, 443)


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
