"""The only XML parser of the client, and readers that turn text into values without guessing.

The parser refuses what the gateway never sends and an attacker might: document types, entities, other
encodings than UTF-8, excessive depth and size. The readers refuse what could mean two things: thousands
separators, exponents, NaN, dates that do not exist.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from intacct.errors import UnreadableReply

PROLOG_LENGTH = 4096
MAXIMUM_BYTES = 128 * 1024 * 1024
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?P<declaration><\?xml\s[^<>]*\?>)?\s*<[A-Za-z_]")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_AMOUNT = re.compile(r"-?(?:[0-9]{1,30}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False, "T": True, "F": False}
SHOWN_LENGTH = 60


def looks_like_html(body: bytes) -> bool:
    """Whether the body is a web page: what proxies and maintenance pages send instead of XML."""
    return _HTML.match(body) is not None


def parse(body: bytes) -> etree._Element:
    """The root element of a reply. Raises UnreadableReply for anything but plain UTF-8 XML."""
    if len(body) > MAXIMUM_BYTES:
        raise UnreadableReply(f"the reply is larger than {MAXIMUM_BYTES} bytes")
    check_prolog(body)
    try:
        root = etree.fromstring(body, etree.XMLParser(**hardened()))
    except (etree.XMLSyntaxError, ValueError) as problem:
        detail = (
            f"the reply is not well-formed XML: {getattr(problem, 'code', '')} {_place(problem)}".rstrip()
        )
    else:
        if root.getroottree().docinfo.internalDTD is None:
            return root
        detail = "the reply has a document type"
    # Raised here, not in the handler: lxml's own error quotes the text it stumbled over.
    raise UnreadableReply(detail)


def hardened() -> dict[str, Any]:
    """The settings of every parser: no entities, no document types, no network, bounded depth and text."""
    return {
        "encoding": "utf-8",
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "huge_tree": False,
        "recover": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def check_prolog(body: bytes) -> None:
    """Raises UnreadableReply unless the body begins like plain XML in UTF-8, so without a document type."""
    prolog = _PROLOG.match(body[:PROLOG_LENGTH])
    if prolog is None:
        raise UnreadableReply("the reply does not begin like plain XML")
    encoding = _ENCODING.search(prolog["declaration"] or b"")
    if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii"):
        raise UnreadableReply("the reply is not in UTF-8")


def _place(problem: Exception) -> str:
    position = getattr(problem, "position", None)
    return f"at line {position[0]}" if position else ""


def child(parent: etree._Element, name: str) -> etree._Element | None:
    """The one child of that name, or None. Raises UnreadableReply if there are several."""
    found = parent.findall(name)
    if len(found) > 1:
        raise UnreadableReply(f"{parent.tag} holds {name} more than once")
    return found[0] if found else None


def text(parent: etree._Element, name: str) -> str:
    """The text of a child; "" for an empty or missing one, which the gateway uses alike for null."""
    element = child(parent, name)
    if element is None:
        return ""
    if len(element):
        raise UnreadableReply(f"{parent.tag} holds elements where {name} should be text")
    return (element.text or "").strip()


def required(parent: etree._Element, name: str) -> str:
    """The text of a child that must not be empty."""
    value = text(parent, name)
    if not value:
        raise UnreadableReply(f"{parent.tag} has no {name}")
    return value


def attributes(element: etree._Element) -> dict[str, str]:
    """The attributes of an element as name to text."""
    return {str(name): str(value) for name, value in element.attrib.items()}


def flat(element: etree._Element) -> dict[str, str]:
    """A row as field name to text. Raises UnreadableReply for a repeated field or a nested one."""
    fields: dict[str, str] = {}
    for item in element:
        name = str(item.tag)
        if name in fields or len(item):
            raise UnreadableReply(f"{element.tag} holds {name} more than once or not as text")
        fields[name] = (item.text or "").strip()
        if (item.tail or "").strip():
            raise UnreadableReply(f"{element.tag} holds text behind {name}")
    return fields


def amount(value: str, what: str) -> Decimal:
    """An exact decimal. Raises UnreadableReply for separators, exponents, NaN, blanks and other digits."""
    if not _AMOUNT.fullmatch(value):
        raise UnreadableReply(f"{what} is not a plain amount: {shown(value)}")
    number = Decimal(value)
    return number if number else number.copy_abs()


def whole_number(value: str, what: str) -> int:
    """A number in plain digits, zero or more."""
    if not _WHOLE_NUMBER.fullmatch(value):
        raise UnreadableReply(f"{what} is not a whole number: {shown(value)}")
    return int(value)


def month(value: str, what: str) -> int:
    """A month, 1 to 12."""
    number = whole_number(value, what)
    if not 1 <= number <= 12:
        raise UnreadableReply(f"{what} is not a month: {number}")
    return number


def boolean(value: str, what: str) -> bool:
    """true or false; the gateway writes T and F in some objects."""
    if value not in _BOOLEANS:
        raise UnreadableReply(f"{what} is neither true nor false: {shown(value)}")
    return _BOOLEANS[value]


def timestamp(value: str, what: str) -> datetime:
    """An ISO 8601 moment with its offset, as the envelope writes it."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise UnreadableReply(f"{what} is not a time with an offset: {shown(value)}")
    return moment


def calendar_date(year: str, month_of_year: str, day: str, what: str) -> date:
    """A date from its parts. Raises UnreadableReply if there is no such day."""
    try:
        return date(int(year), int(month_of_year), int(day))
    except ValueError:
        problem = f"{what} is not a date of the calendar: {year}-{month_of_year}-{day}"
    raise UnreadableReply(problem)


def shown(value: str) -> str:
    """A value as an error may quote it: short and on one line."""
    return repr(value[:SHOWN_LENGTH])
