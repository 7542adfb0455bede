"""How a person wants the list of collections to open: kept when asked for, and never by itself."""

from django.contrib.auth.models import AnonymousUser, User
from django.http import QueryDict

from collections_app.models import DeskStart

# A search or a page of the list is of one moment; a view, an order and filters are a habit.
KEPT = ("view", "o", "status__exact", "lender__id__exact")


def start_of(user: User | AnonymousUser) -> str:
    """The query that was kept; empty for none."""
    kept = DeskStart.objects.filter(user_id=user.pk or 0).first()
    return kept.query if kept else ""


def start_keep(user: User | AnonymousUser, query: str) -> None:
    """Keeps what of the query is a habit; nothing of that forgets what was kept."""
    asked = QueryDict(query)
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if asked.get(name):
            kept[name] = asked[name]
    text = kept.urlencode()
    if not text or len(text) > 500:
        DeskStart.objects.filter(user_id=user.pk or 0).delete()
        return
    DeskStart.objects.update_or_create(user_id=user.pk or 0, defaults={"query": text})
