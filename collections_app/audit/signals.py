"""Records what Django itself does for people: signing in and out, and every change in the admin."""

from typing import Any

from axes.helpers import get_client_session_hash
from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.db.models.signals import post_save
from django.http import HttpRequest

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Event
from collections_app.rate_limit import LOCKED_OUT_TRIES

SIGNED_IN = "user.signed_in"
ACTIONS = {ADDITION: "desk.added", CHANGE: "desk.changed", DELETION: "desk.deleted"}


def connect() -> None:
    user_logged_in.connect(_password_accepted, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_refused, dispatch_uid="audit")
    post_save.connect(_logged, sender=LogEntry, dispatch_uid="audit")
    post_save.connect(_operator_made, sender=User, dispatch_uid="audit")


def who(user: AbstractBaseUser) -> Who:
    """How the record names this person; a superuser is the operator."""
    name = user.get_username()
    return Who.operator(name) if isinstance(user, User) and user.is_superuser else Who.staff(user)


def note_sign_in(user: AbstractBaseUser, request: HttpRequest | None) -> None:
    """The person is in: with the password where that is enough, else with the code behind it.

    The session is told by its hash, by which the address is found for as long as addresses are kept.
    """
    session = get_client_session_hash(request) if request else ""
    events.note(SIGNED_IN, by=who(user), about=events.about_of(user), session=session)


def _password_accepted(
    sender: Any, user: AbstractBaseUser, request: HttpRequest | None = None, **kwargs: Any
) -> None:
    if settings.STAFF_TWO_FACTOR:
        events.note("user.password_accepted", by=who(user), about=events.about_of(user))
    else:
        note_sign_in(user, request)


def _signed_out(sender: Any, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:
        events.note("user.signed_out", by=who(user), about=events.about_of(user))


def _refused(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Names a user that exists and nobody else: what was typed may be a password in the wrong field."""
    name = str(credentials.get("username", ""))[:150]
    if _is_told_already(request, name):
        return
    known = get_user_model()._default_manager.filter(username=name).exists()
    events.note("user.refused", by=Who(Event.Actor.STAFF), about=f"user:{name}" if known else "user unknown")


def _is_told_already(request: HttpRequest | None, name: str) -> bool:
    """Whether no password was looked at, as for those before: the record cannot be filled with such tries."""
    looked_at = getattr(request, "axes_failures_since_start", None) is not None
    if looked_at or not getattr(request, "axes_locked_out", False):
        return False
    caller = f"{getattr(request, 'axes_ip_address', '')} {name.strip().lower()}"
    if LOCKED_OUT_TRIES.reached(caller):
        return True
    LOCKED_OUT_TRIES.count_failure(caller)
    return False


def _operator_made(sender: Any, instance: User, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Only the command line makes an operator in one go; at the desk the tick is a change of a user."""
    if created and instance.is_superuser and not raw:
        events.note("operator.made", by=Who.operator(), about=events.about_of(instance))


def _logged(sender: Any, instance: LogEntry, created: bool, **kwargs: Any) -> None:
    """What was changed, as Django's own history tells it, with its name: it may be gone a moment later."""
    action = ACTIONS.get(instance.action_flag)
    if not created or action is None:
        return
    kind = instance.content_type.model if instance.content_type else ""
    told = {"kind": kind, "id": str(instance.object_id or ""), "name": instance.object_repr}
    told["change"] = instance.get_change_message()
    row = _row(instance)
    if isinstance(row, Collection):
        events.record(row, action, by=who(instance.user), **told)
    else:
        about = events.about_of(row) if row else f"{kind}:{instance.object_id}"
        events.note(action, by=who(instance.user), about=about, **told)


def _row(entry: LogEntry) -> Model | None:
    """What the entry is about. Django writes of a deletion before it deletes."""
    try:
        return entry.get_edited_object() if entry.content_type else None
    except (ObjectDoesNotExist, ValueError):
        return None
