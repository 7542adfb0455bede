"""Replies as XML text: the envelope around results, and the errors of each level."""

import re
import secrets
import string
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree

from intacct.sandbox.errors import ControlFailure, Error, GatewayRefusal, SignInFailure
from intacct.sandbox.request import Request

_ALLOWED = set(range(0x20, 0xD800)) | {0x9, 0xA, 0xD}
# Rows are put into the finished text: an element for every value would cost more than all else.
_PLACE_OF_ROWS = f"rows:{secrets.token_hex(16)}".encode()
_SUPPORT_ALPHABET = string.ascii_letters + string.digits + "-_"


@dataclass(frozen=True)
class Reply:
    """What goes over the wire. `close` cuts the connection after the body, `content_length` may promise
    more than is sent.
    """

    status: int
    body: bytes
    content_type: str = 'text/xml; encoding="UTF-8"'
    close: bool = False
    content_length: int | None = None
    retry_after: int | None = None


@dataclass(frozen=True)
class SignedIn:
    """What the authentication block of an answered call states."""

    user_id: str
    company_id: str
    location: str
    expires_at: datetime


@dataclass(frozen=True)
class Result:
    """What one function came to: its data, with `rows` of XML inside, or its errors."""

    function: str
    control_id: str
    status: str
    data: etree._Element | None = None
    list_type: etree._Element | None = None
    errors: tuple[Error, ...] = ()
    rows: bytes = b""


def element(name: str, *children: etree._Element, **attributes: str) -> etree._Element:
    """An element with children."""
    made = etree.Element(name, attrib=attributes)
    made.extend(children)
    return made


def leaf(name: str, text: str = "") -> etree._Element:
    """An element with text; characters that XML does not allow are left out, as the gateway leaves them
    out.
    """
    made = etree.Element(name)
    if text:
        try:
            made.text = text
        except ValueError:
            made.text = "".join(character for character in text if ord(character) in _ALLOWED)
    return made


def record(name: str, values: Mapping[str, str] | Iterable[tuple[str, str]]) -> etree._Element:
    """An element with one leaf for each value, in their order."""
    pairs = values.items() if isinstance(values, Mapping) else values
    return element(name, *(leaf(field, value) for field, value in pairs))


@dataclass(frozen=True)
class Answered:
    """What one operation came to: who signed in and the results, or the refusal of the sign-in."""

    signed_in: SignedIn | SignInFailure
    results: tuple[Result, ...] = ()


def answer(request: Request, operations: Sequence[Answered]) -> Reply:
    """The reply to a request whose control block was accepted, with an element for each operation."""
    made = (_operation(answered, request) for answered in operations)
    reply = _reply(element("response", _control(request, "success"), *made), whitespace=request.whitespace)
    for result in (result for answered in operations for result in answered.results):
        if result.rows:
            reply = replace(reply, body=reply.body.replace(_PLACE_OF_ROWS, result.rows, 1))
    return reply


def _operation(answered: Answered, request: Request) -> etree._Element:
    signed_in = answered.signed_in
    if isinstance(signed_in, SignInFailure):
        return _refused_operation(signed_in, request)
    authentication = record(
        "authentication",
        {
            "status": "success",
            "userid": signed_in.user_id,
            "companyid": signed_in.company_id,
            "locationid": signed_in.location,
            "sessiontimestamp": _timestamp(datetime.now(UTC)),
            "sessiontimeout": _timestamp(signed_in.expires_at),
        },
    )
    return element("operation", authentication, *(_result(result, request) for result in answered.results))


def control_failure(failure: ControlFailure, request: Request | None) -> Reply:
    """The reply to a request that was refused as a whole."""
    if failure.understood and request is not None:
        control = _control(replace(request, sender_id="") if failure.nameless else request, "failure")
    else:
        control = record("control", _control_values("failure", "", "", "", ""))
    additional = request is not None and request.additional_information
    message = _error_message(failure.errors, additional=additional)
    return _reply(element("response", control, message))


