"""From bytes to a request whose order of elements has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from lxml import etree

from intacct.sandbox.errors import schema_violation
from intacct.sandbox.schema import TRUTH, Content, Model, Text, line_of, one_of, sequence, validate


def control_identifier(value: str) -> str:
    """A function's control id holds at most 256 characters."""
    return (
        ""
        if len(value) <= 256
        else "[facet 'maxLength'] The value exceeds the allowed maximum length of '256'."
    )


_CONTROL = sequence(
    "appid? senderid password? controlid uniqueid? dtdversion? policyid? debug? includewhitespace? "
    "showadditionalerrorinfo?",
    {
        "uniqueid": TRUTH,
        "dtdversion": one_of("3.0", "2.1"),
        "debug": TRUTH,
        "includewhitespace": TRUTH,
        "showadditionalerrorinfo": TRUTH,
    },
)
_AUTHENTICATION = sequence(
    "(login|sessionid|oauth)", {"login": sequence("userid companyid password clientid? locationid?")}
)
_PREFERENCE = sequence("application preference prefvalue")
_PREFERENCES = sequence(
    "companyprefs* moduleprefs*",
    {
        "companyprefs": sequence("companypref+", {"companypref": _PREFERENCE}),
        "moduleprefs": sequence("modulepref+", {"modulepref": _PREFERENCE}),
    },
)


@dataclass(frozen=True)
class Login:
    """A sign-in with a password. `location` is None where none was asked for; an empty one means the top
    level.
    """

    user_id: str
    company_id: str
    password: str
    location: str | None

    def __repr__(self) -> str:
        return f"Login(user_id={self.user_id!r}, company_id={self.company_id!r})"


@dataclass(frozen=True)
class FunctionCall:
    """One function of a request: its control id and its element."""

    control_id: str
    element: etree._Element

    @property
    def name(self) -> str:
        """The function's name, which is the element's."""
        return str(self.element.tag)


@dataclass(frozen=True)
class Operation:
    """One operation of a request. One of `login`, `session_id` and `token` is set, and none of these secrets
    is ever shown. Preferences change how records are written, so none of them matters here.
    """

    login: Login | None
    session_id: str
    token: str
    transaction: bool
    functions: tuple[FunctionCall, ...]

    def __repr__(self) -> str:
        return f"Operation(functions={[call.name for call in self.functions]!r})"


@dataclass(frozen=True)
class Request:
    """A request in order, with one operation or more. The sender's password is never shown."""

    sender_id: str
    sender_password: str
    control_id: str
    unique: bool
    dtd_version: str
    policy_id: str
    whitespace: bool
    additional_information: bool
    operations: tuple[Operation, ...]

    @property
    def functions(self) -> tuple[FunctionCall, ...]:
        """The functions of all operations, in their order."""
        return tuple(call for operation in self.operations for call in operation.functions)

    def __repr__(self) -> str:
        return (
            f"Request(control_id={self.control_id!r}, functions={[call.name for call in self.functions]!r})"
        )


def request_model(functions: Mapping[str, Content]) -> Model:
    """The schema of a request in which these functions may be called."""
    function = sequence(
        f"({'|'.join(functions)})",
        functions,
        attributes={"controlid": Text(control_identifier)},
        required=("controlid",),
    )
    operation = sequence(
        "authentication preferences* content*",
        {
            "authentication": _AUTHENTICATION,
            "preferences": _PREFERENCES,
            "content": sequence("function+", {"function": function}),
        },
        attributes={"transaction": TRUTH},
    )
    return sequence("control operation+", {"control": _CONTROL, "operation": operation})


def document_of(body: bytes, content_type: str) -> bytes:
    """The XML of a body, which older clients send as the form field `xmlrequest`."""
    if content_type.split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return body
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return fields.get("xmlrequest", [""])[0].encode()


def read_request(document: bytes, model: Model) -> Request:
    """The request in a document; raises ControlFailure for anything malformed or out of order.

    Neither a document type nor an entity is ever followed, whatever it points to.
    """
    root = _parsed(document)
    if root.tag != "request":
        message = f"Error 1845: Element '{root.tag}': No matching global declaration available."
        raise schema_violation(message, line_of(root))
    validate(root, model)
    return _request(root)


def _parsed(document: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise schema_violation(f"Error 1: {error.msg}.", error.lineno or 0) from error
    except ValueError as error:
        raise schema_violation("Error 4: Document is empty.", 1) from error
    information: Any = root.getroottree().docinfo
    if information.doctype:
        raise schema_violation("Error 517: A document type is not allowed.", 1)
    return root


def _request(root: etree._Element) -> Request:
    control = root[0]
    return Request(
        sender_id=text_of(control, "senderid"),
        sender_password=text_of(control, "password"),
        control_id=text_of(control, "controlid"),
        unique=text_of(control, "uniqueid", "true") == "true",
        dtd_version=text_of(control, "dtdversion", "3.0"),
        policy_id=text_of(control, "policyid"),
        whitespace=text_of(control, "includewhitespace", "true") == "true",
        additional_information=text_of(control, "showadditionalerrorinfo") == "true",
        operations=tuple(_operation(operation) for operation in root.iterfind("operation")),
    )


def _operation(operation: etree._Element) -> Operation:
    login = operation.find("authentication/login")
    return Operation(
        login=None if login is None else _login(login),
        session_id=text_of(operation, "authentication/sessionid"),
        token=text_of(operation, "authentication/oauth"),
        transaction=operation.get("transaction") == "true",
        functions=tuple(
            FunctionCall(str(function.get("controlid")), function[0])
            for content in operation.iterfind("content")
            for function in content
        ),
    )


def _login(login: etree._Element) -> Login:
    location = login.find("locationid")
    return Login(
        user_id=text_of(login, "userid"),
        company_id=text_of(login, "companyid"),
        password=login.findtext("password") or "",
        location=None if location is None else (location.text or "").strip(),
    )


def text_of(element: etree._Element, path: str, default: str = "") -> str:
    """The trimmed text under a path, or the default where the element is absent or empty."""
    return (element.findtext(path) or "").strip() or default
