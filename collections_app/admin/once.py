"""Forms that count once, so that a reload or a double click of one that makes a link makes no second one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from collections_app.models import SpentForm


class SentBefore(Exception):
    """The form with this key has done its work."""


def form_key() -> str:
    """A key for one showing of a form. It protects nothing: it only tells two showings apart."""
    return secrets.token_urlsafe(9)


@contextmanager
def spending(request: HttpRequest, key: str) -> Iterator[None]:
    """One transaction for the work of a form and the spending of its key. Raises SentBefore.

    The key is spent first: of two clicks at once the database lets one in, and the other waits for it. Work
    that ends in an exception leaves the key, so that the mended form may be sent. A form without a key counts
    as sent before.
    """
    if not key:
        raise SentBefore
    with transaction.atomic():
        try:
            with transaction.atomic():
                digest = sha256(key.encode()).digest()
                SpentForm.objects.create(user=request.user, key_hash=digest)  # type: ignore[misc]
        except IntegrityError:
            raise SentBefore from None
        yield
