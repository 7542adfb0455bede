"""Browsers of borrowers, at every step of the journey."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Lender
from collections_app.rate_limit import Limit
from collections_app.services.invitations import Invitation
from tests.collecting import (
    broken_mail,
    collection,
    gateway,
    invite,
    lender,
    pack,
    quick_files,
    reports_folder,
    running_gateway,
    token_of,
    workbook,
)

__all__ = [
    "broken_mail",
    "collection",
    "gateway",
    "lender",
    "pack",
    "quick_files",
    "reports_folder",
    "running_gateway",
    "workbook",
]

Open = Callable[[Invitation], Client]


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """All guesses of the test fall into one window, at whatever minute it runs."""
    begun = timezone.now()
    monkeypatch.setattr(Limit, "_window", lambda limit: begun)


@pytest.fixture
def invitation(lender: Lender) -> Invitation:
    return invite(lender)


@pytest.fixture
def open_link() -> Open:
    """A browser of its own in which the link was opened and its button pressed."""

    def browser(invitation: Invitation) -> Client:
        client = Client()
        assert client.post(f"/c/{token_of(invitation)}/").status_code == 302
        return client

    return browser


@pytest.fixture
def borrower(open_link: Open, invitation: Invitation) -> Client:
    return open_link(invitation)


@pytest.fixture
def asked(borrower: Client, invitation: Invitation) -> Collection:
    """The collection that the borrower's browser opened."""
    return Collection.objects.get(pk=invitation.collection.pk)
