"""The settings refuse to start on what cannot work, and name the variable."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.environment import Environment

ROOT = Path(__file__).parents[2]
KEY = "dGhlIHZhdWx0IGtleSBvZiB0aGUgdGVzdHMsIDMyIGI="
Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Reads the settings from this environment and no other."""

    def settings(**environment: str) -> dict[str, Any]:
        for name in list(os.environ):
            monkeypatch.delenv(name)
        # What was read from a file once is kept for the life of a process.
        Environment.ENVIRON.files_cache.clear()
        base = {"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": "x" * 60, "VAULT_KEYS": KEY}
        for name, value in (base | environment).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "portal" / "settings.py"))

    return settings


@pytest.mark.parametrize("name", ["SECRET_KEY", "VAULT_KEYS"])
def test_without_a_secret_nothing_starts_and_the_secret_is_named(tmp_path: Path, name: str) -> None:
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 60, "VAULT_KEYS": KEY, name: ""}
    finished = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode != 0
    assert finished.stderr.splitlines()[-1].endswith(
        f"{name} is not set. Set it in the environment, or {name}_FILE to a file that holds it."
    )


def test_debug_alone_allows_stand_ins(load: Load) -> None:
    assert load(SECRET_KEY="", VAULT_KEYS="", DEBUG="1")["SECRET_KEY"].startswith("only-for-debugging")


def test_a_secret_may_be_in_a_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file" * 5)
    assert load(SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key"))["SECRET_KEY"] == "from-a-file" * 5


def test_the_line_break_that_ends_a_file_is_no_part_of_the_secret(load: Load, tmp_path: Path) -> None:
    (tmp_path / "sender").write_text("sender password\n")
    (tmp_path / "address").write_text("postgres://user:word@host/strongbox\n")
    loaded = load(
        INTACCT_SENDER_PASSWORD_FILE=str(tmp_path / "sender"), DATABASE_URL_FILE=str(tmp_path / "address")
    )
    assert loaded["INTACCT_SENDER_PASSWORD"] == "sender password"
    assert loaded["DATABASES"]["default"]["NAME"] == "strongbox"


def test_a_name_with_nothing_behind_it_is_as_if_it_were_not_there(load: Load) -> None:
    names = [
        "STAFF_TWO_FACTOR",
        "ERASE_AFTER_RETENTION",
        "STORAGE_URL",
        "STATIC_ROOT",
        "DATABASE_URL",
        "EMAIL_URL",
        "BASE_URL",
        "INTACCT_ENDPOINT",
        "CREDENTIAL_HOURS",
    ]
    without = load()
    blank = load(**dict.fromkeys(names, ""))
    assert {name: blank[name] for name in without if name.isupper() and name != "DATABASES"} == {
        name: without[name] for name in without if name.isupper() and name != "DATABASES"
    }
    assert blank["DATABASES"]["default"]["NAME"] == without["DATABASES"]["default"]["NAME"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "a short one"),
        ("CELERY_BROKER_URL", "garbage"),
        ("CELERY_BROKER_URL", "http://redis:6379/0"),
        ("LOG_FORMAT", "yaml"),
        ("BORROWER_IDLE_MINUTES", "5"),
        ("CREDENTIAL_HOURS", "three days"),
        ("CREDENTIAL_HOURS", "0"),
        ("RUN_LEASE_SECONDS", "-1"),
        ("RUN_RECOVERY_SECONDS", "ten"),
        ("WORKER_NICENESS", "20"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "ftp://host/name"),
        ("STORAGE_URL", "reports"),
        ("STORAGE_URL", "ftp://host/folder"),
        ("STORAGE_URL", "s3://"),
        ("STORAGE_URL", "s3://bucket?zone=x"),
        ("STORAGE_URL", "s3://id@bucket"),
        ("STORAGE_URL", "s3://bucket?endpoint_url=minio:9000"),
        ("EMAIL_URL", "garbage"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("DEBUG", "perhaps"),
        ("INTACCT_SANDBOX", "perhaps"),
        ("BEHIND_PROXY", "2"),
        ("BASE_URL", "lender.example"),
        ("BASE_URL", "ftp://lender.example"),
    ],
)
def test_a_value_that_cannot_be_right_stops_the_start_and_is_named(load: Load, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        load(**{name: value})
    assert str(refusal.value).endswith(".")


def test_what_shows_strangers_the_inside_does_not_start_where_strangers_come(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be off"):
        load(DEBUG="1", BASE_URL="https://lender.example")


@pytest.mark.parametrize("value", ["1", "on", "ON", "true", "yes", " on "])
def test_a_switch_is_on_in_the_usual_spellings(load: Load, value: str) -> None:
    assert load(INTACCT_SANDBOX=value)["INTACCT_SANDBOX"] is True


@pytest.mark.parametrize("value", ["0", "off", "False", "no", ""])
def test_a_switch_is_off_in_the_usual_spellings(load: Load, value: str) -> None:
    assert load(INTACCT_SANDBOX=value)["INTACCT_SANDBOX"] is False


def test_on_https_cookies_are_bound_to_the_host_and_transport(load: Load) -> None:
    settings = load(BASE_URL="https://lender.example")
    assert settings["SESSION_COOKIE_NAME"] == "__Host-session"
    assert settings["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert settings["SECURE_PROXY_SSL_HEADER"] is None


def test_the_defaults_are_closed(load: Load) -> None:
    settings = load()
    assert (settings["DEBUG"], settings["ALLOWED_HOSTS"], settings["INTACCT_SANDBOX"]) == (False, [], False)
    assert settings["INTACCT_ENDPOINT"] == "https://api.intacct.com/ia/xml/xmlgw.phtml"
    assert settings["CREDENTIAL_HOURS"] == 72
    assert settings["BEHIND_PROXY"] is False


def test_the_database_waits_for_its_writers(load: Load) -> None:
    options = load()["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 20
    assert "journal_mode=WAL" in options["init_command"]
    assert "transaction_mode" not in load(DATABASE_URL="postgres://u:p@h/n")["DATABASES"]["default"].get(
        "OPTIONS", {}
    )


def test_what_the_product_keeps_is_its_own_users_alone(load: Load, tmp_path: Path) -> None:
    load()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
