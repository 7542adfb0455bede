"""The sandbox is held to the exchanges that were written from the documentation."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import EXCHANGES, post, sign_in

NAMES = sorted(path.name.removesuffix(".request.xml") for path in EXCHANGES.glob("*.request.xml"))
INDEX: dict[str, dict[str, Any]] = json.loads((EXCHANGES / "index.json").read_text("utf-8"))
VARYING = {"sessionid", "sessiontimestamp", "sessiontimeout"}
AMOUNT = re.compile(r"-?\d+(\.\d+)?")


def comparable(element: etree._Element, inside: str = "") -> tuple[Any, ...]:
    """An element as nested tuples, without what the README of the exchanges says may vary."""
    text = (element.text or "").strip()
    tag = str(element.tag)
    if tag in VARYING:
        text = "present" if text else "absent"
    text = re.sub(r"\[(Support|Request) ID: [^\]]+\]", r"[\1 ID]", text)
    text = re.sub(r"Line: \d+ column: \d+", "Line: n column: n", text)
    text = re.sub(r"http://[^/]+", "http://host", text) if tag == "endpoint" else text
    if inside in ("trialbalance", "accountbalance") and tag != "glaccountno" and AMOUNT.fullmatch(text):
        text = str(Decimal(text).normalize())
    return (
        tag,
        tuple(
            sorted(
                (name, "id" if name == "resultId" and value else value)
                for name, value in element.attrib.items()
            )
        ),
        text,
        tuple(comparable(child, tag) for child in element),
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_request_gets_the_reply_that_was_written_down(name: str, sandbox: Sandbox) -> None:
    expected = INDEX.get(name, {})
    request = (EXCHANGES / f"{name}.request.xml").read_text("utf-8")
    endpoint = sandbox.endpoint
    if "<sessionid>" in request:
        opened = sign_in(endpoint)
        endpoint, request = opened.endpoint, request.replace("SESSION-ID", opened.id)
    if "after" in expected:
        before = (EXCHANGES / f"{expected['after']}.request.xml").read_text("utf-8")
        page = post(endpoint, before.replace("SESSION-ID", opened.id)).xml.find("operation/result/data")
        assert page is not None
        request = request.replace("RESULT-ID", page.get("resultId", ""))
    if "fault" in expected:
        sandbox.faults.next(expected["fault"])
    answer = post(endpoint, request)
    assert answer.status == expected.get("status", 200)
    assert answer.headers["Content-Type"].split(";")[0] == expected.get("content_type", "text/xml")
    reply = (EXCHANGES / expected.get("reply", f"{name}.reply.xml")).read_bytes()
    if "reply" in expected:
        assert answer.body == reply
    else:
        assert comparable(answer.xml) == comparable(etree.fromstring(reply))
