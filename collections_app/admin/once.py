"""Forms that count once, so that reloading a page that shows a link makes no second one."""

import secrets

from django.http import HttpRequest

SPENT_FORMS = "spent_forms"
MOST_KEPT = 50


def form_key() -> str:
    """A key for one showing of a form. It protects nothing: it only tells two showings apart."""
    return secrets.token_urlsafe(9)


def is_spent(request: HttpRequest, key: str) -> bool:
    """Whether the form with this key did its work in this session; one without a key counts as spent."""
    return not key or key in request.session.get(SPENT_FORMS, [])


def spend(request: HttpRequest, key: str) -> None:
    """Remembers that the form with this key has done its work."""
    request.session[SPENT_FORMS] = [*request.session.get(SPENT_FORMS, []), key][-MOST_KEPT:]
