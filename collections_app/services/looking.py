"""Recording that somebody looked at what a borrower shared; the borrower's last page shows it."""

from datetime import timedelta

from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection

# Whoever reads a page of statements loads it more than once.
ONE_VISIT = timedelta(minutes=30)


def collection_view(*, collection: Collection, by: Who) -> None:
    """Records one visit of that person to a collection that was shared; before, there is nothing to see."""
    if collection.status != Collection.Status.SUBMITTED:
        return
    visits = collection.events.filter(action="collection.viewed", actor_kind=by.kind, actor=by.name)
    if not visits.filter(at__gt=timezone.now() - ONE_VISIT).exists():
        events.record(collection, "collection.viewed", by=by)
