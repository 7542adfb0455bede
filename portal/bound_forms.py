"""Forms that say which request they are of, so that none answers another one.

A browser has one request open: that of the link it opened last. A page of an earlier one may still be in
another tab. What is sent from there says whose page it was, and is refused as long as another is open; the
earlier link, opened again, makes it good, however much later and whatever became of the session.

The tag `csrf_token` puts the field into every form (see `portal_forms`), and whoever lets a browser in asks
`is_of_another` (see `access` and `set_up_access`). A script that waits says the same with a header.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from collections_app import secret_keys, vault
from collections_app.models import Collection

FIELD, HEADER = "of_request", "Of-Request"
DIGITS = 24


def bind(request: HttpRequest, collection: Collection) -> None:
    """Lets every form of the page that answers say that it is of this collection."""
    request.form_is_of = _names(collection)[0]  # type: ignore[attr-defined]


def is_of_another(request: HttpRequest, collection: Collection) -> bool:
    """Whether what was sent says that it is of another collection than this."""
    named = request.headers.get(HEADER) or (request.POST.get(FIELD) if request.method == "POST" else None)
    return bool(named) and named not in _names(collection)


def refusal(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Says that nothing was taken, what is open now, and what to do: a page, or words for a script."""
    if request.headers.get("Accept") != "application/json":
        return render(request, "errors/another_request.html", context, status=409)
    said = gettext(
        "Not taken: this browser has opened the link of another request since. Open the link of this request "
        "again in a new tab, come back here, and repeat what you did last."
    )
    # As the scripts of the uploads and of the others read it.
    return JsonResponse({"said": said, "kept": 0, "refused": [said]}, status=409)


def _names(collection: Collection) -> list[str]:
    """What stands for the collection in a form, newest first: no number of the database."""
    return [
        vault.fingerprint(key, str(collection.pk), purpose="form")[:DIGITS] for key in secret_keys.known()
    ]
