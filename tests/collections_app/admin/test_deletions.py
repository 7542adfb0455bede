"""What is deleted at the desk is told in the record by its name, one row or many."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from collections_app.admin.moments import moment
from collections_app.models import Event, Lender
from tests import factories

MAKE: dict[str, Callable[[Lender], Model]] = {
    "requesttemplate": factories.make_request_template,
    "staffmember": lambda lender: factories.make_staff(lender).staff_member,
    "group": lambda lender: Group.objects.create(name=f"Group {Group.objects.count()}"),
}


def lists_that_delete(browser: Client) -> Iterator[Any]:
    """The lists that offer this person to delete rows; a new one fails until MAKE says what is in it."""
    request = RequestFactory().get("/admin/")
    request.user = browser.get("/admin/").context["user"]
    for model_admin in admin.site._registry.values():
        if "delete_selected" in model_admin.get_actions(request):
            yield model_admin


@pytest.mark.parametrize(("role", "lists"), [("manager", 1), ("operator", 3), ("analyst", 0), ("auditor", 0)])
def test_rows_that_are_deleted_together_are_in_the_record_each_by_its_name(
    role: str, lists: int, request: pytest.FixtureRequest, lender: Lender
) -> None:
    browser: Client = request.getfixturevalue(role)
    found = list(lists_that_delete(browser))
    assert len(found) == lists
    for model_admin in found:
        name = model_admin.opts.model_name
        rows = [MAKE[name](lender) for _two in range(2)]
        names = {str(row) for row in rows}
        chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [row.pk for row in rows], "post": "yes"}
        browser.post(reverse(f"admin:{model_admin.opts.app_label}_{name}_changelist"), chosen)
        assert not model_admin.model.objects.filter(pk__in=[row.pk for row in rows]).exists(), name
        told = [event for event in Event.objects.filter(action="desk.deleted") if event.data["kind"] == name]
        assert {event.data["name"] for event in told} == names, name
        assert len(told) == 2, name


def test_one_row_that_is_deleted_is_in_the_record_by_its_name(manager: Client, lender: Lender) -> None:
    template = factories.make_request_template(lender, name="Yearly review")
    manager.post(f"/admin/collections_app/requesttemplate/{template.pk}/delete/", {"post": "yes"})
    event = Event.objects.get(action="desk.deleted")
    assert (event.about, event.data["name"]) == (f"lender:{lender.slug}", "Yearly review")
    assert (event.data["kind"], event.data["id"]) == ("requesttemplate", str(template.pk))


def test_no_account_is_deleted_and_its_page_says_what_to_do_instead(operator: Client, lender: Lender) -> None:
    user, member = factories.make_user(), factories.make_staff(lender)
    page = f"/admin/auth/user/{user.pk}/"
    told = operator.get(f"{page}change/").content.decode()
    assert "An account is not deleted" in told and "Take the tick away from <b>Active</b>" in told
    told = operator.get(f"/admin/auth/user/{member.pk}/change/").content.decode()
    assert f"/admin/collections_app/staffmember/{member.staff_member.pk}/change/" in told
    assert f"{page}delete/" not in told
    assert operator.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [user.pk], "post": "yes"}
    operator.post("/admin/auth/user/", chosen)
    assert User.objects.filter(pk=user.pk).exists()


def test_the_page_of_an_account_names_the_zone_of_its_times(operator: Client) -> None:
    user = factories.make_user()
    joined = moment(user.date_joined, Lender(time_zone="UTC"))
    told = operator.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
    assert joined.endswith("UTC") and joined in told
    operator.post(f"/admin/auth/user/{user.pk}/change/", {"username": user.username, "is_staff": "on"})
    user.refresh_from_db()
    assert not user.is_active and user.date_joined


def test_a_change_of_an_account_says_from_what_to_what_and_never_a_password(
    operator: Client,
) -> None:
    user = factories.make_user()
    page = f"/admin/auth/user/{user.pk}/"
    password = "four green herons at dusk"
    operator.post(f"{page}change/", {"username": user.username, "is_active": "on", "is_superuser": "on"})
    operator.post(
        f"{page}password/", {"password1": password, "password2": password, "usable_password": "true"}
    )
    told = Event.objects.filter(action="desk.changed", about=f"user:{user.username}").order_by("pk")
    changes = [event.data["change"] for event in told]
    assert "Superuser status: no to yes." in changes[0]
    assert changes[1:] == ["Password changed."]
