"""Asking the same borrower again for a new period: what is copied, and which answers it begins with."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from collections_app import data_keys, events, remembering
from collections_app.date_rules import moved_on, period_of
from collections_app.events import Who
from collections_app.models import Collection, SetUpTick
from collections_app.permissions import are_enough
from collections_app.services.document_requests import WantedDocument

PERMISSIONS = "permissions"
# As they are asked for again; the period, the link and the mail are new.
COPIED = (
    "lender",
    "borrower_name",
    "borrower_email",
    "lender_reference",
    "purpose",
    "contact_name",
    "contact_phone",
    "contact_email",
    "basis",
    "adjustment_books",
    "reports",
    "allows_other_documents",
    "template",
)


def why_not(collection: Collection) -> str:
    """Why the request cannot be refreshed, in one sentence; empty when it can."""
    if data_keys.destroyed(collection.pk):
        return "What was collected was erased, so nothing of it is remembered. Make a new request instead."
    if collection.status == Collection.Status.WITHDRAWN:
        return "This request was withdrawn, so nothing of it is remembered. Make a new request instead."
    if collection.status != Collection.Status.SUBMITTED:
        return "This request is not complete. It can be refreshed when the borrower has shared everything."
    return ""


def request_again(collection: Collection) -> dict[str, Any]:
    """What the request asked for, as `asking.CollectionRequest` takes it, with the period that follows.

    Without a period where none follows yet, or none by itself: see `next_period`.
    """
    again = {name: getattr(collection, name) for name in COPIED} | {"refreshes": collection}
    again["documents"] = [
        WantedDocument(each.name, each.explanation, each.is_required)
        for each in collection.document_requests.all()
    ]
    period = next_period(collection)
    if period:
        again["date_from"], again["date_to"] = period
    return again


def next_period(collection: Collection) -> tuple[date, date] | None:
    """By the rule that the request kept of its template; without one, or where the rule says nothing new yet,
    the same span moved on. None where no month has ended since."""
    today = timezone.localdate(timezone=ZoneInfo(collection.lender.time_zone))
    ruled = period_of(**collection.date_rule, today=today) if collection.date_rule else None
    if ruled and ruled[1] > collection.date_to:
        return ruled
    return moved_on(collection.date_from, collection.date_to, today=today)


def answers_take_over(*, collection: Collection, by: Who) -> None:
    """What the borrower answered last time before the sign-in, when the link is opened for the first time.

    All of it is shown and may be changed. Whose company it is shows only after the sign-in: what was read
    from the company, and what was said about its accounts, is `remembering`'s. Names are typed anew: whoever
    agrees now does so in person.
    """
    earlier = remembering.earlier_of(collection)
    if earlier is None:
        return
    answers = {
        name: getattr(earlier, name)
        for name in ("accounting_system", "permission_type", "own_basis")
        if getattr(earlier, name)
    }
    Collection.objects.filter(pk=collection.pk).update(**answers)
    collection.refresh_from_db(fields=list(answers))
    ticks = _ticks_worth_keeping(collection, earlier)
    SetUpTick.objects.bulk_create(
        SetUpTick(collection=collection, by_colleague=tick.by_colleague, step=tick.step) for tick in ticks
    )
    remembered = [*answers, *(["set_up"] if ticks else [])]
    events.record(collection, "answers.remembered", by=by, of=earlier.reference, answers=remembered)


def _ticks_worth_keeping(collection: Collection, earlier: Collection) -> list[SetUpTick]:
    """Permissions are looked at again where this request needs others than the earlier one."""
    ticks = list(earlier.set_up_ticks.all())
    if are_enough(earlier.reports, collection.reports):
        return ticks
    return [tick for tick in ticks if tick.step != PERMISSIONS]
