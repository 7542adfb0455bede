"""Everything that can go wrong while reading from Sage Intacct, as one tree.

    IntacctError
    |-- TransportError            the exchange itself; level "transport"
    |   |-- ConnectionFailed        no connection, or it broke                          LATER
    |   |-- RequestTimedOut         no complete answer in time; it may still be running LATER
    |   |-- ServiceUnavailable      5xx, an HTML page, "temporarily off-line"           LATER
    |   |-- RateLimited             429 or GW-0010                                      LATER
    |   `-- UntrustedEndpoint       not Sage's host, a redirect, a bad certificate      OPERATOR
    |-- ReplyError                an answer that cannot be relied on; level "reply"
    |   |-- UnreadableReply         not XML we accept, or a value we refuse to guess    OPERATOR
    |   |-- IncompleteRead          rows missing, repeated or moving while we read      LATER
    |   `-- UnreadableFormatting    the user's own date settings cannot be read safely  BORROWER
    |-- ControlError              refused before sign-in; level "control"
    |   |-- SenderRefused           our sender id or its password                       OPERATOR
    |   |-- RequestRejected         our request is malformed                            OPERATOR
    |   `-- CompanyUnknown          no such company, or it is closed                    BORROWER
    |-- AuthenticationError       refused at sign-in; level "authentication"
    |   |-- SignInRefused           user id or password                                 BORROWER
    |   |-- EntityRefused           the entity is unknown or closed to this user        BORROWER
    |   |-- SenderNotAuthorized     the company has not authorized our sender id        BORROWER
    |   |-- WebServicesNotSubscribed  the company has no Web Services subscription      BORROWER
    |   `-- SessionExpired          the session is dead; a new one helps                LATER
    `-- FunctionError             one call failed; level "function"
        |-- PermissionDenied        the user's role lacks a permission                  BORROWER
        |-- NotSubscribed           the company lacks the module                        BORROWER
        |-- ObjectUnknown           no such object in this company                      OPERATOR
        |-- FieldRefused            a field is unknown or cannot be queried             OPERATOR
        `-- FunctionFailed          any other failure of a call                         OPERATOR

The level says which of the reply's status elements failed: the gateway checks the control block, then the
sign-in, then each function, and puts its errors beside the block that failed.
"""

from __future__ import annotations

import enum
from typing import ClassVar

from intacct.exchange import Exchange


class Mender(enum.StrEnum):
    """Who can put an error right."""

    BORROWER = "borrower"
    LENDER = "lender"
    OPERATOR = "operator"
    LATER = "later"


