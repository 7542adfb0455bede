"""Where a collection stands, in words for the lender: what is going on, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from collections_app import problems, readiness
from collections_app.admin.moments import moment
from collections_app.models import Collection, Event, Link, Question, Run, WorkUnit

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Newest(TypedDict):
        """What `with_standing` adds to each collection."""

        run_id: int | None
        run_kind: str | None
        run_status: str | None
        run_problem: str | None
        run_retry_at: datetime | None
        units_done: int | None
        units_planned: int | None
        link_expires_at: datetime | None
        verified_at: datetime | None
        open_questions: bool

    StandingCollection = WithAnnotations[Collection, Newest]

# The borrower's pages say the same at length and in the second person.
PROBLEM_WORDS = {
    problems.SIGN_IN_REFUSED.name: "Sage Intacct did not accept the company ID, user ID and password",
    problems.COMPANY_UNKNOWN.name: "Sage Intacct knows no active company with the company ID given",
    problems.SENDER_NOT_AUTHORIZED.name: "the company has not yet authorized our sender ID",
    problems.WEB_SERVICES_OFF.name: "Web Services is not switched on in the company",
    problems.ENTITY_REFUSED.name: "the user may not enter the entity chosen",
    problems.PERMISSION_MISSING.name: "the user lacks a permission that the reports need",
    problems.DATE_FORMAT_UNREADABLE.name: "the user writes dates in a form that cannot be read safely",
    problems.PASSWORD_GONE.name: "the password was destroyed after waiting too long, and is needed again",
    problems.GATEWAY_UNAVAILABLE.name: "Sage Intacct is not answering",
    problems.RATE_LIMITED.name: "Sage Intacct asked for fewer requests for a while",
    problems.SIGN_IN_PAUSED.name: "the user's sign-in was refused before and is held back for a while",
    problems.STORAGE_UNAVAILABLE.name: "our own storage is not answering",
    problems.BOOKS_MOVING.name: "the books change while they are read",
    problems.SENDER_REFUSED.name: "Sage Intacct refused this service's own sign-in",
    problems.UNREADABLE_ANSWER.name: "Sage Intacct gave an answer that could not be read",
    problems.OUR_FAULT.name: "something went wrong in this service",
    problems.PAUSED.name: "the operator has paused it",
}
UNDER_WAY = {
    Run.Kind.VERIFY: "Checking the borrower's sign-in to Sage Intacct",
    Run.Kind.EXAMINE: "Reading the chart of accounts",
    Run.Kind.COLLECT: "Collecting the reports",
    Run.Kind.REBUILD: "Rebuilding the reports",
}


@dataclass(frozen=True)
class Standing:
    """One sentence on where it stands and one on what to do; `waits_for` says whose turn it is."""

    waits_for: str
    sentence: str
    next_action: str


REVIEWED = {
    Collection.Review.ACCEPTED: Standing(
        "done", "Accepted.", "Nothing. Export the credit file if it is due."
    ),
    Collection.Review.DECLINED: Standing("nobody", "Declined.", "Nothing."),
    Collection.Review.ACCEPT_PROPOSED: Standing(
        "lender", "Somebody proposes to accept it.", "Another person must look and agree, under Review."
    ),
    Collection.Review.DECLINE_PROPOSED: Standing(
        "lender", "Somebody proposes to decline it.", "Another person must look and agree, under Review."
    ),
}


def with_standing(collections: QuerySet[Collection]) -> QuerySet[StandingCollection]:
    """The collections with what their standing needs, in the same query."""
    runs = Run.objects.filter(collection=OuterRef("pk")).exclude(status=Run.Status.CANCELLED).order_by("-pk")
    units = WorkUnit.objects.filter(run=OuterRef("run_id")).order_by().values("run")
    links = Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")
    return collections.annotate(
        run_id=Subquery(runs.values("pk")[:1]),
        run_kind=Subquery(runs.values("kind")[:1]),
        run_status=Subquery(runs.values("status")[:1]),
        run_problem=Subquery(runs.values("problem")[:1]),
        run_retry_at=Subquery(runs.values("retry_at")[:1]),
        units_done=Subquery(units.annotate(units=Count("pk", filter=~Q(done_at=None))).values("units")),
        units_planned=Subquery(units.annotate(units=Count("pk")).values("units")),
        link_expires_at=Subquery(links.values("expires_at")[:1]),
        verified_at=F("connection__verified_at"),
        open_questions=Exists(Question.objects.filter(collection=OuterRef("pk"), answered_at=None)),
    )


def standing_of(collection: StandingCollection) -> Standing:
    """Where a collection from `with_standing` stands."""
    tellers: dict[str, Callable[[StandingCollection], Standing]] = {
        Collection.Status.INVITED: _invited,
        Collection.Status.STARTED: _started,
        Collection.Status.COLLECTING: _collecting,
        Collection.Status.SUBMITTED: _submitted,
        Collection.Status.WITHDRAWN: _withdrawn,
    }
    return tellers[collection.status](collection)


def _invited(collection: StandingCollection) -> Standing:
    return _borrowers_turn(collection, "The borrower has not opened the link yet.")


def _started(collection: StandingCollection) -> Standing:
    if collection.unlisted_system and not collection.accounting_system:
        return Standing(
            "lender",
            f"The borrower keeps its books in another system: {collection.unlisted_system}.",
            "Nothing: the borrower can upload documents here. Or agree on another way, then withdraw this.",
        )
    return (
        _stopped(collection) or _working(collection) or _borrowers_turn(collection, _next_answer(collection))
    )


def _collecting(collection: StandingCollection) -> Standing:
    return (
        _stopped(collection)
        or _working(collection)
        or _previewing(collection)
        or Standing(
            "worker", "The last parts are being stored.", "Nothing: this page will say when it is done."
        )
    )


def _previewing(collection: StandingCollection) -> Standing | None:
    """The borrower looks first: everything is collected and nothing of it can be read here."""
    if not collection.previews or collection.run_status != Run.Status.DONE:
        return None
    return _borrowers_turn(collection, "Collected: the borrower looks at the reports and then shares them.")


def _submitted(collection: StandingCollection) -> Standing:
    if readiness.documents_only(collection):
        return Standing(
            "done",
            f"The borrower shared documents. No reports were collected: its books are in "
            f"{collection.unlisted_system}.",
            "Download the documents on this page.",
        )
    if collection.review:
        return REVIEWED[Collection.Review(collection.review)]
    if collection.open_questions:
        return _asked(collection)
    done = Standing(
        "done", "The reports are here.", "Read the statements on this page, or download the workbook."
    )
    if collection.run_kind != Run.Kind.REBUILD:
        return done
    return _stopped(collection) or _working(collection) or done


def _asked(collection: StandingCollection) -> Standing:
    """The link of what was submitted works for a while longer than it says, so nothing is said of its end."""
    return Standing(
        "borrower",
        "The borrower has not answered your questions yet.",
        "Nothing: the answers come to this page, and a mail tells of them.",
    )


def _withdrawn(collection: StandingCollection) -> Standing:
    if collection.shared_at:
        return Standing(
            "nobody",
            "The borrower has withdrawn what it shared: it can no longer be opened here.",
            "Ask the borrower. It stays encrypted until the operator erases it.",
        )
    if collection.withdrawn_by == Event.Actor.BORROWER:
        return Standing(
            "nobody",
            "The borrower has withdrawn: nothing was shared.",
            "Nothing. The timeline has the reason, if one was given.",
        )
    return Standing(
        "nobody",
        "Withdrawn: the link no longer works.",
        "Nothing. If the figures are needed after all, make a new request.",
    )


def _stopped(collection: StandingCollection) -> Standing | None:
    words = PROBLEM_WORDS.get(collection.run_problem or "", "the reason is in the timeline")
    if collection.run_status == Run.Status.NEEDS_BORROWER:
        return _borrowers_turn(
            collection,
            f"Waits for the borrower: {words}.",
            "Nothing for now: the borrower's page says what to check. The link works until {}.",
        )
    if collection.run_status == Run.Status.NEEDS_OPERATOR:
        return Standing(
            "operator",
            f"Stopped: {words}.",
            "The operator of this service must mend it. What was read so far is kept.",
        )
    return None


def _working(collection: StandingCollection) -> Standing | None:
    if not collection.run_kind or collection.run_status not in Run.LIVE:
        return None
    work = UNDER_WAY[Run.Kind(collection.run_kind)]
    if collection.run_status == Run.Status.WAITING:
        retry_at = collection.run_retry_at
        again = f" The next try is at {moment(retry_at, collection.lender)}." if retry_at else ""
        return Standing(
            "worker", f"{work}: waits, because Sage Intacct is not answering.", f"Nothing.{again}"
        )
    parts = f"{collection.units_done or 0} of {collection.units_planned or 0} parts done"
    return Standing("worker", f"{work}: {parts}.", "Nothing: this page will say when it is done.")


def _next_answer(collection: StandingCollection) -> str:
    if collection.returned_at and not collection.verified_at:
        return "Returned for correction: the borrower has not signed in to Sage Intacct again."
    if not collection.reviewed_at:
        return "The borrower has opened the link and not yet agreed to what is shared."
    if not collection.verified_at:
        return "The borrower has agreed and not yet signed in to Sage Intacct."
    if not collection.scope_kind:
        return "The borrower has signed in and not yet chosen an entity or book."
    return "The borrower has not yet confirmed the accounts' categories and pressed Connect."


def _borrowers_turn(
    collection: StandingCollection, sentence: str, next_action: str = "Nothing: the link works until {}."
) -> Standing:
    """`sentence` as long as the borrower has a link that works; otherwise the lender must make one."""
    expires_at = collection.link_expires_at
    when = moment(expires_at, collection.lender) if expires_at else ""
    if expires_at and expires_at > timezone.now():
        return Standing("borrower", sentence, next_action.format(when))
    expired = f"The link expired on {when}." if when else "No link works."
    return Standing("lender", expired, "Make a new link and send it to the borrower.")
