"""System checks: a wrong setting is named, with its cure."""

from pathlib import Path
from typing import Any

import pytest

from collections_app import checks
from portal.storage import storage_at


def test_the_settings_of_the_tests_pass() -> None:
    assert checks.vault_keys_are_keys() == []
    assert checks.gateway_is_trusted() == []
    assert checks.sender_is_set() == []


def test_a_bad_vault_key_is_an_error_that_says_how_to_make_one(settings: Any) -> None:
    settings.VAULT_KEYS = ["a bad key"]
    (error,) = checks.vault_keys_are_keys()
    assert error.id == "collections_app.E001"
    assert "VAULT_KEYS" in error.msg
    assert "a bad key" not in error.msg
    assert "os.urandom(32)" in (error.hint or "")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.intacct.com/ia/xml/xmlgw.phtml",
        "https://intacct.com.example/ia/xml/xmlgw.phtml",
        "https://evilintacct.com/ia/xml/xmlgw.phtml",
        "https://api.intacct.com@example.com/",
        "api.intacct.com",
        "",
    ],
)
def test_an_endpoint_that_is_not_sages_is_an_error(settings: Any, endpoint: str) -> None:
    settings.INTACCT_SANDBOX = False
    settings.INTACCT_ENDPOINT = endpoint
    (error,) = checks.gateway_is_trusted()
    assert error.id == "collections_app.E002"


@pytest.mark.parametrize("host", ["api.intacct.com", "www.intacct.com", "intacct.com", "API.INTACCT.COM"])
def test_sages_own_hosts_are_trusted(settings: Any, host: str) -> None:
    settings.INTACCT_SANDBOX = False
    settings.INTACCT_ENDPOINT = f"https://{host}/ia/xml/xmlgw.phtml"
    assert checks.gateway_is_trusted() == []


@pytest.mark.parametrize("name", ["INTACCT_SENDER_ID", "INTACCT_SENDER_PASSWORD"])
def test_a_missing_sender_is_a_warning(settings: Any, name: str) -> None:
    setattr(settings, name, "")
    (warning,) = checks.sender_is_set()
    assert name in warning.msg


def test_a_folder_that_cannot_be_made_is_an_error_in_a_sentence(settings: Any, tmp_path: Path) -> None:
    assert checks.folder_is_writable() == []
    (tmp_path / "a file").write_text("")
    settings.STORAGES = {**settings.STORAGES, "default": storage_at(str(tmp_path / "a file" / "reports"))}
    (error,) = checks.folder_is_writable()
    assert error.msg == "STORAGE_URL names a folder that cannot be made or written to."
    (refused,) = checks.storage_answers()
    assert "(NotADirectoryError)" in refused.msg or "(FileExistsError)" in refused.msg


def test_the_deployment_check_leaves_nothing_in_the_storage(reports_folder: Path) -> None:
    assert checks.storage_answers() == []
    assert [path for path in reports_folder.rglob("*") if path.is_file()] == []
