"""Whose turn it is, since when, and for how long a link lets it be: the one rule, as columns of the database.

The desk's list filters and counts by it, the words of a row and of a page follow from it, and reminders and
mails about links that end go to those whose turn it says it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from collections_app.links import COMPLETED_DAYS, MOST_OPENINGS
from collections_app.models import Collection, DocumentRequest, Event, Link, Question, Run

C, R, Review = Collection.Status, Run.Status, Collection.Review
UNFINISHED = (C.INVITED, C.STARTED, C.COLLECTING)
UNDECIDED = (Review.OPEN, Review.ACCEPT_PROPOSED, Review.DECLINE_PROPOSED)
DECIDED = (Review.ACCEPTED, Review.DECLINED)
# What is not over, decided or withdrawn: the database finds it by an index.
OPEN = Q(status__in=UNFINISHED) | Q(status=C.SUBMITTED, review__in=UNDECIDED)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ENDS_SOON = timedelta(days=3)


class Turn(StrEnum):
    """Who has to do something next."""

    BORROWER = "borrower"
    LENDER = "lender"
    OPERATOR = "operator"
    WORKER = "worker"
    DONE = "done"
    NOBODY = "nobody"


class Situation(StrEnum):
    """Each way in which a collection can stand."""

    UNOPENED = "unopened"
    ANSWERING = "answering"
    HELD = "held"
    PREVIEWING = "previewing"
    ASKED = "asked"
    NO_LINK = "no link"
    UNLISTED = "unlisted"
    TO_REVIEW = "to review"
    PROPOSED = "proposed"
    WORKING = "working"
    HANDING_OVER = "handing over"
    STOPPED = "stopped"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"

    @property
    def turn(self) -> Turn:
        return TURNS[self]


S = Situation
TURNS = {
    S.UNOPENED: Turn.BORROWER,
    S.ANSWERING: Turn.BORROWER,
    S.HELD: Turn.BORROWER,
    S.PREVIEWING: Turn.BORROWER,
    S.ASKED: Turn.BORROWER,
    S.NO_LINK: Turn.LENDER,
    S.UNLISTED: Turn.LENDER,
    S.TO_REVIEW: Turn.LENDER,
    S.PROPOSED: Turn.LENDER,
    S.WORKING: Turn.WORKER,
    S.HANDING_OVER: Turn.WORKER,
    S.STOPPED: Turn.OPERATOR,
    S.ACCEPTED: Turn.DONE,
    S.DECLINED: Turn.NOBODY,
    S.WITHDRAWN: Turn.NOBODY,
    S.ERASED: Turn.NOBODY,
}


def with_situations(collections: QuerySet[Any]) -> QuerySet[Any]:
    """The collections with their `situation`, and with `link_until` for `link_ended`: until when the newest
    link was made to work, long past where none opens.
    """
    if "situation" in collections.query.annotations:
        return collections
    opening = _links().filter(opened_count__lt=MOST_OPENINGS)
    collections = collections.alias(
        link_until=Coalesce(Subquery(opening.values("expires_at")[:1]), Value(LONG_AGO)),
        by_run=_by_run(),
    )
    told: QuerySet[Any] = collections.annotate(situation=_rule(timezone.now()))
    return told


def situation_of(collection: Collection) -> Situation:
    """How it stands now."""
    found = with_situations(Collection.objects.filter(pk=collection.pk))
    return Situation(found.values_list("situation", flat=True).get())


def whose_turn(*turns: Turn) -> Q:
    """The rows, of those from `with_situations`, that are not over and wait for one of these.

    Said by what they are not: PostgreSQL guesses that a worked-out column is hardly ever like what it is
    compared with, so that it would work out and sort all open rows for the first few in an order that an
    index has.
    """
    others = [situation.value for situation, turn in TURNS.items() if turn not in turns]
    return OPEN & ~Q(situation__in=others)


def link_ended(by: datetime) -> Q:
    """The rows, of those from `with_situations`, of which no link works at that time.

    As `links.end_of` says for one: what was shared lately can be opened by any link that was not closed.
    """
    lately = Q(status=C.SUBMITTED, shared_at__gt=by - timedelta(days=COMPLETED_DAYS))
    ends_before = Case(When(lately, then=Value(LONG_AGO)), default=Value(by), output_field=DateTimeField())
    return Q(link_until__lte=ends_before)


def ends_soon(now: datetime) -> Q:
    """The rows, of those that wait for the borrower, whose link ends within three days."""
    return link_ended(now + ENDS_SOON)


def asked_since() -> Greatest:
    """When the lender last asked: by the link, for a correction, an answer or a document."""
    return _newest(F("issued_at"))


def waiting_since() -> Greatest:
    """Since when the borrower is waited for: when it was last asked, or last opened its link."""
    return _newest(Coalesce("last_opened_at", "issued_at"))


def _newest(of_link: F | Coalesce) -> Greatest:
    """The newest of the link's moment and of what was asked; more is asked of what was submitted alone."""
    link = Subquery(_links().annotate(moment=of_link).values("moment")[:1])
    questions = _questions().order_by("-asked_at").values("asked_at")[:1]
    documents = _askings_for_documents().order_by("-at").values("at")[:1]
    asked = Greatest(_else_long_ago(Subquery(questions)), _else_long_ago(Subquery(documents)))
    return Greatest(
        Coalesce(link, "created_at"),
        _else_long_ago("returned_at"),
        Case(When(status=C.SUBMITTED, then=asked), default=Value(LONG_AGO), output_field=DateTimeField()),
    )


