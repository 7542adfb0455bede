"""`doctor`: each thing that may be wrong is told with its cure, and none ends in a traceback."""

import base64
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from collections_app import notices, pulse
from collections_app.audit import guards
from collections_app.models import Collection, Connection, Notice
from intacct.sandbox import Sandbox
from tests.collecting import sign_in
from tests.collections_app.management.commands.conftest import Finished, Manage, is_one_sentence
from tests.servers import free_port


@pytest.fixture
def well(gateway: Sandbox, collection: Collection) -> Iterator[None]:
    """An installation on which everything works, settings of a test aside."""
    pulse.record()
    guards.install(connection)
    yield
    guards.remove(connection)


def wrong(finished: Finished) -> dict[str, str]:
    """The cures by area, of what is not well."""
    told = json.loads(finished.out)["findings"]
    assert all(each["sentence"].endswith(".") or each["sentence"].endswith(")") for each in told)
    assert all(each["cure"] for each in told if each["level"] != "ok")
    return {each["area"]: each["cure"] for each in told if each["level"] == "error"}


def look(manage: Manage, *more: str) -> Finished:
    return manage("doctor", "--json", "--skip", "settings,broker", *more)


def test_where_all_is_well_every_area_says_so(manage: Manage, well: None) -> None:
    finished = look(manage)
    assert (finished.code, wrong(finished)) == (0, {})
    areas = {each["area"] for each in json.loads(finished.out)["findings"]}
    assert areas >= {"keys", "database", "migrations", "clock", "workers", "storage", "room", "mail"}
    assert areas >= {"gateway", "housekeeping"}
    told = manage("doctor", "--skip", "settings,broker").out
    assert "ok       keys: VAULT_KEYS opens every key that is stored here." in told
    assert is_one_sentence(manage("doctor", "--skip", "moon"))


def test_a_missing_vault_key_is_found_and_never_printed(manage: Manage, well: None, settings: Any) -> None:
    old = settings.VAULT_KEYS
    settings.VAULT_KEYS = [base64.urlsafe_b64encode(bytes(32)).decode()]
    finished = look(manage)
    assert finished.code == 1 and "behind the newest" in wrong(finished)["keys"]
    settings.VAULT_KEYS = [*settings.VAULT_KEYS, *old]
    warned = look(manage)
    assert (warned.code, "rotatevaultkey" in warned.out) == (0, True)
    # Whoever only takes the key out then can no longer check what it signed.
    assert "step 4" in warned.out and "SIGNING_KEYS" in warned.out
    assert look(manage, "--strict").code == 1
    assert old[0] not in finished.out + warned.out


def test_a_silent_gateway_and_a_mail_server_that_is_away_are_found(
    manage: Manage, well: None, settings: Any
) -> None:
    settings.INTACCT_ENDPOINT = f"http://127.0.0.1:{free_port()}/ia/xml/xmlgw.phtml"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert set(wrong(look(manage))) == {"gateway", "mail"}


def test_mails_that_were_given_up_are_told_apart_from_those_that_wait(
    manage: Manage, well: None, collection: Collection
) -> None:
    for tries in (1, notices.MOST_TRIES):
        Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED, tries=tries)
    Notice.objects.update(created_at=timezone.now() - timedelta(days=2))
    finished = look(manage)
    assert "1 mails wait longer than ten minutes." in finished.out
    assert "1 mails were given up: refused by the mail server for a day, or put off for" in finished.out
    assert "then run sendmails" in finished.out


def test_a_storage_that_takes_nothing_is_found(manage: Manage, well: None, reports_folder: Path) -> None:
    reports_folder.write_text("a file where the folder should be")
    assert set(wrong(look(manage))) == {"storage"}


def test_what_the_clock_should_have_done_is_found(manage: Manage, well: None, collection: Collection) -> None:
    run = sign_in(collection)
    Connection.objects.update(saved_at=timezone.now() - timedelta(days=9))
    earlier = timezone.now() - timedelta(hours=1)
    type(run).objects.filter(pk=run.pk).update(served_at=earlier, created_at=earlier)
    finished = look(manage)
    assert set(wrong(finished)) == {"housekeeping"}
    assert f"The run of {collection.reference} stands still. No worker has taken it up." in finished.out


def test_missing_libraries_for_the_pdf_are_found_before_a_collection_needs_them(
    manage: Manage, well: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert "four packages" in wrong(look(manage))["drawing"]


def test_without_worker_and_guards_it_says_what_to_start(manage: Manage, gateway: Sandbox) -> None:
    finished = look(manage)
    assert "Start a worker" in wrong(finished)["workers"]
    assert "triggers are missing" in finished.out


def test_a_database_that_does_not_answer_is_a_finding_and_no_traceback(
    manage: Manage, well: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("postgres://user:secret@host is away")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        finished = look(manage)
    assert {"database", "migrations", "clock"} <= set(wrong(finished))
    assert "secret" not in finished.out + finished.error
