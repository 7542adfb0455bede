"""Which role reaches which page. A new address fails here until somebody says whom it is for."""

import pytest
from django.test import Client

from collections_app.models import Collection, StaffMember
from tests import factories
from tests.collections_app.admin.addresses import OBJECT, address_of, admin_routes
from tests.collections_app.admin.conftest import SignIn

EVERYBODY = {"nobody", "analyst", "manager", "auditor", "operator"}
READERS = EVERYBODY - {"nobody"}
MANAGERS = {"manager", "operator"}
OPERATORS = {"operator"}
NO_PAGE: set[str] = set()

ROWS = "admin/collections_app/"
AUDIENCES = {
    "admin/": EVERYBODY,
    "admin/jsi18n/": EVERYBODY,
    "admin/password_change/": EVERYBODY,
    "admin/password_change/done/": EVERYBODY,
    # Pages of the sign-in: `tests.portal.staff_sign_in` is about them.
    "admin/code/": NO_PAGE,
    "admin/set-up-code/": NO_PAGE,
    "admin/recovery-codes/": NO_PAGE,
    "admin/your-settings/": EVERYBODY,
    "admin/password-reset/": EVERYBODY,
    "admin/password-reset/asked/": EVERYBODY,
    "admin/login/": NO_PAGE,
    "admin/logout/": NO_PAGE,
    "admin/autocomplete/": NO_PAGE,
    "admin/(?P<url>.*)$": NO_PAGE,
    f"admin/r/<path:content_type_id>/{OBJECT}/": NO_PAGE,
    "admin/^(?P<app_label>collections_app|auth)/$": READERS,
    f"{ROWS}collection/": READERS,
    f"{ROWS}collection/add/": MANAGERS,
    f"{ROWS}collection/start/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/remind/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/review/": NO_PAGE,
    # What the borrower has not shared is compared with nothing.
    f"{ROWS}collection/{OBJECT}/compare/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/credit-file/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/change/": READERS,
    f"{ROWS}collection/{OBJECT}/delete/": NO_PAGE,
    # What the borrower has not shared is nobody's yet.
    f"{ROWS}collection/{OBJECT}/files/<str:name>": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/documents/<str:name>": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/statements/<str:name>": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/accounts/<str:name>": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/history/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/link/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/revoke/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/rebuild/": NO_PAGE,
    # Only what is complete is asked for again.
    f"{ROWS}collection/{OBJECT}/refresh/": NO_PAGE,
    f"{ROWS}collection/{OBJECT}/withdraw/": MANAGERS,
    f"{ROWS}lender/": READERS,
    f"{ROWS}lender/add/": OPERATORS,
    f"{ROWS}lender/{OBJECT}/": NO_PAGE,
    f"{ROWS}lender/{OBJECT}/change/": READERS,
    f"{ROWS}lender/{OBJECT}/delete/": NO_PAGE,
    f"{ROWS}lender/{OBJECT}/history/": READERS,
    # Operators have the events, which tell nothing beside who, what and when.
    f"{ROWS}lender/{OBJECT}/record/": {"manager", "auditor"},
    f"{ROWS}mappingtemplate/": READERS,
    f"{ROWS}mappingtemplate/add/": MANAGERS,
    f"{ROWS}mappingtemplate/{OBJECT}/": NO_PAGE,
    f"{ROWS}mappingtemplate/{OBJECT}/change/": READERS,
    f"{ROWS}mappingtemplate/{OBJECT}/delete/": NO_PAGE,
    f"{ROWS}mappingtemplate/{OBJECT}/history/": READERS,
    f"{ROWS}requesttemplate/": READERS,
    f"{ROWS}requesttemplate/add/": MANAGERS,
    f"{ROWS}requesttemplate/{OBJECT}/": NO_PAGE,
    f"{ROWS}requesttemplate/{OBJECT}/change/": READERS,
    f"{ROWS}requesttemplate/{OBJECT}/delete/": MANAGERS,
    f"{ROWS}requesttemplate/{OBJECT}/history/": READERS,
    f"{ROWS}staffmember/": READERS,
    f"{ROWS}staffmember/add/": MANAGERS,
    f"{ROWS}staffmember/{OBJECT}/": NO_PAGE,
    f"{ROWS}staffmember/{OBJECT}/change/": READERS,
    f"{ROWS}staffmember/{OBJECT}/delete/": OPERATORS,
    f"{ROWS}staffmember/{OBJECT}/reset-code/": NO_PAGE,
    f"{ROWS}staffmember/{OBJECT}/sign-out/": NO_PAGE,
    f"{ROWS}staffmember/{OBJECT}/password-link/": NO_PAGE,
    f"{ROWS}staffmember/{OBJECT}/history/": READERS,
    f"{ROWS}figuresgrant/": READERS,
    # Operators cannot let themselves in.
    f"{ROWS}figuresgrant/add/": {"manager"},
    f"{ROWS}figuresgrant/{OBJECT}/": NO_PAGE,
    f"{ROWS}figuresgrant/{OBJECT}/change/": READERS,
    f"{ROWS}figuresgrant/{OBJECT}/delete/": NO_PAGE,
    f"{ROWS}figuresgrant/{OBJECT}/end/": NO_PAGE,
    f"{ROWS}figuresgrant/{OBJECT}/history/": READERS,
    f"{ROWS}apikey/": READERS,
    # An operator with a key would see figures that no manager let it see.
    f"{ROWS}apikey/add/": {"manager"},
    f"{ROWS}apikey/{OBJECT}/": NO_PAGE,
    f"{ROWS}apikey/{OBJECT}/change/": READERS,
    f"{ROWS}apikey/{OBJECT}/delete/": NO_PAGE,
    f"{ROWS}apikey/{OBJECT}/replace/": NO_PAGE,
    f"{ROWS}apikey/{OBJECT}/revoke/": NO_PAGE,
    f"{ROWS}apikey/{OBJECT}/history/": READERS,
    f"{ROWS}webhook/": READERS,
    f"{ROWS}webhook/add/": {"manager"},
    f"{ROWS}webhook/{OBJECT}/": NO_PAGE,
    f"{ROWS}webhook/{OBJECT}/change/": READERS,
    f"{ROWS}webhook/{OBJECT}/delete/": NO_PAGE,
    f"{ROWS}webhook/{OBJECT}/stop/": NO_PAGE,
    f"{ROWS}webhook/{OBJECT}/replay/": NO_PAGE,
    f"{ROWS}webhook/{OBJECT}/history/": READERS,
    "admin/auth/user/": OPERATORS,
    "admin/auth/user/add/": OPERATORS,
    f"admin/auth/user/{OBJECT}/": NO_PAGE,
    f"admin/auth/user/{OBJECT}/change/": OPERATORS,
    # Whoever leaves is shut out: its history would be deleted with it.
    f"admin/auth/user/{OBJECT}/delete/": NO_PAGE,
    f"admin/auth/user/{OBJECT}/history/": OPERATORS,
    # The account is that of a lender's person: with its password an operator would be that person.
    "admin/auth/user/<id>/password/": NO_PAGE,
    "admin/collections_app/event/": OPERATORS,
    "admin/collections_app/event/standing/": OPERATORS,
    "admin/collections_app/event/add/": NO_PAGE,
    f"admin/collections_app/event/{OBJECT}/": NO_PAGE,
    f"admin/collections_app/event/{OBJECT}/change/": OPERATORS,
    f"admin/collections_app/event/{OBJECT}/delete/": NO_PAGE,
    f"admin/collections_app/event/{OBJECT}/history/": OPERATORS,
    "admin/auth/group/": OPERATORS,
    "admin/auth/group/add/": OPERATORS,
    f"admin/auth/group/{OBJECT}/": NO_PAGE,
    f"admin/auth/group/{OBJECT}/change/": NO_PAGE,
    f"admin/auth/group/{OBJECT}/delete/": NO_PAGE,
    f"admin/auth/group/{OBJECT}/history/": NO_PAGE,
}


