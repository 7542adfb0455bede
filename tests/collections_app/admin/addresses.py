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


def address(route: str, object_id: object) -> str:
    """The address of that object."""
    filled = route.replace(OBJECT, str(object_id)).replace("<id>", str(object_id))
    filled = filled.replace("<path:content_type_id>", _content_type_id()).replace(
        "<int:content_type_id>", _content_type_id()
    )
    filled = filled.replace("<str:name>", "report.xlsx")
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
    "event": lambda collection: collection.events.first() or _operators_own(collection),
    "user": _operators_own,
    "group": _operators_own,
}
