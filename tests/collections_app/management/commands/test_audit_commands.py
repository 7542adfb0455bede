"""`verifyaudit` and `showaudit`"""

import base64
import json
from typing import Any

from django.db import connection
from django.test import Client

from collections_app import events
from collections_app.models import Collection
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


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


def test_showaudit_tells_one_collection_one_person_and_one_thing(
    manage: Manage, collection: Collection
) -> None:
    events.note("lender.changed", by=OPERATOR, about="lender:harbor", fields=["link_days"])
    one = manage("showaudit", collection.reference)
    assert (one.code, len(one.out.splitlines())) == (0, collection.events.count())
    assert "Borrower: consent.given" in one.out
    thing = [
        json.loads(line)
        for line in manage("showaudit", "--about", "lender:harbor", "--json").out.splitlines()
    ]
    assert [(event["action"], event["data"]) for event in thing] == [
        ("lender.changed", {"fields": ["link_days"]})
    ]
    assert manage("showaudit", "--person", "a test").last.endswith(
        "lender:harbor  a test: lender.changed  fields=['link_days']"
    )
    assert manage("showaudit", "--from", "2999-01-01").out == ""
    assert is_one_sentence(manage("showaudit", "NONE-SUCH"))


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
    told = [json.loads(line) for line in manage("showaudit", "--json").out.splitlines()]
    assert [(event["action"], event["about"]) for event in told if event["action"].startswith("user.")] == [
        ("user.refused", f"user:{name}"),
        ("user.refused", "user unknown"),
        ("user.signed_in", f"user:{name}"),
        ("user.signed_out", f"user:{name}"),
    ]
    added = next(event for event in told if event["action"] == "desk.added")
    assert (added["actor_kind"], added["actor"], added["data"]["kind"]) == ("operator", name, "group")