@pytest.fixture
def under_way(collected: Collection) -> Collection:
    """A collection that can still be withdrawn, with files already."""
    Collection.objects.filter(pk=collected.pk).update(status=Collection.Status.COLLECTING)
    factories.make_staff(collected.lender)
    return collected


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_page_opens_for_its_roles_alone(
    role: str, request: pytest.FixtureRequest, under_way: Collection
) -> None:
    browser = request.getfixturevalue(role)
    for route in admin_routes():
        response = browser.get(address_of(route, under_way))
        response.getvalue()
        assert (response.status_code == 200) == (role in AUDIENCES[route]), route


@pytest.mark.parametrize("role", sorted(READERS - OPERATORS))
def test_what_was_shared_is_downloaded_by_every_reader_of_the_lender(
    role: str, request: pytest.FixtureRequest, collected: Collection
) -> None:
    browser = request.getfixturevalue(role)
    assert browser.get(f"/{ROWS}collection/{collected.pk}/files/report.xlsx").getvalue()[:2] == b"PK"


@pytest.mark.parametrize("role", [StaffMember.Role.ANALYST, StaffMember.Role.AUDITOR])
def test_who_only_reads_changes_nothing(role: str, under_way: Collection, sign_in: SignIn) -> None:
    reader = sign_in(factories.make_staff(under_way.lender, role))
    before = list(under_way.events.values_list("pk", flat=True))
    for route in admin_routes():
        if route.startswith(ROWS):
            url = address_of(route, under_way)
            reader.post(url, {"form_key": "x", "post": "yes"}).getvalue()
    assert list(under_way.events.values_list("pk", flat=True)) == before
    under_way.refresh_from_db()
    assert under_way.status == Collection.Status.COLLECTING


def test_who_only_reads_is_offered_nothing_to_change(auditor: Client, under_way: Collection) -> None:
    page = auditor.get(f"/admin/collections_app/collection/{under_way.pk}/change/").content.decode()
    assert "Make a new link" not in page
    assert "Withdraw" not in page
    assert "Request reports" not in auditor.get("/admin/collections_app/collection/").content.decode()


def test_permissions_of_djangos_own_tables_open_no_users(sign_in: SignIn, under_way: Collection) -> None:
    from django.contrib.auth.models import Permission

    user = factories.make_staff(under_way.lender, StaffMember.Role.MANAGER)
    user.user_permissions.set(Permission.objects.all())
    browser = sign_in(user)
    assert browser.get("/admin/auth/user/").status_code == 403
    assert browser.get(f"/admin/collections_app/collection/{under_way.pk}/delete/").status_code == 403
