"""What happened to a person's access, in the history that the desk shows on the page of that person."""

import logging

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from collections_app import events, selectors
from collections_app.events import Who

logger = logging.getLogger(__name__)


def note(user: User, sentence: str, *, by: User | None = None) -> None:
    """Keeps the sentence; `by` is who did it, None for the operator's command line.

    The sentence holds no secret: it is on a page and in the log.
    """
    member = selectors.staff_member_of(user)
    shown = member or user
    said = sentence if by else f"{sentence} By the operator, with a command."
    entry = LogEntry(
        user_id=(by or user).pk,
        content_type=ContentType.objects.get_for_model(shown),
        object_id=str(shown.pk),
        object_repr=str(shown)[:200],
        action_flag=CHANGE,
        change_message=said,
    )
    if by:
        entry.save()
    else:
        # The history must name a user; the record names the operator, and would else be told by the signal.
        LogEntry.objects.bulk_create([entry])
        events.note("desk.changed", by=Who.operator(), about=events.about_of(user), change=sentence)
    logger.info("%s: %s%s", user.get_username(), said, f" By {by.get_username()}." if by else "")
