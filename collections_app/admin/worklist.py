"""What an analyst has to look at: the views of the list of collections, each as a condition of the database.

The words of a row come from `standing`; the views here sort the rows by whose turn it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from collections_app.models import Collection, Link, Question, Run

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator

S, R, Review = Collection.Status, Run.Status, Collection.Review
UNDECIDED = (Review.OPEN, Review.ACCEPT_PROPOSED, Review.DECLINE_PROPOSED)
UNFINISHED = (S.INVITED, S.STARTED, S.COLLECTING)
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
COUNTED = ("mine", "review", "failing", "borrower", "expiring", "working")


def with_turns(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """The collections with what the views ask for; a query that does not ask pays nothing."""
    runs = Run.objects.filter(collection=OuterRef("pk")).exclude(status=R.CANCELLED).order_by("-pk")
    links = Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")
    return collections.alias(
        newest_run=Subquery(runs.values("status")[:1]),
        link_until=Subquery(links.values("expires_at")[:1]),
        was_asked=Exists(Question.objects.filter(collection=OuterRef("pk"), answered_at=None)),
    )


def waiting_since() -> Coalesce:
    """Since when the borrower is waited for: when it last opened its link, or when the link was made."""
    links = Link.objects.filter(collection=OuterRef("pk"), revoked_at=None).order_by("-pk")
    return Coalesce(
        Subquery(links.values("last_opened_at")[:1]), Subquery(links.values("issued_at")[:1]), "created_at"
    )


def condition(key: str, now: datetime) -> Q:
    """The rows of a view, of collections from `with_turns`."""
    undecided = Q(status=S.SUBMITTED, review__in=UNDECIDED)
    unfinished = Q(status__in=UNFINISHED)
    # The status comes first throughout: what follows is asked of the few rows that have it.
    borrowers = unfinished & _borrowers_turn()
    unlisted = Q(status=S.STARTED) & ~Q(unlisted_system="") & Q(accounting_system="")
    conditions = {
        "mine": (undecided & Q(was_asked=False)) | (borrowers & ~Q(link_until__gt=now)) | unlisted,
        "review": undecided,
        "failing": undecided & Q(failed_checks__gt=0),
        "borrower": (borrowers & Q(link_until__gt=now) & ~unlisted) | (undecided & Q(was_asked=True)),
        "expiring": borrowers & Q(link_until__gt=now, link_until__lte=now + EXPIRES_SOON),
        "working": unfinished & ~_borrowers_turn(),
        "decided": Q(status=S.WITHDRAWN)
        | Q(status=S.SUBMITTED, review__in=[Review.ACCEPTED, Review.DECLINED]),
    }
    return conditions.get(key, Q())


def _borrowers_turn() -> Q:
    """Whether an unfinished collection waits for the borrower: no worker and no operator is at it."""
    busy = Q(newest_run__in=[*Run.LIVE, R.NEEDS_OPERATOR])
    # Between the last part and the hand-over a collection is the worker's; one that is previewed stays.
    handing_over = Q(status=S.COLLECTING, previews=False) & ~Q(newest_run=R.NEEDS_BORROWER)
    return (Q(newest_run=None) | ~busy) & ~handing_over


def counts(collections: QuerySet[Collection]) -> dict[str, int]:
    """How many rows each view of COUNTED has: one query, over what is not decided yet."""
    now = timezone.now()
    open_rows = collections.filter(Q(status__in=UNFINISHED) | Q(status=S.SUBMITTED, review__in=UNDECIDED))
    found = with_turns(open_rows.order_by()).aggregate(
        **{f"in_{key}": Count("pk", filter=condition(key, now)) for key in COUNTED}
    )
    return {key: found[f"in_{key}"] for key in COUNTED}


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
        return with_turns(queryset).filter(condition(str(chosen), timezone.now()))


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
