"""Choosing what the reports are about."""

from django.db import transaction

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, ScopeOption


@transaction.atomic
def scope_set(*, collection: Collection, option: ScopeOption, by: Who) -> None:
    """Stores the choice."""
    Collection.objects.filter(pk=collection.pk).update(scope_kind=option.kind, chosen_scope=option)
    collection.refresh_from_db()
    events.record(collection, "scope.chosen", by=by, kind=option.kind, id=option.identifier, name=option.name)


def scope_forget(*, collection: Collection) -> None:
    """What was chosen is no longer on offer: it must be chosen anew."""
    Collection.objects.filter(pk=collection.pk).update(scope_kind="", chosen_scope=None)


def scope_settle(*, collection: Collection, by: Who) -> bool:
    """Whether it is settled what the reports are about; a single scope is chosen here and now."""
    collection.refresh_from_db()
    if collection.scope_kind:
        return True
    options = list(collection.scope_options.all()[:2])
    if len(options) != 1:
        return False
    scope_set(collection=collection, option=options[0], by=by)
    return True
