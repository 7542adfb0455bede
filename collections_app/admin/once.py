"""Forms that count once, so that reloading a page that shows a link makes no second one."""

import secrets

from django.http import HttpRequest

SPENT_FORMS = "spent_forms"
MOST_KEPT = 50


def form_key() -> str:
    """A key for one showing of a form. It protects nothing: it only tells two showings apart."""
    return secrets.token_urlsafe(9)


def spend(request: HttpRequest, key: str) -> bool:
    """Whether the form with this key comes for the first time in this session; from now on it is spent."""
    spent: list[str] = request.session.get(SPENT_FORMS, [])
    if not key or key in spent:
        return False
    request.session[SPENT_FORMS] = [*spent, key][-MOST_KEPT:]
    return True
