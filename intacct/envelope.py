"""The request document that goes out, and the reply's three levels that come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from lxml import etree

from intacct.classification import (
    Circumstances,
    Fault,
    authentication_error,
    control_error,
    faults,
    function_error,
)
from intacct.credentials import Login, Sender, Session
from intacct.errors import (
    IntacctError,
    RequestRejected,
    ServiceUnavailable,
    SignInRefused,
    UnreadableReply,
)
from intacct.functions.function import Call
from intacct.parsing import child, looks_like_html, parse, text, timestamp
from intacct.redaction import excerpt

DTD_VERSION = "3.0"


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful reply: the function's data, and how long the session lives from now on, if it says so."""

    data: etree._Element
    lifetime: timedelta | None


def build_request(sender: Sender, authentication: Login | Session, function: Call, control_id: str) -> bytes:
    """The request document for one function, children in the order the schema demands.

    uniqueid is false so that a read may be repeated; additional error information is asked for.
    Raises SignInRefused or RequestRejected for text that XML cannot carry.
    """
    request = etree.Element("request")
    _write_control(request, sender, control_id)
    operation = etree.SubElement(request, "operation")
    _write_authentication(etree.SubElement(operation, "authentication"), authentication)
    content = etree.SubElement(operation, "content")
    try:
        function.write(etree.SubElement(content, "function", {"controlid": control_id}))
        writable = True
    except ValueError:
        writable = False
    if not writable:
        raise RequestRejected("a value holds a character that XML cannot carry", function=function.label)
    return etree.tostring(request, xml_declaration=True, encoding="UTF-8")


def read_reply(
    body: bytes, function: Call, authentication: Login | Session, sender: Sender, control_id: str
) -> Reply:
    """The reply's data, after control, authentication and result have each said success.

    Raises the error that belongs to the level that failed, ServiceUnavailable for a web page, and
    UnreadableReply, with a masked excerpt, for anything that is not the answer to this function.
    """
    sent = circumstances(function, authentication, sender)
    if looks_like_html(body):
        raise ServiceUnavailable("the gateway sent a web page", function=function.label)
    try:
        return read_levels(parse(body), function, sent, control_id)
    except UnreadableReply as problem:
        detail = problem.detail
    raise UnreadableReply(f"{detail}; it begins: {excerpt(body, sent.secrets)}", function=function.label)


def circumstances(function: Call, authentication: Login | Session, sender: Sender) -> Circumstances:
    """What a refusal of this request would have to be read against."""
    with_session = isinstance(authentication, Session)
    secret = authentication.id if isinstance(authentication, Session) else authentication.password
    return Circumstances(
        label=function.label,
        needs=function.needs,
        with_session=with_session,
        entity=getattr(function, "entity_id", "") if with_session else "",
        secrets=(sender.password, secret),
    )


def _write_control(request: etree._Element, sender: Sender, control_id: str) -> None:
    control = etree.SubElement(request, "control")
    for name, value in (
        ("senderid", sender.id),
        ("password", sender.password),
        ("controlid", control_id),
        ("uniqueid", "false"),
        ("dtdversion", DTD_VERSION),
        ("includewhitespace", "false"),
        ("showadditionalerrorinfo", "true"),
    ):
        etree.SubElement(control, name).text = value


def _write_authentication(parent: etree._Element, authentication: Login | Session) -> None:
    if isinstance(authentication, Session):
        etree.SubElement(parent, "sessionid").text = authentication.id
        return
    login = etree.SubElement(parent, "login")
    try:
        etree.SubElement(login, "userid").text = authentication.user_id
        etree.SubElement(login, "companyid").text = authentication.company_id
        etree.SubElement(login, "password").text = authentication.password
        writable = True
    except ValueError:
        writable = False
    if not writable:
        raise SignInRefused(
            "the sign-in holds a character that XML cannot carry",
            sentence="The sign-in holds a character that Sage Intacct cannot accept. "
            "Type the company id, the user id and the password again instead of pasting them.",
        )


def read_levels(root: etree._Element, function: Call, sent: Circumstances, control_id: str) -> Reply:
    """Control, authentication and result of a reply, of which the list may still be arriving."""
    if root.tag != "response":
        raise UnreadableReply(f"the reply is a {root.tag}")
    _check(root, "control", child(root, "errormessage"), control_error, sent)
    operation = _element(root, "operation")
    _check(operation, "authentication", child(operation, "errormessage"), authentication_error, sent)
    result = _element(operation, "result")
    _check(operation, "result", child(result, "errormessage"), function_error, sent)
    for name, wanted in (("function", function.name), ("controlid", control_id)):
        if text(result, name) != wanted:
            raise UnreadableReply(f"the reply answers another request: its {name} differs")
    return Reply(_element(result, "data"), _lifetime(_element(operation, "authentication")))


def _check(
    parent: etree._Element,
    name: str,
    message: etree._Element | None,
    error: Callable[[tuple[Fault, ...], Circumstances], IntacctError],
    sent: Circumstances,
) -> None:
    status = text(_element(parent, name), "status")
    if status in ("failure", "aborted"):
        raise error(faults(message), sent)
    if status != "success" or message is not None:
        raise UnreadableReply(f"the status of {name} is neither a clean success nor a failure")


def _element(parent: etree._Element, name: str) -> etree._Element:
    found = child(parent, name)
    if found is None:
        raise UnreadableReply(f"{parent.tag} has no {name}")
    return found


def _lifetime(authentication: etree._Element) -> timedelta | None:
    started, ends = text(authentication, "sessiontimestamp"), text(authentication, "sessiontimeout")
    if not started or not ends:
        return None
    lifetime = timestamp(ends, "sessiontimeout") - timestamp(started, "sessiontimestamp")
    if lifetime <= timedelta(0):
        raise UnreadableReply("the session ends before it begins")
    return lifetime