def _refused_operation(failure: SignInFailure, request: Request) -> etree._Element:
    """A refused sign-in or session; no session stamps."""
    authentication = record(
        "authentication", {"status": "failure", "userid": failure.user_id, "companyid": failure.company_id}
    )
    message = _error_message(failure.errors, additional=request.additional_information)
    return element("operation", authentication, message)


def gateway_refusal(refusal: GatewayRefusal) -> Reply:
    """The reply of the gateway in front: a control block with nothing but its status."""
    control = element("control", leaf("status", "failure"))
    reply = _reply(element("response", control, _error_message(refusal.errors, request_id=True)))
    return replace(reply, status=refusal.status)


def edge_timeout() -> Reply:
    """Cloudflare's page for a server that took too long; the request may still be running there."""
    body = (
        '<!DOCTYPE html>\n<html lang="en-US">\n'
        "<head><title>api.intacct.com | 524: A timeout occurred</title></head>\n"
        '<body>\n<div id="cf-wrapper">\n<div id="cf-error-details" class="cf-error-details-wrapper">'
        "<h1>A timeout occurred <span>Error code 524</span></h1></div>\n</div>\n</body>\n</html>\n"
    )
    return Reply(524, body.encode(), "text/html")


def page(status: int, title: str) -> Reply:
    """A page of the edge, which is not XML."""
    heading = f"{status} {title}"
    body = (
        "<!DOCTYPE html>\n<html>\n"
        f"<head><title>{heading}</title></head>\n<body>\n<center><h1>{heading}</h1></center>\n<hr>\n</body>\n</html>\n"
    )
    return Reply(status, body.encode(), "text/html")


def _reply(response: etree._Element, *, whitespace: bool = False) -> Reply:
    text = etree.tostring(response, encoding="UTF-8", xml_declaration=False, pretty_print=whitespace)
    return Reply(200, b'<?xml version="1.0" encoding="UTF-8"?>\n' + text)


def _control(request: Request, status: str) -> etree._Element:
    unique = "true" if request.unique else "false"
    return record(
        "control", _control_values(status, request.sender_id, request.control_id, unique, request.dtd_version)
    )


def _control_values(
    status: str, sender_id: str, control_id: str, unique: str, version: str
) -> dict[str, str]:
    return {
        "status": status,
        "senderid": sender_id,
        "controlid": control_id,
        "uniqueid": unique,
        "dtdversion": version,
    }


def _result(result: Result, request: Request) -> etree._Element:
    values = {"status": result.status, "function": result.function, "controlid": result.control_id}
    made = record("result", values)
    if result.rows and result.data is not None:
        result.data.text = _PLACE_OF_ROWS.decode()
    made.extend(part for part in (result.list_type, result.data) if part is not None)
    if result.errors:
        made.append(_error_message(result.errors, additional=request.additional_information))
    return made


def _error_message(
    errors: Iterable[Error], *, request_id: bool = False, additional: bool = False
) -> etree._Element:
    message = etree.Element("errormessage")
    for position, error in enumerate(errors):
        values = {"errorno": error.errorno, "description": error.description}
        if request_id:
            values["description"] = f"{error.description} [Request ID: {uuid.uuid4()}]"
        if error.description2 is not None:
            # The gateway gives the id that its support asks for with the first error only.
            values["description2"] = (
                error.description2 if position else f"{error.description2} {_support_id()}".strip()
            )
        made = record("error", values | {"correction": error.correction})
        if additional:
            made.append(_additional_information(error))
        message.append(made)
    return message


def _additional_information(error: Error) -> etree._Element:
    """What `showadditionalerrorinfo` adds: a stable id and a category, while texts are reworded."""
    category = "invalidPermission" if error.errorno == "PL04000005" else "invalidRequest"
    identifier = "IA." + re.sub(r"\W+", "_", error.errorno).upper()
    return record("additionalinfo", {"messageid": identifier, "category": category, "targets": ""})


def _support_id() -> str:
    letters = "".join(secrets.choice(_SUPPORT_ALPHABET) for _ in range(27))
    return f"[Support ID: {letters[:5]}%7E{letters[5:]}]"


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
