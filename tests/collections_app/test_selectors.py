"""Who may see what, and where a run stands."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from collections_app import selectors
from collections_app.models import Collection, Lender
from collections_app.services.lenders import lender_create, staff_create
from tests.collecting import invite


@pytest.fixture
def two_lenders(lender: Lender) -> tuple[Collection, Collection]:
    other = lender_create(slug="kauri", name="Kauri Finance")
    return invite(lender).collection, invite(other).collection


@pytest.mark.parametrize("role", ["analyst", "manager", "auditor"])
def test_staff_sees_the_own_lenders_collections_alone(
    lender: Lender, two_lenders: tuple[Collection, Collection], role: str
) -> None:
    member, _ = staff_create(lender=lender, email="dana@harbor.example", role=role)
    assert list(selectors.collections_for(member.user, member)) == [two_lenders[0]]


def test_somebody_elses_membership_opens_nothing(
    lender: Lender, two_lenders: tuple[Collection, Collection]
) -> None:
    member, _ = staff_create(lender=lender, email="dana@harbor.example", role="manager")
    stranger = User.objects.create(username="stranger")
    assert not selectors.collections_for(stranger, member).exists()


def test_an_operator_sees_all(two_lenders: tuple[Collection, Collection]) -> None:
    operator = User.objects.create(username="root", is_superuser=True)
    assert selectors.collections_for(operator, None).count() == 2


def test_nobody_else_sees_anything(lender: Lender, two_lenders: tuple[Collection, Collection]) -> None:
    member, _ = staff_create(lender=lender, email="gone@harbor.example", role="manager")
    member.user.is_active = False
    left = User.objects.create(username="left", is_superuser=True, is_active=False)
    for user in (AnonymousUser(), User.objects.create(username="stranger"), member.user, left):
        assert not selectors.collections_for(user, selectors.staff_member_of(user)).exists()


def test_a_reference_is_found_as_people_type_it(lender: Lender) -> None:
    collection = invite(lender).collection
    assert selectors.collection_by_reference(f" {collection.reference.lower()} ") == collection
    assert selectors.collection_by_reference("NOPE-NOPE") is None
    assert selectors.collection_by_reference("") is None
