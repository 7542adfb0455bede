"""The list of collections: what is asked of whom, where each stands, and what needs somebody now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.db.models import Value
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import unescape_string_literal

from collections_app.admin import worklist
from collections_app.admin.access import LenderScoped, desk_of, first_words
from collections_app.admin.desk_start import start_of
from collections_app.admin.moments import moment
from collections_app.admin.standing import standing_of, with_standing
from collections_app.models import Collection
from collections_app.reports.periods import day_caption
from collections_app.services import reminding
from collections_app.turns import waiting_since

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collections_app.admin.standing import StandingCollection

FILTERED = (worklist.ViewFilter.parameter_name, "status", "created_at", "lender")
REFERENCE = re.compile(r"[0-9A-Za-z]{4}-[0-9A-Za-z]{4}")


class RequestedFilter(admin.DateFieldListFilter):
    """By the day of the request, under the name of its column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "requested"


class CollectionList(LenderScoped[Collection]):
    """The list alone. Its queries are the same in number however many rows there are."""

    list_display = (
        "reference",
        "borrower",
        "dates",
        "state",
        "stands",
        "waiting",
        "failed",
        "requested",
        "submitted",
    )
    list_filter = (
        worklist.ViewFilter,
        "status",
        ("created_at", RequestedFilter),
        # All there are: which of them have collections would be asked of every collection.
        "lender",
    )
    search_fields = ("searched",)
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("remind",)
    actions_on_bottom = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandingCollection]:
        rows = with_standing(desk_of(request).collections)
        return rows.annotate(waiting_since=waiting_since(), submitted_since=worklist.submitted_since())

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """By what the page offers, and by nothing else: rows can be told by columns that are not shown."""
        # Django's own keeps them from leading on, from the lender to its people and what they keep.
        leads_no_further = super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]
        return leads_no_further and lookup.partition("__")[0] in FILTERED

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return worklist.OnePassChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The order of the view, as long as no column is chosen.

        Across all lenders nobody works a view off, so that operators get the newest first: an order by
        waiting would read each row of the instance.
        """
        chosen = None if desk_of(request).is_operator else request.GET.get("view")
        views = {view.key: view.order for view in worklist.VIEWS}
        return views.get(chosen or "all", views["all"])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A whole reference is looked up; of anything else each word is searched for, large or small.

        What is in quotation marks is one word, and words beyond the twentieth are left out.
        """
        term = search_term.strip()
        if REFERENCE.fullmatch(term):
            exact = queryset.filter(reference=term.upper())
            if exact.exists():
                return exact, False
        for word in first_words(term):
            is_quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "\"'"
            sought = unescape_string_literal(word) if is_quoted else word
            queryset = queryset.filter(searched__contains=Lower(Value(sought)))
        return queryset, False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(self.list_display)
        if desk_of(request).is_operator:
            columns.insert(1, "lender")
            # What the checks found is part of what the borrower shared.
            columns.remove("failed")
        return columns

    def has_remind_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_review

    @admin.action(description="Remind the borrowers by mail", permissions=["remind"])
    def remind(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Reminds those whose turn it is; the others are left alone, and how many they are is said."""
        by = desk_of(request).who
        outcomes = [reminding.reminder_send(collection=each, by=by) for each in queryset.order_by("pk")]
        sent = outcomes.count("")
        if sent:
            messages.success(request, f"{sent} borrower{'' if sent == 1 else 's'} reminded.")
        for reason in sorted(set(outcomes) - {""}):
            count = outcomes.count(reason)
            messages.warning(request, f"{count} not reminded: {reason}")

    def action_checkbox(self, collection: Collection) -> SafeString:
        """As Django makes it, without a form's widget for each row: an eighth of the page's time."""
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="Choose {}">'
        return format_html(box, ACTION_CHECKBOX_NAME, collection.pk, collection)

    @admin.display(ordering="borrower_name")
    def borrower(self, collection: Collection) -> SafeString | str:
        """With the lender's own reference, where it gave one."""
        if not collection.lender_reference:
            return collection.borrower_name
        own = format_html('<span class="quiet">{}</span>', collection.lender_reference)
        return format_html("{}<br>{}", collection.borrower_name, own)

    @admin.display(description="period", ordering="date_from")
    def dates(self, collection: Collection) -> SafeString:
        days = day_caption(collection.date_from), day_caption(collection.date_to)
        return format_html("<span>{} to</span> <span>{}</span>", *days)

    @admin.display(description="status", ordering="status")
    def state(self, collection: Collection) -> SafeString:
        key, name = collection.status, collection.get_status_display()
        if collection.status == Collection.Status.SUBMITTED and collection.review:
            key, name = collection.review.rstrip("?"), collection.get_review_display()
        return format_html('<span class="status status-{}">{}</span>', key, name)

    @admin.display(description="where it stands")
    def stands(self, collection: StandingCollection) -> str:
        return standing_of(collection).sentence

    @admin.display(description="waiting", ordering="waiting_since", empty_value="")
    def waiting(self, collection: StandingCollection) -> str:
        """How long the borrower has been waited for."""
        if standing_of(collection).waits_for != "borrower":
            return ""
        days = (timezone.now() - cast(Any, collection).waiting_since).days
        return {0: "Since today", 1: "1 day"}.get(days, f"{days} days")

    @admin.display(description="checks", ordering="failed_checks", empty_value="")
    def failed(self, collection: Collection) -> SafeString | str:
        if collection.failed_checks is None or collection.status != Collection.Status.SUBMITTED:
            return ""
        if not collection.failed_checks:
            return "None failed"
        return format_html('<span class="failed">{} failed</span>', collection.failed_checks)

    @admin.display(ordering="created_at")
    def requested(self, collection: Collection) -> str:
        return moment(collection.created_at, collection.lender)

    @admin.display(ordering="submitted_since", empty_value="")
    def submitted(self, collection: Collection) -> str:
        """When the borrower shared it."""
        if collection.status not in worklist.SHARED_STATUSES or collection.shared_at is None:
            return ""
        return moment(collection.shared_at, collection.lender)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; its days are days of the lender's zone, down to the links that choose one.

        Without a word in the address it opens as the person has kept it, and else with what needs the lender.
        """
        desk = desk_of(request)
        if not request.GET:
            kept = start_of(request.user)
            request.GET = QueryDict(kept or ("" if desk.is_operator else "view=mine"))
        context = {
            "title": "Collections",
            "tabs": _tabs(request),
            "here": request.GET.urlencode(),
            "most_rows": worklist.MOST_ROWS,
            # Asked by the page alone when its list is empty.
            "has_any": desk.collections.exists,
            "nothing_needs_us": request.GET.get("view") == "mine",
            **(extra_context or {}),
        }
        member = desk.member
        with timezone.override(ZoneInfo(member.lender.time_zone) if member else None):
            response = super().changelist_view(request, context)
            return response.render() if isinstance(response, TemplateResponse) else response


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The views, for a lender's own people with counts; across all lenders nobody works them off.

    Each keeps the search and the filters of the address, never the page.
    """
    desk = desk_of(request)
    counted = {} if desk.is_operator else worklist.counts(desk.collections)
    chosen = request.GET.get("view", "all")
    tabs = []
    for view in worklist.views_of(desk):
        query = request.GET.copy()
        for name in ("p", "o", "e"):
            query.pop(name, None)
        query["view"] = view.key
        tabs.append(
            {
                "label": view.label,
                "count": counted.get(view.key),
                "query": query.urlencode(),
                "is_chosen": view.key == chosen,
            }
        )
    return tabs
