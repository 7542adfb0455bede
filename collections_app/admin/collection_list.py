"""The list of collections: what is asked of whom, and where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from collections_app import selectors
from collections_app.admin.access import LenderScoped, desk_of
from collections_app.admin.moments import moment
from collections_app.admin.standing import standing_of, with_standing
from collections_app.models import Collection
from collections_app.reports.periods import day_caption

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collections_app.admin.standing import StandingCollection


class CollectionList(LenderScoped[Collection]):
    """The list alone. Its queries are the same in number however many rows there are."""

    list_display = (
        "reference",
        "borrower",
        "own_reference",
        "dates",
        "state",
        "stands",
        "requested",
        "submitted",
    )
    list_filter = ("status", ("lender", RelatedOnlyFieldListFilter))
    search_fields = ("reference", "borrower_name", "lender_reference", "borrower_email")
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandingCollection]:
        return with_standing(selectors.collections_for(request.user))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(self.list_display)
        if desk_of(request).is_operator:
            columns.insert(1, "lender")
        return columns

    @admin.display(ordering="borrower_name")
    def borrower(self, collection: Collection) -> str:
        return collection.borrower_name

    @admin.display(description="own reference", ordering="lender_reference", empty_value="")
    def own_reference(self, collection: Collection) -> str:
        return collection.lender_reference

    @admin.display(description="period", ordering="date_from")
    def dates(self, collection: Collection) -> SafeString:
        days = day_caption(collection.date_from), day_caption(collection.date_to)
        return format_html("<span>{} to</span> <span>{}</span>", *days)

    @admin.display(description="status", ordering="status")
    def state(self, collection: Collection) -> SafeString:
        name = collection.get_status_display()
        return format_html('<span class="status status-{}">{}</span>', collection.status, name)

    @admin.display(description="where it stands")
    def stands(self, collection: StandingCollection) -> str:
        return standing_of(collection).sentence

    @admin.display(ordering="created_at")
    def requested(self, collection: Collection) -> str:
        return moment(collection.created_at, collection.lender)

    @admin.display(ordering="submitted_at", empty_value="")
    def submitted(self, collection: Collection) -> str:
        return moment(collection.submitted_at, collection.lender) if collection.submitted_at else ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; its days are days of the lender's zone, down to the links that choose one."""
        member = desk_of(request).member
        with timezone.override(ZoneInfo(member.lender.time_zone) if member else None):
            response = super().changelist_view(request, {"title": "Collections", **(extra_context or {})})
            return response.render() if isinstance(response, TemplateResponse) else response
