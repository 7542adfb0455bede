"""Where secrets may be sent."""

from __future__ import annotations

import pytest

import intacct
from intacct.endpoints import SAGE_ENDPOINT, Trust, trust_for

SANDBOX = "http://127.0.0.1:8090/ia/xml/xmlgw.phtml"


@pytest.mark.parametrize(
    "endpoint",
    [
        SAGE_ENDPOINT,
        "https://na12.intacct.com/ia/xml/xmlgw.phtml",
        "https://intacct.com/ia/xml/xmlgw.phtml",
        "https://API.Intacct.COM:443/ia/xml/xmlgw.phtml",
    ],
)
def test_sage_hosts_over_https_are_trusted(endpoint: str) -> None:
    assert Trust().check(endpoint) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.intacct.com/ia/xml/xmlgw.phtml",
        "https://api.intacct.com:8443/ia/xml/xmlgw.phtml",
        "https://api.intacct.com.evil.example/ia/xml/xmlgw.phtml",
        "https://evilintacct.com/ia/xml/xmlgw.phtml",
        "https://intacct.com.evil.example/",
        "https://evil.example/#.intacct.com",
        "https://evil.example/?https://api.intacct.com",
        "https://api.intacct.com@evil.example/",
        "https://evil.example\\@api.intacct.com/",
        "https://evil.example\\.intacct.com/",
        "https://user:secret@api.intacct.com/",
        "https://аpi.іntacct.com/",
        "https://evil.example%2f.intacct.com/",
        "https://api.intacct.com./",
        "https://.intacct.com/",
        "ftp://api.intacct.com/",
        "file:///etc/passwd",
        "//api.intacct.com/",
        "https:///ia/xml/xmlgw.phtml",
        "https://[::1/",
        "https://api.intacct.com:99999/",
        "https://api.intacct.com/ ",
        "https://api.intacct.com/\r\nHost: evil.example",
        "",
    ],
)
def test_no_other_address_is_trusted(endpoint: str) -> None:
    with pytest.raises(intacct.UntrustedEndpoint):
        Trust().check(endpoint)


def test_a_sandbox_is_trusted_by_its_exact_origin_at_any_path() -> None:
    trust = trust_for(SANDBOX, allow_sandbox=True)
    assert trust.check("http://127.0.0.1:8090/na12/ia/xml/xmlgw.phtml")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8091/ia/xml/xmlgw.phtml",
        "http://localhost:8090/ia/xml/xmlgw.phtml",
        "https://127.0.0.1:8090/ia/xml/xmlgw.phtml",
        "http://127.0.0.1/ia/xml/xmlgw.phtml",
    ],
)
def test_another_origin_than_the_sandbox_is_refused(endpoint: str) -> None:
    with pytest.raises(intacct.UntrustedEndpoint):
        trust_for(SANDBOX, allow_sandbox=True).check(endpoint)


def test_a_sandbox_needs_permission() -> None:
    with pytest.raises(intacct.UntrustedEndpoint):
        trust_for(SANDBOX, allow_sandbox=False)


def test_a_refusal_does_not_repeat_what_else_the_address_holds() -> None:
    with pytest.raises(intacct.UntrustedEndpoint) as caught:
        Trust().check("https://evil.example/collect?password=hunter22")
    assert "hunter22" not in str(caught.value)