def _else_long_ago(moment: Subquery | str) -> Coalesce:
    """Of moments of which one is null, some databases know no greatest."""
    return Coalesce(moment, Value(LONG_AGO), output_field=DateTimeField())


def _links() -> QuerySet[Link]:
    return Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")


def _questions() -> QuerySet[Question]:
    return Question.objects.filter(collection=OuterRef("pk"), answered_at=None)


def _missing_documents() -> QuerySet[DocumentRequest]:
    """What is required and not there, whether it was asked for with the request or later."""
    return DocumentRequest.objects.filter(collection=OuterRef("pk"), is_required=True, documents=None)


def _askings_for_documents() -> QuerySet[Event]:
    """That documents were asked for since it was shared: what was missing then, nobody waits for."""
    return Event.objects.filter(
        collection=OuterRef("pk"), at__gt=OuterRef("shared_at"), action="review.documents_asked"
    )


def _rule(now: datetime) -> Case:
    """What comes first counts, so that the database looks for runs and links of those rows that need it."""
    unlisted = Q(status=C.STARTED, accounting_system="") & ~Q(unlisted_system="")
    borrowers = [each.value for each in (S.UNOPENED, S.ANSWERING, S.HELD, S.PREVIEWING)]
    waits_for_documents = Q(Exists(_missing_documents())) & Q(Exists(_askings_for_documents()))
    asked = Q(Exists(_questions())) | waits_for_documents
    # A borrower whose link has ended can do nothing: the lender must make a new one.
    ended = When(link_ended(now), then=_is(S.NO_LINK))
    return _case(
        When(status=C.WITHDRAWN, then=_is(S.WITHDRAWN)),
        When(status=C.SUBMITTED, review=Review.ACCEPTED, then=_is(S.ACCEPTED)),
        When(status=C.SUBMITTED, review=Review.DECLINED, then=_is(S.DECLINED)),
        When(status=C.SUBMITTED, review=Review.ERASED, then=_is(S.ERASED)),
        # An unanswered question comes before what somebody proposes: the answer may change it.
        When(Q(status=C.SUBMITTED) & asked, then=_case(ended, otherwise=_is(S.ASKED))),
        When(Q(status=C.SUBMITTED) & ~Q(review=Review.OPEN), then=_is(S.PROPOSED)),
        When(unlisted, then=_is(S.UNLISTED)),
        When(Q(status__in=UNFINISHED, link_until__lte=now, by_run__in=borrowers), then=_is(S.NO_LINK)),
        otherwise=F("by_run"),
    )


def _by_run() -> Coalesce:
    """How it stands by its newest run, which for what was submitted is a rebuilding of the reports."""
    runs = Run.objects.filter(collection=OuterRef("pk")).exclude(status=R.CANCELLED).order_by("-pk")
    told = runs.alias(
        stage=ExpressionWrapper(OuterRef("status"), output_field=CharField()),
        is_previewed=ExpressionWrapper(OuterRef("previews"), output_field=BooleanField()),
    ).annotate(
        told=_case(
            When(status__in=Run.LIVE, then=_is(S.WORKING)),
            When(status=R.NEEDS_OPERATOR, then=_is(S.STOPPED)),
            When(Q(status=R.NEEDS_BORROWER) & ~Q(stage=C.SUBMITTED), then=_is(S.HELD)),
            When(stage=C.COLLECTING, is_previewed=True, then=_is(S.PREVIEWING)),
            otherwise=Value(None),
        )
    )
    by_stage = _case(
        When(status=C.SUBMITTED, then=_is(S.TO_REVIEW)),
        When(status=C.INVITED, then=_is(S.UNOPENED)),
        When(status=C.STARTED, then=_is(S.ANSWERING)),
        # Between the last part and the hand-over.
        otherwise=_is(S.HANDING_OVER),
    )
    return Coalesce(Subquery(told.values("told")[:1]), by_stage)


def _case(*rules: When, otherwise: Value | F) -> Case:
    return Case(*rules, default=otherwise, output_field=CharField())


def _is(situation: Situation) -> Value:
    return Value(situation.value)
