"""What a borrower shared is closed to operators until the lender opens it, at every address of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from collections_app.admin.access import LenderScoped, desk_of
from collections_app.models import Collection

if TYPE_CHECKING:
    CollectionScoped = LenderScoped[Collection]
else:
    CollectionScoped = LenderScoped

View = Callable[..., HttpResponseBase]

# Named without the site's prefix. A new address is closed to operators until it is named here.
OPEN_TO_OPERATORS = frozenset(
    f"collections_app_collection_{name}"
    for name in ("change", "delete", "history", "link", "revoke", "rebuild", "refresh", "withdraw")
)


class FiguresGuarded(CollectionScoped):
    """Collections, whose figures an operator sees only while a manager of the lender lets it.

    Django's own address that leads on to the page of an object has no name, and shows nothing.
    """

    @property
    def urls(self) -> list[URLPattern]:
        return [self._guarded(pattern) for pattern in self.get_urls()]

    def _guarded(self, pattern: URLPattern) -> URLPattern:
        if not pattern.name or pattern.name in OPEN_TO_OPERATORS or "object_id" not in str(pattern.pattern):
            return pattern
        return path(str(pattern.pattern), self._with_grant(pattern.callback), name=pattern.name)

    def _with_grant(self, view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            desk = desk_of(request)
            if self.admin_site.has_permission(request) and desk.is_operator:
                collection = self.get_object(request, object_id)
                if collection is not None and not desk.may_read_figures(collection):
                    return self._closed(request, collection)
            return view(request, object_id, *args, **kwargs)

        return guarded

    def _closed(self, request: HttpRequest, collection: Collection) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "The lender must let you look",
            "collection": collection,
        }
        template = "admin/collections_app/collection/figures_closed.html"
        return TemplateResponse(request, template, context, status=403)
