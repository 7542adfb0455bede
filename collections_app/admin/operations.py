"""The operator's pages: how the installation is, and the record of who did what.

No borrower's figure is on them, and nothing of what an event says beside who, what and when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from collections_app.admin.access import OperatorsOnly, desk_of
from collections_app.measuring import Measure, measures
from collections_app.models import AuditChain, Collection, Event, Run
from collections_app.services.erasing import retention_due
from collections_app.stalled import stalled_runs

PATIENCE = timedelta(minutes=10)
MOST_SHOWN = 50
WORDS = {
    "queue_age_seconds": "Longest wait for a worker, seconds",
    "worker_silence_seconds": "Last sign of life of a worker, seconds ago",
    "mails_waiting": "Mails that wait longer than ten minutes",
    "passwords_held": "Borrowers' passwords kept",
    "events_unlinked": "Events not linked yet",
    "audit_links": "Links of the record",
}


@admin.register(Event)
class EventAdmin(OperatorsOnly[Event]):
    """The record, for operators: found by collection, person, action and day. Nobody changes it."""

    list_display = ("moment", "who", "action", "subject", "position")
    list_display_links = None
    list_filter = ("actor_kind",)
    search_fields = ("=actor", "=about", "=collection__reference", "action")
    date_hierarchy = "at"
    list_select_related = ("collection",)
    list_per_page = 100
    show_full_result_count = False
    ordering = ("-pk",)

    @admin.display(description="When (UTC)", ordering="at")
    def moment(self, event: Event) -> str:
        return f"{event.at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="Who", ordering="actor")
    def who(self, event: Event) -> str:
        return event.actor or event.get_actor_kind_display()

    @admin.display(description="About")
    def subject(self, event: Event) -> str:
        return event.collection.reference if event.collection else event.about

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Events", **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.standing)
        return [path("standing/", view, name="operations"), *super().get_urls()]

    def standing(self, request: HttpRequest) -> HttpResponse:
        """How the installation is at this moment."""
        if not desk_of(request).is_operator:
            raise PermissionDenied
        found = list(measures())
        context = {
            **self.admin_site.each_context(request),
            "title": "Standing of the installation",
            "at": timezone.now(),
            "facts": [(WORDS[each.name], _number(each.value)) for each in found if each.name in WORDS],
            "runs": _table(found, "runs", "kind", dict(Run.Kind.choices)),
            "statuses": [Run.Status(status).label for status in _statuses(found)],
            "collections": _labelled(found, "collections", dict(Collection.Status.choices)),
            "units": _labelled(found, "units", {}),
            "gateway": _labelled(found, "gateway_calls", {}),
            "pages": _labelled(found, "pages", {}),
            "stalled": list(stalled_runs(patience=PATIENCE))[:MOST_SHOWN],
            "retention": len(retention_due()),
            "chain": AuditChain.objects.filter(pk=AuditChain.ONLY).first(),
        }
        return TemplateResponse(request, "admin/collections_app/event/standing.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False


def _number(value: float) -> str:
    return "never" if value == float("inf") else f"{value:,.0f}"


def _labelled(found: Iterable[Measure], name: str, words: dict[str, str]) -> list[tuple[str, str]]:
    """Each label in words, and its number."""
    rows = [(next(iter(each.labels.values())), each.value) for each in found if each.name == name]
    return [(words.get(label, label.replace("_", " ")), _number(value)) for label, value in rows]


def _statuses(found: Iterable[Measure]) -> list[str]:
    there = {each.labels["status"] for each in found if each.name == "runs"}
    return [status for status in Run.Status.values if status in there]


def _table(found: list[Measure], name: str, row: str, words: dict[str, str]) -> list[tuple[str, list[str]]]:
    """A row for each kind, a column for each status that there is."""
    numbers: dict[str, dict[str, float]] = defaultdict(dict)
    for each in found:
        if each.name == name:
            numbers[each.labels[row]][each.labels["status"]] = each.value
    columns = _statuses(found)
    return [(words[kind], [_number(of.get(status, 0)) for status in columns]) for kind, of in numbers.items()]
