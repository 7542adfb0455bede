"""The operator's pages: the installation and the record, without a borrower's figure or word."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from collections_app import events
from collections_app.models import Collection, Lender, Run
from collections_app.services import api_keys
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.admin.conftest import SignIn

EVENTS, STANDING = "/admin/collections_app/event/", "/admin/collections_app/event/standing/"


@pytest.fixture
def operator(db: None, sign_in: SignIn) -> Client:
    return sign_in(factories.make_operator())


@pytest.fixture
def stopped(lender: Lender) -> Collection:
    collection = factories.make_collection(lender, status="collecting", borrower_name="Zebra Bikes")
    earlier = timezone.now() - timedelta(hours=2)
    run = factories.make_run(collection, Run.Kind.COLLECT, status="needs_operator", problem="our_fault")
    Run.objects.filter(pk=run.pk).update(served_at=earlier)
    return collection


def test_the_operator_sees_what_stands_still_and_its_cure(operator: Client, stopped: Collection) -> None:
    page = operator.get(STANDING).content.decode()
    assert stopped.reference in page and f"resumecollection {stopped.reference}" in page
    assert "Last sign of life of a worker" in page and "never" in page
    assert "Zebra Bikes" not in page and stopped.borrower_email not in page


def test_the_record_is_found_by_person_reference_and_thing(operator: Client, stopped: Collection) -> None:
    events.record(stopped, "report.downloaded", by=OPERATOR, file="the-name-of-a-file.xlsx")
    api_keys.key_create(lender=stopped.lender, name="System", scopes=["read"], days=30, by=OPERATOR)
    page = operator.get(EVENTS, {"q": stopped.reference}).content.decode()
    assert "report.downloaded" in page and "api_key.created" not in page
    assert "the-name-of-a-file" not in page and "Zebra Bikes" not in page
    about = f"lender:{stopped.lender.slug}"
    assert "api_key.created" in operator.get(EVENTS, {"q": about}).content.decode()
    assert "Standing of the installation" in operator.get(EVENTS, {"q": OPERATOR.name}).content.decode()


def test_nobody_else_comes_here_and_nobody_changes_anything(
    operator: Client, manager: Client, auditor: Client, stopped: Collection
) -> None:
    for person in (manager, auditor):
        assert person.get(EVENTS).status_code == 403
        assert person.get(STANDING).status_code == 403
    assert operator.get(f"{EVENTS}add/").status_code == 403
    first = stopped.events.all()[0]
    assert operator.post(f"{EVENTS}{first.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(
    operator: Client, stopped: Collection, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    operator.get(EVENTS)
    for _ in range(20):
        factories.make_run(factories.make_collection(), Run.Kind.COLLECT, status="needs_operator")
    with django_assert_max_num_queries(12):
        operator.get(EVENTS)
    with django_assert_max_num_queries(30):
        operator.get(STANDING)
