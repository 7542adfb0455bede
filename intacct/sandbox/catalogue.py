"""Every error of the gateway that is known, by name, so that it can be met on purpose.

Most of them the sandbox also gives of its own accord, where a request deserves them. Texts are those that
were seen, or say the same where only their meaning is known. Where an error has no other name, its number
is the name.
"""

from collections.abc import Callable, Mapping

from intacct.sandbox import errors
from intacct.sandbox.errors import (
    ControlFailure,
    Error,
    FunctionFailure,
    GatewayRefusal,
    Refusal,
    SignInFailure,
)

Row = tuple[str, Callable[[], Refusal]]
_SIGN_IN_TEXT = "Sign-in information is incorrect. Please check your request."


def _function(errorno: str, text: str, correction: str = "") -> Callable[[], Refusal]:
    return lambda: FunctionFailure(Error(errorno, description2=text, correction=correction))


def _control(errorno: str, text: str, *, nameless: bool = False) -> Callable[[], Refusal]:
    error = Error(errorno, description2=text)
    return lambda: ControlFailure(error, understood=True, nameless=nameless)


def _gateway(status: int, errorno: str, text: str) -> Callable[[], Refusal]:
    return lambda: GatewayRefusal(status, Error(errorno, text, None))


def _not_for_xml() -> Refusal:
    return SignInFailure(
        Error(
            "XL03000006",
            "Company not authorized for XML transactions",
            "This company is not authorized for XML transactions.",
            "Subscribe to the XML Gateway.",
        )
    )


def _business_error() -> Refusal:
    """The specific error first, a generic one after it."""
    return FunctionFailure(
        Error("BL01001973", description2="Invalid reporting book specified."),
        Error("BL01001973", description2="Could not run the report."),
    )


_CONTROL: Mapping[str, Row] = {
    "schema-violation": (
        "the request is malformed or out of order",
        lambda: errors.schema_violation("Error 1871: Element 'query': This element is not expected.", 12),
    ),
    "wrong-sender": ("sender id or sender password are wrong", errors.wrong_sender),
    "transport-policy": ("an unknown transport policy", lambda: errors.invalid_policy("nightly")),
    "company-expired": (
        "a demonstration company has come to its end",
        _control("PL04000055", "The demo company has expired.", nameless=True),
    ),
    "rate-limited-older": (
        "the older words for too many requests, in a 200",
        _control("", "API rate limit exceeded"),
    ),
}
_SIGN_IN: Mapping[str, Row] = {
    "sign-in-incorrect": (
        "a wrong user, password or entity",
        lambda: errors.sign_in_incorrect("", ""),
    ),
    "sender-not-authorized": (
        "the company does not list the sender",
        lambda: errors.sender_not_authorized("the sender", "", "the company"),
    ),
    "web-services-off": ("the company has not subscribed to Web Services", _not_for_xml),
    "invalid-session": ("the session is refused, once", lambda: errors.invalid_session("qR7pL2mX0aZ9sT")),
}
_FUNCTION: Mapping[str, Row] = {
    "field-not-queryable": (
        "a field that exists and cannot be queried",
        lambda: errors.field_not_queryable("GLENTRY", ("DEPARTMENTID", "LOCATIONID")),
    ),
    "field-unknown": ("an unknown field in a query", lambda: errors.field_unknown("GLACCOUNT", "COLOUR")),
    "rolled-back": (
        "another function of the transaction failed",
        lambda: FunctionFailure(errors.rolled_back()),
    ),
    "no-permission": ("the role lacks the object", lambda: errors.not_permitted("QUERY", "GLACCOUNT")),
    "not-available": ("the application is not subscribed", lambda: errors.not_available("QUERY", "GCBOOK")),
    "audit-history": (
        "the audit trail is refused, without a number",
        lambda: errors.not_permitted("QUERY", "AUDITHISTORY"),
    ),
    "not-authorized": ("the role does not allow a report", errors.not_authorized),
    "allocation-not-subscribed": (
        "a module is not subscribed",
        _function("PL04000005", "Account allocation module is not subscribed"),
    ),
    "object-unknown": ("an unknown object", lambda: errors.object_unknown("TRIALBALANCE")),
    "invalid-fields": (
        "an unknown field in a read",
        lambda: FunctionFailure(Error("Invalid fields list COLOUR")),
    ),
    "unprocessable": ("the data layer's answer to anything it cannot read", errors.unprocessable),
    "login-unknown": (
        "an unknown login id",
        _function("BL03000025", "The login id ws_nobody does not exist."),
    ),
    "business-error": ("two errors, the specific one first", _business_error),
    "company-title-unknown": (
        "a company's title is unknown; seen in logs only",
        _function("DL03000006", "The company title does not exist."),
    ),
    "session-not-opened": (
        "a session could not be opened",
        _function("Get API Session Failed", "The session could not be opened."),
    ),
    "off-line": (
        "maintenance",
        _function("DL02000001", "The Service is Temporarily Off-line"),
    ),
    "try-again-later": (
        "a passing failure",
        _function("DL02000001", "There was an error processing the request.", "Please Try Again Later"),
    ),
    "no-message": ("a failure without any error", FunctionFailure),
}
_WRITES: Mapping[str, Row] = {
    errorno: ("an error of writing, which reading never meets", _function(errorno, "The record is invalid."))
    for errorno in (
        "BL03000018",
        "BL03000130",
        "BL34000061",
        "PL05000104",
        "PL01000127",
        "CRE-3211",
        "BL03002129",
    )
}
_GATEWAY: Mapping[str, Row] = {
    "gateway-sign-in": ("401: sign-in refused in front", _gateway(401, "XMLGW_JPP0002", _SIGN_IN_TEXT)),
    "gateway-sign-in-older": ("401: the same, older", _gateway(401, "UJPP0002", _SIGN_IN_TEXT)),
    "invalid-request": ("400: company unknown, older", _gateway(400, "invalidRequest", "Invalid Request")),
    "company-unknown": ("400: company or sender unknown or inactive", errors.company_unknown),
    "rate-limited-200": ("too many requests, in a 200", _gateway(200, "GW-0010", "Rate limit exceeded")),
    "GW-0012": ("400: tenant missing", _gateway(400, "GW-0012", "Tenant is missing")),
    "GW-0014": ("400: content type wrong", _gateway(400, "GW-0014", "Content type is wrong")),
    "GW-0015": ("400: attribute missing", _gateway(400, "GW-0015", "Attribute is missing")),
    "GW-0042": ("403: forbidden", _gateway(403, "GW-0042", "Forbidden")),
}
_NUMBERED: Mapping[str, Row] = {
    f"GW-{number:04}": (
        "500: the gateway cannot process the request",
        _gateway(500, f"GW-{number:04}", "Unable to process the request"),
    )
    for number in range(1, 10)
} | {
    f"GW-{number:04}": ("401: a token is refused", _gateway(401, f"GW-{number:04}", "Token is invalid"))
    for number in range(31, 42)
}

CATALOGUE: Mapping[str, Row] = {
    **_CONTROL,
    **_SIGN_IN,
    **_FUNCTION,
    **_GATEWAY,
    **_NUMBERED,
    **_WRITES,
}
