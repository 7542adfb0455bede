"""Whose turn it is: the one rule, as a column of the database.

The desk's list filters and counts by it, the words of a row and of a page follow from it, and reminders go to
those whose turn it says it is.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
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
from django.db.models.functions import Coalesce
from django.utils import timezone

from collections_app.models import Collection, Link, Question, Run

C, R, Review = Collection.Status, Run.Status, Collection.Review
UNFINISHED = (C.INVITED, C.STARTED, C.COLLECTING)
UNDECIDED = (Review.OPEN, Review.ACCEPT_PROPOSED, Review.DECLINE_PROPOSED)
DECIDED = (Review.ACCEPTED, Review.DECLINED)
# What is not over, decided or withdrawn: the database finds it by an index.
OPEN = Q(status__in=UNFINISHED) | Q(status=C.SUBMITTED, review__in=UNDECIDED)


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
}


def with_situations(collections: QuerySet[Any]) -> QuerySet[Any]:
    """The collections with their `situation`, and with `link_until` to filter by: the newest link's end."""
    if "situation" in collections.query.annotations:
        return collections
    links = Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")
    questions = Question.objects.filter(collection=OuterRef("pk"), answered_at=None)
    collections = collections.alias(
        link_until=Subquery(links.values("expires_at")[:1]),
        was_asked=Exists(questions),
        by_run=_by_run(),
    )
    told: QuerySet[Any] = collections.annotate(situation=_rule(timezone.now()))
    return told


def situation_of(collection: Collection) -> Situation:
    """How it stands now."""
    found = with_situations(Collection.objects.filter(pk=collection.pk))
    return Situation(found.values_list("situation", flat=True).get())


def whose_turn(*turns: Turn) -> Q:
    """The rows, of those from `with_situations`, that are not over and wait for one of these."""
    return OPEN & Q(situation__in=[situation.value for situation, turn in TURNS.items() if turn in turns])


def _rule(now: datetime) -> Case:
    """What comes first counts, so that the database looks for runs and links of those rows that need it."""
    unlisted = Q(status=C.STARTED, accounting_system="") & ~Q(unlisted_system="")
    borrowers = [each.value for each in (S.UNOPENED, S.ANSWERING, S.HELD, S.PREVIEWING)]
    return _case(
        When(status=C.WITHDRAWN, then=_is(S.WITHDRAWN)),
        When(status=C.SUBMITTED, then=_submitted()),
        When(unlisted, then=_is(S.UNLISTED)),
        When(link_until__gt=now, then=F("by_run")),
        # A borrower whose link has ended can do nothing: the lender must make a new one.
        When(by_run__in=borrowers, then=_is(S.NO_LINK)),
        otherwise=F("by_run"),
    )


def _submitted() -> Case:
    """An unanswered question comes before what somebody proposes: the answer may change it."""
    return _case(
        When(review=Review.ACCEPTED, then=_is(S.ACCEPTED)),
        When(review=Review.DECLINED, then=_is(S.DECLINED)),
        When(was_asked=True, then=_is(S.ASKED)),
        When(~Q(review=Review.OPEN), then=_is(S.PROPOSED)),
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
            When(stage=C.SUBMITTED, then=_is(S.TO_REVIEW)),
            When(status=R.NEEDS_BORROWER, then=_is(S.HELD)),
            When(stage=C.INVITED, then=_is(S.UNOPENED)),
            When(stage=C.STARTED, then=_is(S.ANSWERING)),
            When(is_previewed=True, then=_is(S.PREVIEWING)),
            # Between the last part and the hand-over.
            otherwise=_is(S.HANDING_OVER),
        )
    )
    without_any = _case(
        When(status=C.SUBMITTED, then=_is(S.TO_REVIEW)),
        When(status=C.INVITED, then=_is(S.UNOPENED)),
        When(status=C.STARTED, then=_is(S.ANSWERING)),
        otherwise=_is(S.HANDING_OVER),
    )
    return Coalesce(Subquery(told.values("told")[:1]), without_any)


def _case(*rules: When, otherwise: Value | F) -> Case:
    return Case(*rules, default=otherwise, output_field=CharField())


def _is(situation: Situation) -> Value:
    return Value(situation.value)
