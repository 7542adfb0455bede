"""What an analyst has to look at: the views of the list of collections, each as a condition of the database.

Whose turn it is, is told by `turns`, and in words by `standing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from collections_app.models import Collection, Link
from collections_app.turns import (
    DECIDED,
    OPEN,
    UNDECIDED,
    UNFINISHED,
    Situation,
    Turn,
    whose_turn,
    with_situations,
)

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator

EXPIRES_SOON = timedelta(days=3)
# Further than this nobody turns pages; a search or a view is quicker, for the person and for the database.
MOST_ROWS = 2_000


@dataclass(frozen=True)
class View:
    """A view of the list. `order` is how it is sorted unless a column is chosen."""

    key: str
    label: str
    order: tuple[str, ...] = ("-created_at", "-pk")


VIEWS = (
    View("mine", "Needs us", ("-status", "created_at", "pk")),
    View("review", "To review", ("submitted_at", "pk")),
    View("failing", "Failing checks", ("-failed_checks", "pk")),
    View("borrower", "Waiting for the borrower", ("waiting_since", "pk")),
    View("expiring", "Expiring", ("link_expires_at", "pk")),
    View("working", "In work"),
    View("decided", "Decided"),
    View("all", "All"),
)
# The views that show whose turn it is.
VIEWED = {"mine": (Turn.LENDER,), "borrower": (Turn.BORROWER,), "working": (Turn.WORKER, Turn.OPERATOR)}
COUNTED = ("mine", "review", "failing", "borrower", "expiring", "working")


def waiting_since() -> Coalesce:
    """Since when the borrower is waited for: when it last opened its link, or when the link was made."""
    links = Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")
    return Coalesce(
        Subquery(links.values("last_opened_at")[:1]), Subquery(links.values("issued_at")[:1]), "created_at"
    )


def condition(key: str, now: datetime) -> Q:
    """The rows of a view, of collections from `turns.with_situations`."""
    review = Q(status=Collection.Status.SUBMITTED, review__in=UNDECIDED)
    conditions = {
        "mine": whose_turn(*VIEWED["mine"]),
        "review": review,
        "failing": review & Q(failed_checks__gt=0),
        "borrower": whose_turn(*VIEWED["borrower"]),
        "expiring": whose_turn(*VIEWED["borrower"]) & _ends_soon(now),
        "working": whose_turn(*VIEWED["working"]),
        "decided": Q(status=Collection.Status.WITHDRAWN)
        | Q(status=Collection.Status.SUBMITTED, review__in=DECIDED),
    }
    return conditions.get(key, Q())


def _ends_soon(now: datetime) -> Q:
    """Of those that wait for the borrower; one that was submitted can be opened beyond its link's end."""
    return Q(status__in=UNFINISHED, link_until__lte=now + EXPIRES_SOON)


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
        expiring=Count("pk", filter=_ends_soon(now)),
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
        return [(view.key, view.label) for view in VIEWS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen in (None, "all"):
            return queryset
        return with_situations(queryset).filter(condition(str(chosen), timezone.now()))


class CappedPaginator(AnyPaginator):
    """Counts no further than MOST_ROWS, and works out what stands in a row for the rows of the page alone."""

    @cached_property
    def count(self) -> int:
        return int(self._rows.order_by().values("pk")[:MOST_ROWS].count())

    def page(self, number: int | str) -> Page[Any]:
        """Without this a database that sorts works out the columns of every row first."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self._rows.values_list("pk", flat=True)[first : min(first + self.per_page, self.count)])
        rows = {row.pk: row for row in self._rows.order_by().filter(pk__in=keys)}
        return Page([rows[key] for key in keys if key in rows], number, self)

    @property
    def _rows(self) -> QuerySet[Any]:
        return cast("QuerySet[Any]", self.object_list)
