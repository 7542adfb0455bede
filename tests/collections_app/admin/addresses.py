"""Every address of the admin, read from the resolver, so that a new one cannot be forgotten."""

import re
from collections.abc import Callable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from collections_app.models import Collection
from tests import factories
from tests.collections_app import mapping

OBJECT = "<path:object_id>"


def admin_routes() -> list[str]:
    """Each route once, with its converters: "admin/collections_app/collection/<path:object_id>/change/"."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if not route.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def object_routes() -> list[str]:
    """The routes that lead to one object of a lender."""
    return [route for route in admin_routes() if OBJECT in route or "<id>" in route or "object_id" in route]


def address_of(route: str, collection: Collection) -> str:
    """The address of what is there: a row of the collection's lender, and a file or a page that it has."""
    return address(route, object_of(route, collection).pk, name_of(route, collection))


def address(route: str, object_id: object, name: str = "nothing-here") -> str:
    """The address of that object, and of what is called so below it."""
    filled = route.replace(OBJECT, str(object_id)).replace("<id>", str(object_id))
    filled = filled.replace("<path:content_type_id>", _content_type_id()).replace(
        "<int:content_type_id>", _content_type_id()
    )
    filled = filled.replace("<str:name>", name)
    filled = re.sub(r"\^\(\?P<app_label>[^)]*\)/\$", "collections_app/", filled)
    return "/" + re.sub(r"\(\?P<url>\.\*\)\$", "nothing-here/", filled)


def _content_type_id() -> str:
    return str(ContentType.objects.get_for_model(Collection).pk)


def object_of(route: str, collection: Collection) -> Model:
    """The row of the collection's lender that a route of this model would show.

    A model that is new at the desk fails here until somebody says which row of it is a stranger's.
    """
    named = re.match(r"admin/(?:auth|axes|collections_app)/([a-z]+)/", route)
    make = ROWS[named[1]] if named else _collection
    return make(collection)


def name_of(route: str, collection: Collection) -> str:
    """What the collection has below this route, once it was shared; empty where the route asks for no name.

    A new one fails here until somebody says what is there: a name that nobody has is a 404 for everybody.
    """
    if "<str:name>" not in route:
        return ""
    named = re.search(r"/(\w+)/<str:name>", route)
    assert named, route
    return NAMES[named[1]](collection)


def _document_key(collection: Collection) -> str:
    document = collection.documents.first() or factories.make_document(collection)
    return document.key


NAMES: dict[str, Callable[[Collection], str]] = {
    "files": lambda _collection: "report.xlsx",
    "documents": _document_key,
    "statements": lambda _collection: "balance_sheet",
    "accounts": lambda _collection: "400",
}


def _collection(collection: Collection) -> Model:
    return collection


def _template(collection: Collection) -> Model:
    lender = collection.lender
    return lender.mapping_templates.first() or mapping.with_a_large_id(mapping.stored(lender))


def _grant(collection: Collection) -> Model:
    return collection.figures_grants.first() or factories.make_grant(collection)


def _request_template(collection: Collection) -> Model:
    templates = collection.lender.request_templates
    return templates.first() or factories.make_request_template(collection.lender)


def _api_key(collection: Collection) -> Model:
    return collection.lender.api_keys.first() or factories.make_api_key(collection.lender)


def _webhook(collection: Collection) -> Model:
    return collection.lender.webhooks.first() or factories.make_webhook(collection.lender)


def _operators_own(collection: Collection) -> Model:
    """Rows of the whole instance: those of the lender's own staff must be as far away as any."""
    return collection.lender.staff.all()[0].user


ROWS: dict[str, Callable[[Collection], Model]] = {
    "collection": _collection,
    "lender": lambda collection: collection.lender,
    "mappingtemplate": _template,
    "staffmember": lambda collection: collection.lender.staff.all()[0],
    "figuresgrant": _grant,
    "requesttemplate": _request_template,
    "apikey": _api_key,
    "webhook": _webhook,
    "event": lambda collection: collection.events.first() or _operators_own(collection),
    "user": _operators_own,
    "group": _operators_own,
}
