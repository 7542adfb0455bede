"""What can stop or delay a run, in the words that borrower, lender and operator read."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Mender(Enum):
    """Who can mend a problem."""

    BORROWER = "borrower"
    OPERATOR = "operator"
    LATER = "later"


@dataclass(frozen=True)
class Problem:
    """A reason, one plain sentence about it, and what to check or do, most likely cause first.

    `needs_sign_in`: whether the password is of no more use, so that it is destroyed and asked for again.
    """

    name: str
    mender: Mender
    sentence: str | Promise
    checks: tuple[str | Promise, ...] = ()
    needs_sign_in: bool = False


SIGN_IN_REFUSED = Problem(
    "sign_in_refused",
    Mender.BORROWER,
    _("Sage Intacct did not accept this company ID, user ID and password."),
    (
        _("Type the company ID as on Sage Intacct’s own sign-in page; it is not the company’s name."),
        _("The user must be the Web Services user, not the one you sign in to Sage Intacct with."),
        _("Use the password from Sage Intacct’s mail; copy it without the blanks around it."),
        _("The Web Services user must have the status Active and be made at the top level."),
    ),
    needs_sign_in=True,
)
COMPANY_UNKNOWN = Problem(
    "company_unknown",
    Mender.BORROWER,
    _("Sage Intacct does not know an active company with this company ID."),
    (
        _("Type the company ID as on Sage Intacct’s own sign-in page; it is not the company’s name."),
        _("Trial and expired companies cannot be connected."),
    ),
    needs_sign_in=True,
)
SENDER_NOT_AUTHORIZED = Problem(
    "sender_not_authorized",
    Mender.BORROWER,
    _("Your company has not yet allowed our sender ID to ask for data."),
    (
        _("In Company > Setup > Company > Security, add our sender ID under Web Services authorizations."),
        _("Upper and lower case count: copy the sender ID from the instructions."),
        _("Its status must be Active; save the small window and then the page."),
    ),
)
WEB_SERVICES_OFF = Problem(
    "web_services_off",
    Mender.BORROWER,
    _("Web Services is not switched on in your Sage Intacct company."),
    (_("In Company > Admin > Subscriptions, switch on Web Services. Sage makes no extra charge for it."),),
)
ENTITY_REFUSED = Problem(
    "entity_refused",
    Mender.BORROWER,
    _("This user may not enter the entity that you chose."),
    (_("Give the Web Services user access to the entity, or choose another one."),),
)
PERMISSION_MISSING = Problem(
    "permission_missing",
    Mender.BORROWER,
    _("The Web Services user lacks a permission that the reports need."),
    (
        _("Go through the permissions in the instructions once more; save both the window and the page."),
        _("In a role-based company the role must also be assigned to the Web Services user."),
    ),
)
DATE_FORMAT_UNREADABLE = Problem(
    "date_format_unreadable",
    Mender.BORROWER,
    _("The Web Services user writes dates or times in a way that cannot be read safely."),
    (
        _(
            "In the user’s preferences in Sage Intacct, choose a date format with a four-digit year, for "
            "example month/day/year, and sign in once more."
        ),
    ),
)
PASSWORD_GONE = Problem(
    "password_gone",
    Mender.BORROWER,
    _("The password was destroyed because the work had to wait too long. Please sign in once more."),
    needs_sign_in=True,
)
GATEWAY_UNAVAILABLE = Problem(
    "gateway_unavailable",
    Mender.LATER,
    _("Sage Intacct is not answering at the moment. We keep trying; nothing is lost."),
)
RATE_LIMITED = Problem(
    "rate_limited",
    Mender.LATER,
    _("Sage Intacct has been asked too much just now and asks us to wait. We go on by ourselves."),
)
SIGN_IN_PAUSED = Problem(
    "sign_in_paused",
    Mender.LATER,
    _(
        "This user’s sign-in was refused before. We wait before we try it again, because Sage Intacct locks "
        "a user out after several wrong passwords."
    ),
)
STORAGE_UNAVAILABLE = Problem(
    "storage_unavailable",
    Mender.LATER,
    _("Our own storage is not answering at the moment. We keep trying; nothing is lost."),
)
BOOKS_MOVING = Problem(
    "books_moving",
    Mender.LATER,
    _("The books changed while we were reading them. We read that part again."),
)
SENDER_REFUSED = Problem(
    "sender_refused",
    Mender.OPERATOR,
    _("Sage Intacct refused this service, not you. We have been told and will mend it."),
)
UNREADABLE_ANSWER = Problem(
    "unreadable_answer",
    Mender.OPERATOR,
    _("Sage Intacct gave an answer that we could not read. We have been told and will look into it."),
)
OUR_FAULT = Problem(
    "our_fault",
    Mender.OPERATOR,
    _("Something went wrong on our side. We have been told; what was read so far is kept."),
)
PAUSED = Problem(
    "paused",
    Mender.OPERATOR,
    _("We have paused this for a while. Nothing is lost, and it goes on by itself."),
)

PROBLEMS = {
    problem.name: problem
    for problem in (
        SIGN_IN_REFUSED,
        COMPANY_UNKNOWN,
        SENDER_NOT_AUTHORIZED,
        WEB_SERVICES_OFF,
        ENTITY_REFUSED,
        PERMISSION_MISSING,
        DATE_FORMAT_UNREADABLE,
        PASSWORD_GONE,
        GATEWAY_UNAVAILABLE,
        RATE_LIMITED,
        SIGN_IN_PAUSED,
        STORAGE_UNAVAILABLE,
        BOOKS_MOVING,
        SENDER_REFUSED,
        UNREADABLE_ANSWER,
        OUR_FAULT,
        PAUSED,
    )
}


class Trouble(Exception):
    """Work on a run met a problem.

    `detail` is for support and holds no secret; `retry_after` is the shortest wait the gateway asked for;
    `names` are what is missing, in Sage Intacct's menu words; `exchange` is the request and the reply in
    which it was met, masked, where it came from the gateway.
    """

    def __init__(
        self,
        problem: Problem,
        detail: str = "",
        retry_after: timedelta = timedelta(),
        names: tuple[str, ...] = (),
        exchange: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{problem.name}: {detail}" if detail else problem.name)
        self.problem = problem
        self.detail = detail
        self.retry_after = retry_after
        self.names = names
        self.exchange = exchange
