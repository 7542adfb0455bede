"""A link's later life: extended and switched off by the lender, asked for anew by the borrower."""

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
A_DAY = timedelta(days=1)
NONE_WORKS = "No link of this request works: make a new one first, or have a manager make it."


@transaction.atomic
def link_extend(*, collection: Collection, by: Who) -> None:
    """Has the link work for at least as long as a new one would: the lender asks for something, and the mail
    about it leads to the link that the borrower has. The caller locks the collection.

    One that has ended works again; one that was switched off or opened too often stays closed. Raises
    ValidationError where none can work.
    """
    link, days = links.newest(collection), collection.lender.link_days
    if link is None:
        raise ValidationError(NONE_WORKS)
    before, until = link.expires_at, timezone.now() + timedelta(days=days)
    link.expires_at = max(before, until)
    if links.state(link) is not links.LinkState.OPEN:
        raise ValidationError(NONE_WORKS)
    if link.expires_at == before:
        return
    link.save(update_fields=["expires_at"])
    # Two questions in a row move it by minutes, which is no news.
    if link.expires_at - before >= A_DAY:
        events.record(collection, "link.extended", by=by, days=days, until=until.isoformat())


@transaction.atomic
def link_revoke(*, collection: Collection, by: Who) -> None:
    """Switches the link off, also for those who have opened it; the request stays, and may get a new one.

    The borrower's colleague can do no more either. Raises ValidationError when there is no link that works.
    """
    if not collection.links.filter(revoked_at=None).update(revoked_at=timezone.now()):
        raise ValidationError("This request has no link that works.")
    events.record(collection, "link.revoked", by=by)
    set_up_link_revoke(collection=collection, by=by)


@transaction.atomic
def set_up_link_revoke(*, collection: Collection, by: Who) -> None:
    """The borrower's colleague can do no more; what is ticked stays."""
    if collection.set_up_links.filter(revoked_at=None).update(revoked_at=timezone.now()):
        events.record(collection, "set_up.link_revoked", by=by)


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
    asked = collection.notices.filter(kind=Notice.Kind.LINK_ASKED, created_at__gt=since, dropped_at=None)
    return asked.order_by("-pk").first()
