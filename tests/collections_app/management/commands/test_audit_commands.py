"""`verifyaudit` and `showaudit`"""

import base64
import json
from typing import Any

from django.db import connection
from django.test import Client

from collections_app.models import Collection, Lender
from collections_app.services import api_keys
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.admin.test_lenders import DETAILS, page
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence

VIEWED = "desk.viewed"


def test_verifyaudit_proves_the_record_and_prints_its_head(manage: Manage, collection: Collection) -> None:
    finished = manage("verifyaudit", "--json")
    told = json.loads(finished.out)
    count = collection.events.count()
    assert (finished.code, finished.error) == (0, "")
    assert (told["ok"], told["links"], told["waiting"], told["findings"]) == (True, count, 0, [])
    again = manage("verifyaudit", "--head", told["head"])
    assert (again.code, again.last) == (0, f"Head {told['head']}")


def test_verifyaudit_tells_what_was_changed_and_fails(manage: Manage, collection: Collection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE collections_app_event SET actor = 'nobody' WHERE position = 2")
    finished = manage("verifyaudit")
    assert (finished.code, finished.error) == (1, "CommandError: Not as it was written: 1 findings.\n")
    assert "link 2, does not say what it said when it was written." in finished.out
    assert [finding["kind"] for finding in json.loads(manage("verifyaudit", "--json").out)["findings"]] == [
        "changed"
    ]


def test_verifyaudit_ends_with_a_code_of_its_own_when_it_cannot_tell(
    manage: Manage, collection: Collection, settings: Any
) -> None:
    assert manage("verifyaudit", "--head", "all is well").code == 2
    settings.VAULT_KEYS = [base64.urlsafe_b64encode(bytes(32)).decode()]
    finished = manage("verifyaudit")
    assert (finished.code, finished.out) == (2, "")
    assert "The audit key cannot be opened" in finished.error


def told(manage: Manage, *arguments: str) -> list[dict[str, Any]]:
    """The events that `showaudit` prints."""
    return [json.loads(line) for line in manage("showaudit", *arguments, "--json").out.splitlines()]


def test_showaudit_tells_one_collection_one_person_and_one_thing(
    manage: Manage, collection: Collection
) -> None:
    one = manage("showaudit", collection.reference)
    assert (one.code, len(one.out.splitlines())) == (0, collection.events.count())
    assert "Borrower: consent.given" in one.out
    lender = collection.lender
    api_keys.key_create(lender=lender, name="Loan system", scopes=["read"], days=30, by=OPERATOR)
    thing = told(manage, "--about", "lender:harbor")
    assert [(event["action"], event["data"]["name"]) for event in thing] == [
        ("api_key.created", "Loan system")
    ]
    said = manage("showaudit", "--person", "a test").last
    assert "lender:harbor  a test: api_key.created" in said and "scopes=['read']" in said
    assert manage("showaudit", "--from", "2999-01-01").out == ""
    assert is_one_sentence(manage("showaudit", "NONE-SUCH"))


def test_showaudit_says_when_nothing_fits(manage: Manage, collection: Collection) -> None:
    finished = manage("showaudit", "--json", "--about", "lender:misspelled")
    assert (finished.code, finished.out) == (0, "")
    assert finished.error.startswith("Nothing on the record fits")


def test_signing_in_and_out_and_every_change_in_the_admin_are_recorded(manage: Manage, db: None) -> None:
    operator = factories.make_operator()
    operator.set_password("a long enough password")
    operator.save()
    client = Client()
    name = operator.username
    for username, password, status in (
        (name, "wrong", 200),
        ("my-secret-password", "wrong", 200),
        (name, "a long enough password", 302),
    ):
        given = {"username": username, "password": password}
        assert client.post("/admin/login/", given).status_code == status
    assert client.post("/admin/auth/group/add/", {"name": "Night shift"}).status_code == 302
    client.logout()
    all_of_it = told(manage)
    signs = [event for event in all_of_it if event["action"].startswith("user.")]
    assert [(event["action"], event["about"]) for event in signs] == [
        ("user.refused", f"user:{name}"),
        ("user.refused", "user unknown"),
        ("user.signed_in", f"user:{name}"),
        ("user.signed_out", f"user:{name}"),
    ]
    added = next(event for event in all_of_it if event["action"] == "desk.added")
    assert (added["actor_kind"], added["actor"], added["data"]["kind"]) == ("operator", name, "group")


def test_a_lender_and_a_member_have_one_name_at_the_desk_and_by_command(
    manage: Manage, lender: Lender
) -> None:
    manager, colleague = factories.make_staff(lender), factories.make_staff(lender, "analyst")
    desk = Client()
    desk.force_login(manager)
    rows = "/admin/collections_app/"
    desk.post(page(lender), DETAILS)
    desk.post(
        f"{rows}staffmember/{colleague.staff_member.pk}/change/", {"role": "auditor", "is_active": "on"}
    )
    template = factories.make_request_template(lender, name="Yearly review")
    desk.post(f"{rows}requesttemplate/{template.pk}/delete/", {"post": "yes"})
    manage("resetsignin", colleague.username, "--unlock")
    changes = [each for each in told(manage, "--about", f"lender:{lender.slug}") if each["action"] != VIEWED]
    assert [(each["action"], each["actor"], each["data"]["name"]) for each in changes] == [
        ("desk.changed", manager.username, lender.name),
        ("desk.deleted", manager.username, "Yearly review"),
    ]
    of_colleague = told(manage, "--about", f"user:{colleague.username}")
    assert [(each["actor_kind"], each["data"]["change"]) for each in of_colleague] == [
        ("staff", "Role changed from analyst to auditor."),
        ("operator", "The wait after wrong passwords was ended."),
    ]


def test_a_look_at_each_of_a_lenders_keys_is_in_the_record_under_the_lender(
    manage: Manage, lender: Lender
) -> None:
    desk = Client()
    desk.force_login(factories.make_staff(lender))
    keys = [factories.make_api_key(lender) for _two in range(2)]
    for key in [*keys, keys[0]]:
        desk.get(f"/admin/collections_app/apikey/{key.pk}/change/")
    looks = told(manage, "--about", f"lender:{lender.slug}")
    assert [(each["action"], each["data"]["id"]) for each in looks] == [(VIEWED, str(key.pk)) for key in keys]
