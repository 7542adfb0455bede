"""`createapikey`, `listapikeys`, `rotateapikey` and `revokeapikey`"""

import json

from collections_app.models import ApiKey, Event, Lender
from collections_app.services.api_keys import key_find
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def test_a_key_from_its_making_to_its_end(manage: Manage, lender: Lender) -> None:
    made = manage("createapikey", "--lender", "harbor", "--name", "Loans", "--scopes", "read,files")
    assert (made.code, made.last[:4]) == (0, "sbk_")
    assert key_find(made.last)
    number = str(ApiKey.objects.get().pk)
    listed = json.loads(manage("listapikeys", "--lender", "harbor", "--json").out)
    assert (listed["scopes"], listed["works"], str(listed["key"])) == ("read,files", True, number)
    rotated = manage("rotateapikey", number, "--grace-hours", "0")
    assert rotated.code == 0 and key_find(rotated.last) and not key_find(made.last)
    assert is_one_sentence(manage("rotateapikey", number))
    newest = str(ApiKey.objects.last().pk)  # type: ignore[union-attr]
    assert manage("revokeapikey", newest).code == 0
    assert is_one_sentence(manage("revokeapikey", newest))
    assert is_one_sentence(manage("revokeapikey", "999999"))
    assert is_one_sentence(manage("createapikey", "--lender", "harbor", "--name", "x", "--scopes", "all"))
    assert is_one_sentence(manage("createapikey", "--lender", "harbor", "--name", "x", "--days", "9999"))


def test_a_key_that_is_replaced_says_by_which_and_until_when_it_works(manage: Manage, lender: Lender) -> None:
    manage("createapikey", "--lender", "harbor", "--name", "Loans")
    old = ApiKey.objects.get()
    manage("rotateapikey", str(old.pk), "--grace-hours", "1")
    old.refresh_from_db()
    event = Event.objects.get(action="api_key.replaced")
    assert (event.about, event.data["key"], event.data["name"]) == ("lender:harbor", old.pk, "Loans")
    assert event.data["by_key"] == ApiKey.objects.exclude(pk=old.pk).get().pk
    assert event.data["until"] == old.expires_at.isoformat(timespec="seconds")


def test_a_new_key_is_printed_as_json(manage: Manage, lender: Lender) -> None:
    told = json.loads(manage("createapikey", "--lender", "harbor", "--name", "Loans", "--json").out)
    assert key_find(told.pop("secret"))
    listed = json.loads(manage("listapikeys", "--json").out)
    assert told == {name: listed[name] for name in ("key", "lender", "name", "scopes", "until")}
