"""Where a collection stands, in words for the lender: what is going on, and what to do next.

Whose turn it is, is told by `turns`; here are the words for each of its situations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from collections_app import links, problems, readiness
from collections_app.admin.moments import moment
from collections_app.models import Collection, Event, Link, Run, WorkUnit
from collections_app.turns import Situation, Turn, with_situations

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
        situation: str

    StandingCollection = WithAnnotations[Collection, Newest]

# A sentence on where it stands, and one on what to do.
Words = tuple[str, str]
LINK_WORKS = "Nothing. The link works until {}."

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

    waits_for: Turn
    sentence: str
    next_action: str


def with_standing(collections: QuerySet[Collection]) -> QuerySet[StandingCollection]:
    """The collections with what their standing needs, in the same query."""
    runs = Run.objects.filter(collection=OuterRef("pk")).exclude(status=Run.Status.CANCELLED).order_by("-pk")
    units = WorkUnit.objects.filter(run=OuterRef("run_id")).order_by().values("run")
    unrevoked = Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")
    rows: QuerySet[StandingCollection] = with_situations(collections).annotate(
        run_id=Subquery(runs.values("pk")[:1]),
        run_kind=Subquery(runs.values("kind")[:1]),
        run_status=Subquery(runs.values("status")[:1]),
        run_problem=Subquery(runs.values("problem")[:1]),
        run_retry_at=Subquery(runs.values("retry_at")[:1]),
        units_done=Subquery(units.annotate(units=Count("pk", filter=~Q(done_at=None))).values("units")),
        units_planned=Subquery(units.annotate(units=Count("pk")).values("units")),
        link_expires_at=Subquery(unrevoked.values("expires_at")[:1]),
        verified_at=F("connection__verified_at"),
    )
    return rows


def standing_of(collection: StandingCollection) -> Standing:
    """Where a collection from `with_standing` stands."""
    situation = Situation(collection.situation)
    return Standing(situation.turn, *TELLERS[situation](collection))


def _unopened(collection: StandingCollection) -> Words:
    return "The borrower has not opened the link yet.", LINK_WORKS.format(_link_ends(collection))


def _answering(collection: StandingCollection) -> Words:
    return _next_answer(collection), LINK_WORKS.format(_link_ends(collection))


def _held(collection: StandingCollection) -> Words:
    return (
        f"Waits for the borrower: {_problem(collection)}.",
        "Nothing for now. The borrower's page says what to check. "
        f"The link works until {_link_ends(collection)}.",
    )


def _previewing(collection: StandingCollection) -> Words:
    """The borrower looks first: everything is collected and nothing of it can be read here."""
    return (
        "Collected: the borrower looks at the reports and then shares them.",
        LINK_WORKS.format(_link_ends(collection)),
    )


def _asked(collection: StandingCollection) -> Words:
    """A question is open, or a document that was asked for is not there."""
    return (
        "The borrower has not sent all that you asked for: an answer, or a document.",
        f"Nothing. Answers and documents come to this page. The link works until {_link_ends(collection)}.",
    )


def _no_link(collection: StandingCollection) -> Words:
    """One that was switched off is not there, and one that was opened too often has not expired."""
    expired = collection.link_expires_at and links.end_of(collection.link_expires_at, collection)
    has_expired = expired and expired <= timezone.now()
    return (
        f"The link expired on {_link_ends(collection)}." if has_expired else "No link works.",
        "Make a new link and send it to the borrower.",
    )


def _unlisted(collection: StandingCollection) -> Words:
    return (
        f"The borrower keeps its books in another system: {collection.unlisted_system}.",
        "Nothing. The borrower can upload documents here. Or agree on another way, then withdraw this.",
    )


def _to_review(collection: StandingCollection) -> Words:
    if readiness.documents_only(collection):
        return (
            "The borrower shared documents. No reports were collected: its books are in "
            f"{collection.unlisted_system}.",
            "Download the documents on this page.",
        )
    return "The reports are here.", "Read the statements on this page, or download the workbook."


def _proposed(collection: StandingCollection) -> Words:
    to = "accept" if collection.review == Collection.Review.ACCEPT_PROPOSED else "decline"
    return f"Somebody proposes to {to} it.", "Another person must look and agree, under Review."


def _working(collection: StandingCollection) -> Words:
    work = UNDER_WAY[Run.Kind(str(collection.run_kind))]
    if collection.run_status == Run.Status.WAITING:
        retry_at = collection.run_retry_at
        again = f" The next try is at {moment(retry_at, collection.lender)}." if retry_at else ""
        return f"{work}: waits, because Sage Intacct is not answering.", f"Nothing.{again}"
    parts = f"{collection.units_done or 0} of {collection.units_planned or 0} parts done"
    return f"{work}: {parts}.", "Nothing. This page will say when it is done."


def _handing_over(collection: StandingCollection) -> Words:
    return "The last parts are being stored.", "Nothing. This page will say when it is done."


def _stopped(collection: StandingCollection) -> Words:
    return (
        f"Stopped: {_problem(collection)}.",
        "The operator of this service must mend it. What was read so far is kept.",
    )


def _accepted(collection: StandingCollection) -> Words:
    return "Accepted.", "Nothing. Export the credit file if it is due."


def _declined(collection: StandingCollection) -> Words:
    return "Declined.", "Nothing."


def _withdrawn(collection: StandingCollection) -> Words:
    if collection.shared_at:
        return (
            "The borrower has withdrawn what it shared: it can no longer be opened here.",
            "Ask the borrower. It stays encrypted until the operator erases it.",
        )
    if collection.withdrawn_by == Event.Actor.BORROWER:
        return (
            "The borrower has withdrawn: nothing was shared.",
            "Nothing. The timeline has the reason, if one was given.",
        )
    return (
        "Withdrawn: the link no longer works.",
        "Nothing. If the figures are needed after all, make a new request.",
    )


def _erased(collection: StandingCollection) -> Words:
    return (
        "Erased before it was decided: nothing of it can be seen any more.",
        "Nothing. If the figures are needed after all, make a new request.",
    )


TELLERS: dict[Situation, Callable[[StandingCollection], Words]] = {
    Situation.UNOPENED: _unopened,
    Situation.ANSWERING: _answering,
    Situation.HELD: _held,
    Situation.PREVIEWING: _previewing,
    Situation.ASKED: _asked,
    Situation.NO_LINK: _no_link,
    Situation.UNLISTED: _unlisted,
    Situation.TO_REVIEW: _to_review,
    Situation.PROPOSED: _proposed,
    Situation.WORKING: _working,
    Situation.HANDING_OVER: _handing_over,
    Situation.STOPPED: _stopped,
    Situation.ACCEPTED: _accepted,
    Situation.DECLINED: _declined,
    Situation.WITHDRAWN: _withdrawn,
    Situation.ERASED: _erased,
}


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


def _problem(collection: StandingCollection) -> str:
    return PROBLEM_WORDS.get(collection.run_problem or "", "the reason is in the timeline")


def _link_ends(collection: StandingCollection) -> str:
    """When the newest link ends or ended; empty where there is none."""
    ends = collection.link_expires_at
    return moment(links.end_of(ends, collection), collection.lender) if ends else ""
