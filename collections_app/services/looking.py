"""Recording who looked at what: what a borrower shared, whose look that borrower's last page shows, and all
else that the desk and the API show.
"""

from datetime import timedelta

from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Event
from collections_app.models.event import EventQuerySet
from collections_app.vault import VaultError

# Whoever reads a page loads it more than once.
ONE_VISIT = timedelta(minutes=30)


def collection_view(*, collection: Collection, by: Who) -> None:
    """Records one visit of that person to what was shared; before, there is only the request to see."""
    shared = collection.status == Collection.Status.SUBMITTED
    _record(collection, "collection.viewed" if shared else "request.viewed", by)


def request_view(*, collection: Collection, by: Who) -> None:
    """Records one visit of that person to a request, without anything that was shared."""
    _record(collection, "request.viewed", by)


def page_view(*, about: str, by: Who, **shown: str) -> None:
    """Records one visit of that person to a page that belongs to no collection.

    `about` names it: page:event_changelist for a page of many. Of a row it is what `events.about_of` says,
    and `shown` what `events.named` does.
    """
    visited = _visited(by).filter(action="desk.viewed", about=about)
    # A lender's keys and templates are all found under the lender.
    if not any(_showed(event, shown) for event in visited):
        events.note("desk.viewed", by=by, about=about, **shown)


def _showed(event: Event, shown: dict[str, str]) -> bool:
    try:
        return event.data_still_kept() == shown
    except VaultError:
        # Without its key nothing is told apart, and nothing is recorded twice.
        return True


def _record(collection: Collection, action: str, by: Who) -> None:
    if not _visited(by).filter(action=action, collection=collection).exists():
        events.record(collection, action, by=by)


def _visited(by: Who) -> EventQuerySet:
    """What that person did during this visit; found by the index of persons and times."""
    return Event.objects.filter(actor=by.name, actor_kind=by.kind, at__gt=timezone.now() - ONE_VISIT)