class IntacctError(Exception):
    """The root of the tree. ``str(error)`` is for support and logs; ``sentence`` may be shown to a borrower.

    errorno: the gateway's own code, "" if it gave none.     level: see the module's docstring.
    function: the call that failed, e.g. "query GLACCOUNT".  support_id, request_id: for Sage's support.
    retryable: whether the same call can succeed later without anybody mending anything.
    retry_after: seconds the gateway asked us to wait, or None.
    permission: what the user lacks, in the words of Sage Intacct's menus, where that is what is missing.
    exchange: what was sent and came back, masked, where there was an exchange.
    None of these ever holds a password or a session id.
    """

    level: ClassVar[str] = ""
    mender: ClassVar[Mender] = Mender.OPERATOR
    plain: ClassVar[str] = "Reading from Sage Intacct failed."

    def __init__(
        self,
        detail: str = "",
        *,
        errorno: str = "",
        function: str = "",
        support_id: str = "",
        request_id: str = "",
        sentence: str = "",
        retry_after: float | None = None,
        permission: str = "",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errorno = errorno
        self.function = function
        self.support_id = support_id
        self.request_id = request_id
        self.sentence = sentence or self.plain
        self.retry_after = retry_after
        self.permission = permission
        self.exchange: Exchange | None = None

    @property
    def retryable(self) -> bool:
        return self.mender is Mender.LATER

    def __str__(self) -> str:
        where = " ".join(part for part in (self.level, self.errorno) if part)
        parts = [
            f"{type(self).__name__} ({where})" if where else type(self).__name__,
            f"in {self.function}" if self.function else "",
            f"- {self.detail}" if self.detail else "",
            f"[support id {self.support_id}]" if self.support_id else "",
            f"[request id {self.request_id}]" if self.request_id else "",
        ]
        return " ".join(part for part in parts if part)


class TransportError(IntacctError):
    """The exchange failed before there was an answer to read."""

    level = "transport"
    mender = Mender.LATER


class ConnectionFailed(TransportError):
    """No connection could be made, or it broke before the answer was complete."""

    plain = "Sage Intacct could not be reached. Nothing is wrong with your details; this will be tried again."


class RequestTimedOut(TransportError):
    """No complete answer within the time allowed. Not repeated at once: the gateway may still be working."""

    plain = (
        "Sage Intacct took too long to answer. Nothing is wrong with your details; this will be tried again."
    )


class ServiceUnavailable(TransportError):
    """The gateway, or the network in front of it, says that it cannot work now."""

    plain = (
        "Sage Intacct is not available at the moment. Nothing is wrong with your details; "
        "this will be tried again."
    )


class RateLimited(TransportError):
    """The gateway asks for fewer requests; ``retry_after`` holds the wait it asked for, if any."""

    plain = (
        "Sage Intacct is busy and asked for a pause. Nothing is wrong with your details; "
        "this will be tried again."
    )


class UntrustedEndpoint(TransportError):
    """An address that secrets must not be sent to."""

    mender = Mender.OPERATOR
    plain = (
        "The connection to Sage Intacct was stopped because the address could not be trusted. "
        "Your details were not sent there. The operator of this service has to look at it."
    )


class ReplyError(IntacctError):
    """An answer came, but it cannot be relied on."""

    level = "reply"


class UnreadableReply(ReplyError):
    """Not XML that we accept, not the shape that was asked for, or a value that we refuse to guess."""

    plain = (
        "Sage Intacct sent an answer that could not be read. Nothing was taken from it. "
        "The operator of this service has to look at it."
    )


class IncompleteRead(ReplyError):
    """Rows are missing, repeated, or moved while they were read: the list cannot be proved complete."""

    mender = Mender.LATER
    plain = (
        "The records in Sage Intacct changed while they were being read, so the list could not be proved "
        "complete. Nothing was taken from it; this will be tried again."
    )


class UnreadableFormatting(ReplyError):
    """The Web Services user's own format settings cannot be read without guessing."""

    mender = Mender.BORROWER
    plain = (
        "The Sage Intacct user has a date or time format that cannot be read safely. In the user's "
        "preferences, choose a date format with a four-digit year, for example month/day/year, and try again."
    )


class ControlError(IntacctError):
    """The gateway refused the request before looking at the sign-in."""

    level = "control"


class SenderRefused(ControlError):
    """Our Web Services sender id or its password is wrong."""

    plain = (
        "Sage Intacct did not accept this service's own credentials. Nothing is wrong with your details. "
        "The operator of this service has to look at it."
    )


class RequestRejected(ControlError):
    """The gateway found our request malformed: a fault on our side."""

    plain = (
        "Sage Intacct did not accept the form of the request. Nothing is wrong with your details. "
        "The operator of this service has to look at it."
    )


class CompanyUnknown(ControlError):
    """The gateway cannot route the request: no such company, or the company is closed."""

    mender = Mender.BORROWER
    plain = (
        "Sage Intacct does not know this company id, or the company is not active. "
        "Check the company id: it is the one you type when you sign in to Sage Intacct."
    )


class AuthenticationError(IntacctError):
    """The gateway took the request but refused the sign-in or the session."""

    level = "authentication"
    mender = Mender.BORROWER


class SignInRefused(AuthenticationError):
    """User id or password refused. Never repeated: a few wrong passwords can lock the user."""

    plain = (
        "Sage Intacct did not accept the sign-in. Check the company id, the user id and the password: "
        "capital and small letters matter. Check also that the user is active and is a Web Services user."
    )


class EntityRefused(AuthenticationError):
    """The sign-in is right but the entity is unknown, or this user may not enter it."""

    plain = (
        "The sign-in is right, but Sage Intacct did not let this user into the chosen entity. "
        "Check that the entity is active and that the user may work in it."
    )


class SenderNotAuthorized(AuthenticationError):
    """The company's list of Web Services authorizations lacks our sender id, or holds it in another case."""

    plain = (
        "Your company has not yet authorized this service in Sage Intacct. An administrator adds the sender "
        "id under Company, Setup, Company information, Security, Web Services authorizations, written "
        "exactly as shown in the instructions and with status active."
    )


class WebServicesNotSubscribed(AuthenticationError):
    """The company has no Web Services subscription."""

    plain = (
        "Your company has not switched on Web Services in Sage Intacct. An administrator switches it on "
        "under Company, Subscriptions, Web Services."
    )


class SessionExpired(AuthenticationError):
    """The session is dead or unknown; a new one helps."""

    mender = Mender.LATER
    plain = "The session with Sage Intacct has ended. This will be tried again with a new one."


class FunctionError(IntacctError):
    """The request and the sign-in are right, but the call itself failed."""

    level = "function"


class PermissionDenied(FunctionError):
    """The user's role lacks a permission that the call needs."""

    mender = Mender.BORROWER
    plain = (
        "The Sage Intacct user lacks a permission that is needed. Ask an administrator to give the user the "
        "permissions listed in the set-up guide, and try again."
    )


class NotSubscribed(FunctionError):
    """The company does not have the module, so the object cannot be read by anybody."""

    mender = Mender.BORROWER
    plain = (
        "Your company does not have the part of Sage Intacct that was asked for. "
        "Ask an administrator to check the company's subscriptions."
    )


class ObjectUnknown(FunctionError):
    """The gateway knows no such object in this company."""

    plain = (
        "Sage Intacct does not know a kind of record that was asked for. Nothing is wrong with your details. "
        "The operator of this service has to look at it."
    )


class FieldRefused(FunctionError):
    """A field does not exist, or exists but cannot be queried."""

    plain = (
        "Sage Intacct does not offer a field that was asked for. Nothing is wrong with your details. "
        "The operator of this service has to look at it."
    )


class FunctionFailed(FunctionError):
    """Any other failure of a call."""

    plain = (
        "Sage Intacct could not carry out a request. Nothing is wrong with your details. "
        "The operator of this service has to look at it."
    )
