"""A link's later life: switched off by the lender, asked for anew by the borrower."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from collections_app import events, links, selectors
from collections_app.events import Who
from collections_app.models import Collection, Link, Notice
from collections_app.services import notifying

# One mail says it; a borrower who presses again, or two people, shall not fill the lender's letterbox.
ASKED_AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def link_revoke(*, collection: Collection, by: Who) -> None:
    """Switches the link off, also for those who have opened it; the request stays, and may get a new one.

    Raises ValidationError when there is no link that works.
    """
    if not collection.links.filter(revoked_at=None).update(revoked_at=timezone.now()):
        raise ValidationError("This request has no link that works.")
    events.record(collection, "link.revoked", by=by)


@transaction.atomic
def link_ask(*, link: Link, by: Who) -> bool:
    """Asks the lender by mail for a new link, for the holder of one that has ended.

    False when the lender was asked within a day already. Raises ValidationError for a link that still works,
    and for a lender whom no mail reaches.
    """
    state = links.state(link)
    if state is links.LinkState.OPEN:
        raise ValidationError("This link still works.")
    if not selectors.addresses_for(link.collection):
        raise ValidationError("This lender has not said where to ask. Call them instead.")
    collection = Collection.objects.select_for_update().get(pk=link.collection_id)
    if last_asked(collection):
        return False
    notifying.new_link_tell(collection=collection)
    events.record(collection, "link.asked", by=by, state=state.value)
    return True


def last_asked(collection: Collection) -> Notice | None:
    """The mail that asks the lender for a new link, if one was written within a day."""
    since = timezone.now() - ASKED_AGAIN_AFTER
    asked = collection.notices.filter(kind=Notice.Kind.LINK_ASKED, created_at__gt=since)
    return asked.order_by("-pk").first()
