"""A lender and a member of its staff who has a password."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from collections_app.models import Lender, StaffMember
from tests import factories
from tests.portal.staff_sign_in.signing_in import PASSWORD


@pytest.fixture
def two_factor(settings: Any) -> None:
    settings.STAFF_TWO_FACTOR = True


@pytest.fixture
def lender(db: None) -> Lender:
    return factories.make_lender("Northern Credit")


@pytest.fixture
def member(lender: Lender) -> User:
    user = factories.make_staff(lender, StaffMember.Role.ANALYST)
    user.email = user.username
    user.set_password(PASSWORD)
    user.save()
    return user
