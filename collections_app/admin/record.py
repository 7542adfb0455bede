"""What was done and seen of a lender's, for its managers and auditors: read, filtered, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from collections_app import data_keys, events, selectors
from collections_app.admin.access import LenderScoped, desk_of
from collections_app.admin.moments import moment
from collections_app.admin.timeline import actor_of, in_words
from collections_app.models import Event, Lender
from collections_app.services import api_keys
from collections_app.vault import VaultError

ROWS_PER_PAGE = 100
# Further than this nobody turns pages: days and persons find it quicker.
MOST_PAGES = 100
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Where nobody of the lender's did it; no name of a person begins with a colon.
OTHERS = {":borrower": "Borrowers", ":operator": "Operators", ":worker": "The service itself"}
PAGES = {"changelist": "the list of {}", "add": "the form that adds one to the {}", "record": "the record"}


@dataclass(frozen=True)
class Line:
    """An event in words. `address` leads to the request that it is about."""

    at: str
    who: str
    about: str
    address: str
    what: str


class SearchForm(forms.Form):
    """Who, about what, and when; what is left empty does not count."""

    person = forms.ChoiceField(required=False)
    about = forms.CharField(required=False, max_length=200)
    first = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, lender: Lender, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.zone = ZoneInfo(lender.time_zone)
        people = lender.staff.values_list("user__username", flat=True)
        systems = [api_keys.who(key).name for key in lender.api_keys.all()]
        named = [(name, name) for name in [*people, *systems]]
        self.fields["person"].choices = [("", "Everybody"), *named, *OTHERS.items()]  # type: ignore[attr-defined]

    def clean_first(self) -> date | None:
        return _sensible(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        return _sensible(self.cleaned_data["last"])

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        first, last = answers.get("first"), answers.get("last")
        if first and last and first > last:
            raise forms.ValidationError("The first day is after the last: exchange the two dates.")
        return answers

    def found(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Those of the events that are asked for; none as long as the form is wrong."""
        if not self.is_valid():
            return events.none()
        person, about, first, last = (
            self.cleaned_data[name] for name in ("person", "about", "first", "last")
        )
        if person in OTHERS:
            events = events.filter(actor_kind=person.removeprefix(":"))
        elif person:
            events = events.filter(actor=person)
        if about:
            thing = about.strip()
            events = events.filter(
                Q(collection__reference=thing.upper()) | Q(about=thing) | Q(about=f"user:{thing.lower()}")
            )
        if first:
            events = events.filter(at__gte=self._moment(first, time.min))
        if last:
            events = events.filter(at__lte=self._moment(last, time.max))
        return events

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone)


def _sensible(day: date | None) -> date | None:
    """Of the very first and last days, some zones have no moment that can be compared."""
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(f"Choose a day from {FIRST_YEAR} to {LAST_YEAR}.")
    return day


class ShowsRecord(LenderScoped[Lender]):
    """The lender's record, as a page of the lender's row: who cannot reach the row has none."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.record_view)
        record = path("<path:object_id>/record/", view, name="collections_app_lender_record")
        return [record, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Also what commands changed: Django's history must name a user, and they have none."""
        lender = self.get_object(request, object_id)
        shown = {"by_command": _by_command(lender) if lender else []}
        return super().history_view(request, object_id, shown | (extra_context or {}))

    def record_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The newest events first."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        lender = self.get_object(request, object_id)
        if lender is None:
            raise Http404("There is no such lender.")
        if not desk_of(request).may_read_record:
            raise PermissionDenied
        form = SearchForm(lender, request.GET)
        number = _page_number(request.GET.get("page", ""))
        begin = (number - 1) * ROWS_PER_PAGE
        # One more says whether there is another page; counting all would take as long as they are many.
        found = form.found(selectors.events_of(lender)).order_by("-pk")
        rows = list(found[begin : begin + ROWS_PER_PAGE + 1])
        asked = {name: str(request.GET[name]) for name in form.fields if request.GET.get(name)}
        context = {
            **self.admin_site.each_context(request),
            "title": "Record",
            "opts": self.opts,
            "form": form,
            "zone": lender.time_zone,
            "slug": lender.slug,
            "lines": lines(lender, rows[:ROWS_PER_PAGE]),
            "number": number,
            "earlier": _address(number + 1, asked) if len(rows) > ROWS_PER_PAGE else "",
            "later": _address(number - 1, asked) if number > 1 else "",
            "is_last_page": number == MOST_PAGES,
        }
        return TemplateResponse(request, "admin/collections_app/lender/record.html", context)


def address_of(lender: Lender, person: User) -> str:
    """The record of what this person did."""
    query = urlencode({"person": person.get_username()})
    return f"{reverse('admin:collections_app_lender_record', args=[lender.pk])}?{query}"


def _by_command(lender: Lender) -> list[Line]:
    of_lender = Event.objects.filter(about=events.about_of(lender), at__gte=lender.created_at)
    by_command = of_lender.filter(collection=None, action__startswith="lender.").order_by("-pk")
    return lines(lender, by_command.select_related("collection")[:ROWS_PER_PAGE])


def lines(lender: Lender, events: Iterable[Event]) -> list[Line]:
    """The events in words, in the order given, in the lender's zone."""
    shown = list(events)
    erased = data_keys.destroyed_among(event.collection_id for event in shown if event.collection_id)
    return [_line(lender, event, is_erased=event.collection_id in erased) for event in shown]


def _line(lender: Lender, event: Event, *, is_erased: bool) -> Line:
    try:
        data = {} if is_erased else event.data_still_kept()
    except (data_keys.KeyUnavailable, VaultError):
        data = {}
    if event.about.startswith("page:"):
        data = data | {"name": page_in_words(event.about.removeprefix("page:"))}
    address = ""
    if event.collection_id:
        address = reverse("admin:collections_app_collection_change", args=[event.collection_id])
    return Line(
        at=moment(event.at, lender),
        who=actor_of(event),
        about=_about(lender, event),
        address=address,
        what=in_words(event.action, data),
    )


def _about(lender: Lender, event: Event) -> str:
    if event.collection:
        return event.collection.reference
    kind, _, name = event.about.partition(":")
    return {"user": name, "lender": lender.name}.get(kind, "")


def page_in_words(name: str) -> str:
    """A page of many rows by the name of its address: "the list of API keys"."""
    model, _, kind = name.rpartition("_")
    if kind not in PAGES or model not in apps.all_models["collections_app"]:
        return f"the page “{name.replace('_', ' ')}”"
    return PAGES[kind].format(apps.get_model("collections_app", model)._meta.verbose_name_plural)


def _page_number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    return min(max(number, 1), MOST_PAGES)


def _address(number: int, asked: dict[str, str]) -> str:
    return "?" + urlencode(asked | {"page": str(number)})
