"""`rotatevaultkey`"""

import base64
import json
from typing import Any

from collections_app.models import Collection, Lender
from tests import factories
from tests.collecting import sign_in, started
from tests.collections_app.management.commands.conftest import Manage

NO_COMPANIES = {"companies_moved": 0, "companies_left": 0}
NEW = base64.urlsafe_b64encode(bytes(32)).decode()


def test_it_says_what_it_moved_and_that_nothing_is_left(
    manage: Manage, collection: Collection, settings: Any
) -> None:
    settings.VAULT_KEYS = [NEW, *settings.VAULT_KEYS]
    finished = manage("rotatevaultkey")
    assert (finished.code, finished.error) == (0, "")
    assert finished.out == "2 moved to the newest key, 0 still on an older key.\n"
    again = manage("rotatevaultkey", "--json")
    assert (again.code, json.loads(again.out)) == (0, {"moved": 0, "left": 0} | NO_COMPANIES)


def test_a_rehearsal_fails_while_an_older_key_is_needed(
    manage: Manage, collection: Collection, settings: Any
) -> None:
    settings.VAULT_KEYS = [NEW, *settings.VAULT_KEYS]
    finished = manage("rotatevaultkey", "--dry-run", "--json")
    assert (finished.code, json.loads(finished.out)) == (1, {"moved": 0, "left": 2} | NO_COMPANIES)
    assert "The older keys are still needed" in finished.error


def test_an_old_key_that_is_missing_is_asked_for(
    manage: Manage, collection: Collection, settings: Any
) -> None:
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = [NEW]
    finished = manage("rotatevaultkey")
    assert finished.code == 1
    assert "not in VAULT_KEYS. Put the old key back" in finished.error
    assert old[0] not in finished.error + finished.out
    settings.VAULT_KEYS = [NEW, *old]
    assert manage("rotatevaultkey").code == 0


def test_after_a_change_of_the_secret_key_it_says_which_companies_are_known_again(
    manage: Manage, lender: Lender, settings: Any
) -> None:
    sign_in(started(lender), "ANOTHER")
    factories.collected_collection(lender)
    settings.SECRET_KEY = "another key " * 6
    rehearsed = manage("rotatevaultkey", "--dry-run", "--json")
    assert json.loads(rehearsed.out) == {"moved": 0, "left": 0, "companies_moved": 0, "companies_left": 2}
    finished = manage("rotatevaultkey")
    assert (finished.code, finished.error) == (0, "")
    assert "known by today’s SECRET_KEY again: 1." in finished.out
    assert "still known by an earlier SECRET_KEY: 1. One with a run under way" in finished.out
    assert finished.out.splitlines()[-1] == "0 moved to the newest key, 0 still on an older key."
