"""An operator sees no borrower's figures unless the lender lets it, and then it is on the record."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from collections_app.models import Collection, FiguresGrant
from tests import factories
from tests.collections_app.admin.addresses import address_of, admin_routes

LIST = "/admin/collections_app/collection/"
PAGE = "/admin/collections_app/collection/{}/change/"
GRANTS = "/admin/collections_app/figuresgrant/"
# Amounts, accounts and checks of the books that the factories make.
FIGURES = ("12,345.67", "Old suspense", "checks: ")


def the_operator() -> User:
    return User.objects.get(is_superuser=True)


@pytest.mark.slow
def test_no_address_shows_an_operator_what_was_shared(
    operator: Client, manager: Client, collected: Collection
) -> None:
    assert all(figure in manager.get(PAGE.format(collected.pk)).content.decode() for figure in FIGURES)
    FiguresGrant.objects.all().delete()
    shown = set()
    for route in admin_routes():
        page = manager.get(address_of(route, collected)).getvalue().decode(errors="replace")
        shown |= {route.rpartition("<path:object_id>/")[2] for figure in FIGURES if figure in page}
        told = operator.get(address_of(route, collected)).getvalue().decode()
        assert [figure for figure in FIGURES if figure in told] == [], route
    assert shown == {"change/", "statements/<str:name>", "accounts/<str:name>"}


def test_the_page_says_who_can_open_it(operator: Client, collected: Collection) -> None:
    page = operator.get(PAGE.format(collected.pk)).content.decode()
    assert "It is closed to operators." in page
    download = operator.get(f"/admin/collections_app/collection/{collected.pk}/files/report.xlsx")
    assert download.status_code == 403
    assert "ask a manager of Northern Credit" in download.content.decode()
    assert not collected.events.filter(action="collection.viewed").exists()


def test_a_managers_grant_opens_one_collection_and_each_look_is_on_the_record(
    operator: Client, manager: Client, collected: Collection
) -> None:
    other = factories.collected_collection(collected.lender)
    answers = {"reference": collected.reference.lower(), "hours": "2", "reason": "A month is missing"}
    manager.post(f"{GRANTS}add/", answers | {"operator": the_operator().pk})
    assert FIGURES[0] in operator.get(PAGE.format(collected.pk)).content.decode()
    file = f"/admin/collections_app/collection/{collected.pk}/files/report.xlsx"
    assert operator.get(file).getvalue()[:2] == b"PK"
    assert FIGURES[0] not in operator.get(PAGE.format(other.pk)).content.decode()
    done = list(collected.events.filter(actor_kind="operator").values_list("action", "actor"))
    name = the_operator().username
    assert done == [("collection.viewed", name), ("report.downloaded", name)]
    page = manager.get(PAGE.format(collected.pk)).content.decode()
    assert f"Let the operator {name} see what was shared for 2 hours." in page
    assert "The reason given: A month is missing" in page


def test_a_grant_ends_by_itself_or_by_a_manager(
    operator: Client, manager: Client, collected: Collection
) -> None:
    ended = timezone.now() - timedelta(seconds=1)
    factories.make_grant(collected, the_operator(), ends_at=ended)
    assert FIGURES[0] not in operator.get(PAGE.format(collected.pk)).content.decode()
    grant = factories.make_grant(collected, the_operator())
    assert FIGURES[0] in operator.get(PAGE.format(collected.pk)).content.decode()
    for _twice in range(2):
        manager.post(f"{GRANTS}{grant.pk}/end/")
    assert FIGURES[0] not in operator.get(PAGE.format(collected.pk)).content.decode()
    assert collected.events.filter(action="figures.grant_ended").count() == 1


def test_no_list_tells_an_operator_what_the_checks_found(operator: Client, collected: Collection) -> None:
    Collection.objects.update(failed_checks=3)
    page = operator.get(LIST, {"view": "all"}).content.decode()
    assert collected.reference in page and "Failing checks" not in page
    # An unknown view is the whole list, whichever the checks are.
    Collection.objects.update(failed_checks=0)
    assert collected.reference in operator.get(LIST, {"view": "failing"}).content.decode()
    for lookup in (
        "failed_checks__gte",
        "failed_checks",
        "survey__contains",
        "borrower_email__startswith",
        "lender__staff__user__password__startswith",
        "lender__collections__checks__outcome",
    ):
        assert operator.get(LIST, {lookup: "1"}).status_code == 400, lookup


def test_an_operator_gets_no_link_that_shows_what_the_borrower_sees(
    operator: Client,
    collected: Collection,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = PAGE.format(collected.pk)
    key = re.search(r'name="form_key" value="([^"]+)"', operator.get(page).content.decode())
    assert key
    with django_capture_on_commit_callbacks(execute=True):
        told = operator.post(page.replace("change", "link"), {"form_key": key[1]}).content.decode()
    (letter,) = mail.outbox
    assert letter.to == [collected.borrower_email] and "/c/clk_" in str(letter.body)
    assert "clk_" not in told and "It is not shown to operators" in told


@pytest.mark.parametrize("role", ["analyst", "auditor", "operator", "stranger"])
def test_only_a_manager_of_the_lender_lets_an_operator_look(
    role: str, request: pytest.FixtureRequest, operator: Client, collected: Collection
) -> None:
    answers = {"reference": collected.reference, "hours": "1", "reason": "x", "operator": the_operator().pk}
    request.getfixturevalue(role).post(f"{GRANTS}add/", answers)
    assert not FiguresGrant.objects.exists()
