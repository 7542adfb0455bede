"""A collection that is complete and waits for the borrower's last look."""

from typing import Any

from django.test import Client
from django.utils import timezone

from collections_app import links
from collections_app.models import Collection, Lender
from tests import factories


def waiting(lender: Lender | None = None, **fields: Any) -> Collection:
    stands: dict[str, Any] = {
        "status": Collection.Status.COLLECTING,
        "previews": True,
        "shared_at": None,
        "connect_confirmed_at": timezone.now(),
        "linked": False,
    }
    return factories.collected_collection(lender, **(stands | fields))


def browser_of(collection: Collection) -> Client:
    """A browser in which a link of the collection was opened."""
    _, token = links.issue(collection)
    client = Client()
    assert client.post(f"/c/{token}/").status_code == 302
    return client
