"""From the gateway's errors to ours: by level and errorno.

One code, XL03000006, stands for several things at the sign-in, and the gateway gives some refusals no code
at all. Only there its wording is looked at, and only to choose between refusals that are all final, or to
allow a later repetition; what is not recognized stays the plain refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from intacct.errors import (
    CompanyUnknown,
    EntityRefused,
    FieldRefused,
    FunctionFailed,
    IntacctError,
    NotSubscribed,
    ObjectUnknown,
    PermissionDenied,
    RateLimited,
    RequestRejected,
    SenderNotAuthorized,
    SenderRefused,
    ServiceUnavailable,
    SessionExpired,
    SignInRefused,
    WebServicesNotSubscribed,
)
from intacct.parsing import text
from intacct.redaction import mask

Kind = type[IntacctError]

_ANYWHERE: Mapping[str, Kind] = {
    "GW-0010": RateLimited,
    "GW-0011": CompanyUnknown,
    "invalidRequest": CompanyUnknown,
    **{f"GW-000{digit}": ServiceUnavailable for digit in range(1, 10)},
}
_CONTROL: Mapping[str, Kind] = {
    "XL03000006": SenderRefused,
    "PL04000055": CompanyUnknown,
}
_GATEWAY_SIGN_IN = frozenset({"XMLGW_JPP0002", "UJPP0002"})
_FUNCTION: Mapping[str, Kind] = {
    "PL04000005": PermissionDenied,
    "XL03000006": FieldRefused,
    "XL03000010": FieldRefused,
    "Query Failed": ObjectUnknown,
}
_SUPPORT_ID = re.compile(r"\[Support ID: ?([^\]]*)\]")
_REQUEST_ID = re.compile(r"\[Request ID: ?([^\]]*)\]")
_TRANSIENT = re.compile(r"temporarily off-?line|please try again later", re.IGNORECASE)
_TOO_MANY = re.compile(r"rate limit exceeded", re.IGNORECASE)
_NO_PERMISSION = re.compile(r"do not have permission|not authorized to perform", re.IGNORECASE)
_NO_MODULE = re.compile(r"is not subscribed|cannot be performed on objects of type", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One ``error`` of an error message; any part may be empty."""

    errorno: str
    description: str
    description2: str
    correction: str

    @property
    def words(self) -> str:
        return " ".join(part for part in (self.description, self.description2, self.correction) if part)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What was sent, as far as it decides what a refusal means.

    with_session: a session id and no password.  entity: the entity to be entered from a good session.
    label, needs: of the function.  secrets: what must not appear in an error's text.
    """

    label: str
    needs: str = ""
    with_session: bool = False
    entity: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)


def faults(message: etree._Element | None) -> tuple[Fault, ...]:
    """The errors of an ``errormessage``, in the gateway's order: the specific one comes first."""
    if message is None:
        return ()
    return tuple(
        Fault(
            text(row, "errorno"), text(row, "description"), text(row, "description2"), text(row, "correction")
        )
        for row in message.findall("error")
    )


def control_error(found: tuple[Fault, ...], sent: Circumstances) -> IntacctError:
    """The gateway failed the control block, or refused before it came to it."""

    def kind(fault: Fault) -> Kind | None:
        if fault.errorno in _GATEWAY_SIGN_IN:
            return SessionExpired if sent.with_session else SignInRefused
        if "transport policy" in fault.words:
            return RequestRejected
        return _CONTROL.get(fault.errorno) or _ANYWHERE.get(fault.errorno) or _later(fault)

    return _first(found, kind, RequestRejected, sent)


def authentication_error(found: tuple[Fault, ...], sent: Circumstances) -> IntacctError:
    """The gateway failed the sign-in or the session."""

    def kind(fault: Fault) -> Kind | None:
        if fault.errorno in _ANYWHERE:
            return _ANYWHERE[fault.errorno]
        if "Invalid Web Services Authorization" in fault.words:
            return SenderNotAuthorized
        if "subscri" in fault.words.lower():
            return WebServicesNotSubscribed
        return _later(fault)

    default: Kind = SessionExpired if sent.with_session else SignInRefused
    if sent.entity and not any("Invalid session" in fault.words for fault in found):
        default = EntityRefused
    return _first(found, kind, default, sent)


def function_error(found: tuple[Fault, ...], sent: Circumstances) -> IntacctError:
    """One call failed."""

    def kind(fault: Fault) -> Kind | None:
        known = _FUNCTION.get(fault.errorno) or _ANYWHERE.get(fault.errorno)
        if known is PermissionDenied and _NO_MODULE.search(fault.words):
            return NotSubscribed
        if fault.errorno.startswith("Invalid fields list"):
            return FieldRefused
        return known or _by_words(fault)

    return _first(found, kind, FunctionFailed, sent)


def _by_words(fault: Fault) -> Kind | None:
    if _NO_MODULE.search(fault.words):
        return NotSubscribed
    if _NO_PERMISSION.search(fault.words):
        return PermissionDenied
    return _later(fault)


def _later(fault: Fault) -> Kind | None:
    if _TOO_MANY.search(fault.words):
        return RateLimited
    return ServiceUnavailable if _TRANSIENT.search(fault.words) else None


def _first(
    found: tuple[Fault, ...], kind: Callable[[Fault], Kind | None], default: Kind, sent: Circumstances
) -> IntacctError:
    for fault in found:
        recognized = kind(fault)
        if recognized is not None:
            return _error(recognized, fault, sent)
    return _error(default, found[0] if found else Fault("", "", "", ""), sent)


def _error(kind: Kind, fault: Fault, sent: Circumstances) -> IntacctError:
    detail = _REQUEST_ID.sub("", _SUPPORT_ID.sub("", fault.words)).strip()
    sentence = ""
    if kind is PermissionDenied and sent.needs:
        sentence = (
            f"The Sage Intacct user lacks a permission that is needed: {sent.needs}. "
            "Ask an administrator to give it to the user, and try again."
        )
    return kind(
        mask(detail, sent.secrets),
        errorno=mask(fault.errorno, sent.secrets),
        function=sent.label,
        support_id=_identifier(_SUPPORT_ID, fault),
        request_id=_identifier(_REQUEST_ID, fault),
        sentence=sentence,
        permission=sent.needs if kind is PermissionDenied else "",
    )


def _identifier(pattern: re.Pattern[str], fault: Fault) -> str:
    match = pattern.search(fault.words)
    return unquote(match[1]).strip() if match else ""
