"""What the gateway refuses, at each of the levels where it can refuse.

Refusal                  anything the gateway answers with an error +-- GatewayRefusal       by the gateway
in front: an HTTP status of its own, a control block with nothing but its status +-- ControlFailure       by
the application, before it looks at the sign-in: malformed or disordered XML, a wrong sender +--
SignInFailure        of the sign-in: login, sender authorization, entity, session +-- FunctionFailure
of one function; the other functions of the request go on
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Error:
    """One `error` of an `errormessage`. Any text may be empty; `description2` is None where the gateway in
    front omits it.
    """

    errorno: str
    description: str = ""
    description2: str | None = ""
    correction: str = ""


class Refusal(Exception):
    """A request, or a part of it, that is answered with an error."""

    def __init__(self, *errors: Error) -> None:
        super().__init__(
            "; ".join(f"{error.errorno}: {error.description2 or error.description}" for error in errors)
        )
        self.errors = errors


class GatewayRefusal(Refusal):
    """Refused before the application saw it; `status` is the HTTP status."""

    def __init__(self, status: int, error: Error) -> None:
        super().__init__(error)
        self.status = status


class ControlFailure(Refusal):
    """Refused as a whole. `understood` says whether the control block could be read and is echoed;
    `nameless` leaves the sender out of it.
    """

    def __init__(self, error: Error, *, understood: bool, nameless: bool = False) -> None:
        super().__init__(error)
        self.understood = understood
        self.nameless = nameless


class SignInFailure(Refusal):
    """Refused after the control block: the authentication block carries the failure and echoes whom it
    refused.
    """

    def __init__(self, error: Error, *, user_id: str = "", company_id: str = "") -> None:
        super().__init__(error)
        self.user_id = user_id
        self.company_id = company_id


class FunctionFailure(Refusal):
    """One function failed."""


def schema_violation(message: str, line: int) -> ControlFailure:
    """A request that is not well formed or breaks the order of elements; practice: the same code stands for
    both.
    """
    text = f"XML Parse schema error: {message} Line: {line} column: 0"
    return ControlFailure(Error("XL03000003", description2=text), understood=False)


def wrong_sender() -> ControlFailure:
    """Sender id or sender password; the two are not told apart."""
    return ControlFailure(
        Error("XL03000006", description2="Incorrect Intacct XML Partner ID or password."), understood=True
    )


def invalid_policy(policy_id: str) -> ControlFailure:
    """The sandbox has no transport policies, so every asynchronous request names one that is not valid."""
    return ControlFailure(
        Error("XL03000006", description2=f"{policy_id} is not a valid transport policy."), understood=True
    )


def company_unknown() -> GatewayRefusal:
    """A company that the gateway cannot route to, unknown or inactive."""
    return GatewayRefusal(400, Error("GW-0011", "Invalid Request", None))


def rate_limited() -> GatewayRefusal:
    """Too many requests."""
    return GatewayRefusal(429, Error("GW-0010", "Rate limit exceeded", None))


def sign_in_incorrect(user_id: str, company_id: str) -> SignInFailure:
    """Wrong user, wrong password, inactive user and forbidden entity, which the gateway does not tell
    apart.
    """
    error = Error("XL03000006", description2="Sign-in information is incorrect")
    return SignInFailure(error, user_id=user_id, company_id=company_id)


def sender_not_authorized(sender_id: str, user_id: str, company_id: str) -> SignInFailure:
    """The sender is right, but the company's administrator has not put it on the company's list."""
    error = Error(
        "XL03000006",
        "Invalid Web Services Authorization",
        f"The sender ID '{sender_id}' is not authorized to make Web Services requests to company ID "
        f"'{company_id}'.",
        "Contact the company administrator to grant Web Services authorization to this sender ID.",
    )
    return SignInFailure(error, user_id=user_id, company_id=company_id)


def web_services_off(user_id: str, company_id: str) -> SignInFailure:
    """The company has not subscribed to Web Services."""
    error = Error(
        "XL03000006",
        "Company not authorized for XML transactions",
        f"Company ID '{company_id}' is not authorized to submit XML transactions.",
        "Subscribe to Web Services in the company's list of subscriptions.",
    )
    return SignInFailure(error, user_id=user_id, company_id=company_id)


def invalid_session(session_id: str) -> SignInFailure:
    """An expired, unknown or misdirected session; the gateway shows only the beginning of the id."""
    return SignInFailure(Error("XL03000006", description2=f"Invalid session {session_id[:12]}..."))


def invalid_token() -> SignInFailure:
    """A token that the gateway does not know; practice: in the words of any other refused sign-in."""
    return SignInFailure(Error("XL03000006", description2="Sign-in information is incorrect"))


def not_permitted(operation: str, object_name: str) -> FunctionFailure:
    """The user's role does not hold the object; of the audit trail it is said without a number."""
    if object_name == "AUDITHISTORY":
        return FunctionFailure(Error("", description2="You do not have permission to view audit history"))
    text = (
        f"You do not have permission for API operation {operation} on objects of type {object_name.lower()}"
    )
    return FunctionFailure(Error("PL04000005", description2=text))


def not_authorized() -> FunctionFailure:
    """The user's role does not allow a report to be run."""
    return FunctionFailure(Error("PL04000005", description2="You're not authorized to perform this action"))


def not_available(operation: str, object_name: str) -> FunctionFailure:
    """The company has not subscribed to the application that owns the object."""
    text = f"API operation '{operation}' cannot be performed on objects of type '{object_name}'"
    return FunctionFailure(Error("PL04000005", description2=text))


def object_unknown(object_name: str) -> FunctionFailure:
    """There is no such object."""
    return FunctionFailure(Error("Query Failed", description2=f"Object definition {object_name} not found"))


def field_unknown(object_name: str, field: str) -> FunctionFailure:
    """The object has no such field."""
    return FunctionFailure(
        Error("XL03000010", description2=f"Field requested is not valid: {object_name.lower()}.{field}")
    )


def field_not_queryable(object_name: str, fields: tuple[str, ...]) -> FunctionFailure:
    """Fields that a lookup lists and a query nevertheless refuses."""
    text = f"The following fields cannot be queried: [{object_name}: [{', '.join(fields)}] ]"
    return FunctionFailure(Error("XL03000006", description2=text))


def unprocessable() -> FunctionFailure:
    """The data layer's answer to anything it cannot read, such as a date in another format."""
    return FunctionFailure(Error("DL02000001", description2="There was an error processing the request."))


def business_error(text: str) -> FunctionFailure:
    """A value that is well formed and makes no sense here."""
    return FunctionFailure(Error("BL01001973", description2=text))


def rolled_back() -> Error:
    """Added to every result of a transaction in which one function failed."""
    return Error(
        "XL03000009",
        description2="The entire transaction in this operation has been rolled back due to an error.",
    )
