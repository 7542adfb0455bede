"""Records what Django itself does for people: signing in and out, and every change in the admin."""

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Event

ACTIONS = {ADDITION: "desk.added", CHANGE: "desk.changed", DELETION: "desk.deleted"}


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_refused, dispatch_uid="audit")
    post_save.connect(_logged, sender=LogEntry, dispatch_uid="audit")


def who(user: AbstractBaseUser) -> Who:
    """How the record names this person; a superuser is the operator."""
    name = user.get_username()
    return Who.operator(name) if isinstance(user, User) and user.is_superuser else Who.staff(user)


def _signed_in(sender: Any, user: AbstractBaseUser, **kwargs: Any) -> None:
    events.note("user.signed_in", by=who(user), about=f"user:{user.get_username()}")


def _signed_out(sender: Any, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:
        events.note("user.signed_out", by=who(user), about=f"user:{user.get_username()}")


def _refused(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Names a user that exists and nobody else: what was typed may be a password in the wrong field."""
    name = str(credentials.get("username", ""))[:150]
    known = get_user_model()._default_manager.filter(username=name).exists()
    events.note("user.refused", by=Who(Event.Actor.STAFF), about=f"user:{name}" if known else "user unknown")


def _logged(sender: Any, instance: LogEntry, created: bool, **kwargs: Any) -> None:
    """The names of what was changed, as Django's own history has them; values are in no history."""
    action = ACTIONS.get(instance.action_flag)
    if not created or action is None:
        return
    kind = instance.content_type.model if instance.content_type else ""
    told = {"kind": kind, "id": instance.object_id or "", "change": instance.get_change_message()[:500]}
    collection = _collection(kind, instance.object_id)
    if collection is not None:
        events.record(collection, action, by=who(instance.user), **told)
    else:
        events.note(action, by=who(instance.user), about=f"{kind}:{instance.object_id}", **told)


def _collection(kind: str, key: str | None) -> Collection | None:
    if kind != Collection._meta.model_name or not str(key).isdecimal():
        return None
    return Collection.objects.filter(pk=str(key)).first()
