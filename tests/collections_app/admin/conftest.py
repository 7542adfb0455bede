"""The cast of the desk: two lenders, and the people who work for them or for nobody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from collections_app.models import Collection, Lender, StaffMember
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def reports_folder(settings: Any, tmp_path: Path) -> None:
    """Report files of a test are gone with it; no static files are served."""
    settings.STATIC_ROOT = tmp_path
    stored = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}


@pytest.fixture
def lender(db: None) -> Lender:
    return factories.make_lender("Northern Credit", time_zone="America/Toronto")


@pytest.fixture
def other_lender(db: None) -> Lender:
    return factories.make_lender("Southern Trust")


@pytest.fixture
def sign_in() -> SignIn:
    """A browser of its own, signed in as that user."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def analyst(lender: Lender, sign_in: SignIn) -> Client:
    return sign_in(factories.make_staff(lender, StaffMember.Role.ANALYST))


@pytest.fixture
def manager(lender: Lender, sign_in: SignIn) -> Client:
    return sign_in(factories.make_staff(lender, StaffMember.Role.MANAGER))


@pytest.fixture
def auditor(lender: Lender, sign_in: SignIn) -> Client:
    return sign_in(factories.make_staff(lender, StaffMember.Role.AUDITOR))


@pytest.fixture
def operator(db: None, sign_in: SignIn) -> Client:
    return sign_in(factories.make_operator())


@pytest.fixture
def stranger(other_lender: Lender, sign_in: SignIn) -> Client:
    """A manager of the other lender."""
    return sign_in(factories.make_staff(other_lender, StaffMember.Role.MANAGER))


@pytest.fixture
def nobody(db: None, sign_in: SignIn) -> Client:
    """Somebody who may enter the admin and belongs to no lender."""
    return sign_in(factories.make_user())


@pytest.fixture
def collected(lender: Lender) -> Collection:
    return factories.collected_collection(lender, borrower_name="Acme Incorporated", lender_reference="L-77")
