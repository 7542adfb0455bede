"""What an analyst has to look at: the views of the list of collections, each as a condition of the database.

Whose turn it is, is told by `turns`, and in words by `standing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Case, Count, DateTimeField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone

from collections_app.admin.access import Desk, desk_of
from collections_app.models import Collection
from collections_app.turns import (
    DECIDED,
    LONG_AGO,
    OPEN,
    UNDECIDED,
    Situation,
    Turn,
    ends_soon,
    whose_turn,
    with_situations,
)

# Further than this nobody turns pages; a search or a view is quicker, for the person and for the database.
MOST_ROWS = 1_000


@dataclass(frozen=True)
class View:
    """A view of the list. `order` is how it is sorted unless a column is chosen."""

    key: str
    label: str
    order: tuple[str, ...] = ("-created_at", "-pk")


VIEWS = (
    View("mine", "Needs us", ("-status", "created_at", "pk")),
    View("review", "To review", ("submitted_since", "pk")),
    View("failing", "Failing checks", ("-failed_checks", "pk")),
    View("borrower", "Waiting for the borrower", ("waiting_since", "pk")),
    View("expiring", "Expiring", ("link_expires_at", "pk")),
    View("working", "In work"),
    View("decided", "Decided"),
    View("all", "All"),
)
# The views that show whose turn it is.
VIEWED = {"mine": (Turn.LENDER,), "borrower": (Turn.BORROWER,), "working": (Turn.WORKER, Turn.OPERATOR)}
# What the borrower shared, also if it withdrew since; not what was returned, until it is shared anew.
SHARED_STATUSES = (Collection.Status.SUBMITTED, Collection.Status.WITHDRAWN)
# What the checks found is part of what the borrower shared, so that operators have no such view.
OPERATORS_VIEWS = tuple(view for view in VIEWS if view.key != "failing")
COUNTED = ("mine", "review", "failing", "borrower", "expiring", "working")


def views_of(desk: Desk) -> tuple[View, ...]:
    """The views that this person has."""
    return OPERATORS_VIEWS if desk.is_operator else VIEWS


def submitted_since() -> Case:
    """Since when the lender has it, to sort by: long ago where it does not, as databases sort nothing
    differently.
    """
    when = When(status__in=SHARED_STATUSES, shared_at__isnull=False, then="shared_at")
    return Case(when, default=Value(LONG_AGO), output_field=DateTimeField())


def condition(key: str, now: datetime) -> Q:
    """The rows of a view, of collections from `turns.with_situations`."""
    review = Q(status=Collection.Status.SUBMITTED, review__in=UNDECIDED)
    conditions = {
        "mine": whose_turn(*VIEWED["mine"]),
        "review": review,
        "failing": review & Q(failed_checks__gt=0),
        "borrower": whose_turn(*VIEWED["borrower"]),
        "expiring": whose_turn(*VIEWED["borrower"]) & ends_soon(now),
        "working": whose_turn(*VIEWED["working"]),
        "decided": Q(status=Collection.Status.WITHDRAWN)
        | Q(status=Collection.Status.SUBMITTED, review__in=(*DECIDED, Collection.Review.ERASED)),
    }
    return conditions.get(key, Q())


def counts(collections: QuerySet[Collection]) -> dict[str, int]:
    """How many rows each view of COUNTED has: one query, over what is not decided yet.

    Grouped by situation, so that the database works each row's out once.
    """
    now = timezone.now()
    review = Q(status=Collection.Status.SUBMITTED)
    groups = with_situations(collections.filter(OPEN).order_by()).values("situation")
    counted = dict.fromkeys(COUNTED, 0)
    for group in groups.annotate(
        rows=Count("pk"),
        review=Count("pk", filter=review),
        failing=Count("pk", filter=review & Q(failed_checks__gt=0)),
        expiring=Count("pk", filter=ends_soon(now)),
    ):
        turn = Situation(group["situation"]).turn
        for view, turns in VIEWED.items():
            counted[view] += group["rows"] if turn in turns else 0
        counted["review"] += group["review"]
        counted["failing"] += group["failing"]
        counted["expiring"] += group["expiring"] if turn is Turn.BORROWER else 0
    return counted


class ViewFilter(admin.SimpleListFilter):
    """The views, as a filter; the page shows them as tabs with their counts."""

    title = "view"
    parameter_name = "view"
    template = "admin/collections_app/collection/shown_as_tabs.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(view.key, view.label) for view in views_of(desk_of(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen == "all" or chosen not in dict(self.lookup_choices):
            return queryset
        return with_situations(queryset).filter(condition(str(chosen), timezone.now()))


class OnePassChangeList(ChangeList):
    """Asks once which rows there are, in their order and no further than MOST_ROWS.

    What stands in a row is worked out for the rows of the page alone.
    """

    def get_results(self, request: HttpRequest) -> None:
        keys = list(self.queryset.values_list("pk", flat=True)[:MOST_ROWS])
        self.paginator = Paginator(keys, self.list_per_page)
        self.result_count, self.full_result_count = len(keys), None
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        if self.multi_page and not (self.show_all and self.can_show_all):
            try:
                keys = list(self.paginator.page(self.page_num))
            except InvalidPage:
                raise IncorrectLookupParameters from None
        rows = self.root_queryset.in_bulk(keys)
        self.result_list = [rows[key] for key in keys if key in rows]
