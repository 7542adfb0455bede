"""The one place where a look at a page of the desk becomes an event, whatever page it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from collections_app import events
from collections_app.audit.signals import who
from collections_app.models import Collection
from collections_app.services import looking

View = Callable[..., HttpResponseBase]

# They show nothing but what is one's own. A new page is recorded until it is named here.
ONES_OWN = frozenset(
    {"index", "app_list", "own_settings", "recovery_codes", "password_change", "password_change_done"}
)


def recorded(view: View) -> View:
    """The same view; whoever gets a page from it is in the record. Downloads record themselves."""

    @wraps(view)
    def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        is_shown = request.method in ("GET", "HEAD") and response.status_code == 200
        if is_shown and isinstance(response, TemplateResponse):
            _record(request, response.context_data or {})
        return response

    return looked_at


def _record(request: HttpRequest, shown: dict[str, Any]) -> None:
    """What a page shows is in its context: a collection, with or without figures, another row, or many."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    if name in ONES_OWN:
        return
    by = who(request.user)  # type: ignore[arg-type]
    collection, row = shown.get("collection"), shown.get("original") or shown.get("object")
    if isinstance(collection, Collection):
        look = looking.collection_view if shown.get("may_read_figures") else looking.request_view
        look(collection=collection, by=by)
    elif isinstance(row, Model):
        looking.page_view(about=events.about_of(row), by=by, **events.named(row))
    else:
        looking.page_view(about=f"page:{name.removeprefix('collections_app_')}", by=by)
