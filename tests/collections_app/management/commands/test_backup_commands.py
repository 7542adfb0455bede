"""`backup`, `checkbackup` and `restore`: what is put away can be proved, and comes back."""

import base64
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from collections_app import events, logos
from collections_app.audit.verification import audit_verify
from collections_app.models import Lender
from collections_app.services import backing_up
from collections_app.services.lenders import lender_logo_set
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence
from tests.installation import ROOT, Installation
from tests.servers import new_database

LOGO = b"\x89PNG\r\n\x1a\n" + b"\0" * 4 + b"IHDR" + b"a picture"


@pytest.fixture
def backup(manage: Manage, tmp_path: Path) -> Path:
    """A backup of one complete collection."""
    collection = factories.collected_collection()
    lender_logo_set(lender=collection.lender, content=LOGO)
    folder = tmp_path / "backup"
    finished = manage("backup", "--to", str(folder))
    assert (finished.code, finished.last) == (0, str(folder)), finished.error
    return folder


def check(folder: Path, keys: list[str], *more: str) -> tuple[int, dict[str, Any]]:
    """In a process of its own: within a test Django lets nobody open a second database."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAULT_KEYS": ",".join(keys)}
    command = [sys.executable, "manage.py", "checkbackup", str(folder), "--json", *more]
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return finished.returncode, json.loads(finished.stdout)


@pytest.mark.slow
def test_a_good_backup_is_proved(backup: Path, settings: Any) -> None:
    code, told = check(backup, settings.VAULT_KEYS)
    assert (code, told["problems"], told["collections"], told["keys"]) == (0, [], 1, 1)
    assert told["files"] >= 2 and told["links"] >= 1
    assert check(backup, settings.VAULT_KEYS, "--quick")[0] == 0


def check_anew(folder: Path, keys: list[str]) -> dict[str, Any]:
    code, told = check(folder, keys, "--quick")
    assert code == 0, told
    return told


@pytest.mark.slow
def test_what_happens_while_a_backup_is_made_does_not_look_like_tampering(
    manage: Manage, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody looks at a page between the copy of the database and the end of the backup."""
    copied = backing_up.dump

    def copied_and_looked_at(target: Path) -> None:
        copied(target)
        events.note("desk.looked", by=OPERATOR)

    monkeypatch.setattr(backing_up, "dump", copied_and_looked_at)
    factories.make_collection()
    folder = tmp_path / "backup"
    assert manage("backup", "--to", str(folder)).code == 0
    head = json.loads((folder / "manifest.json").read_text())["audit_head"]
    told = check_anew(folder, settings.VAULT_KEYS)
    assert told["head"] == head
    assert told["head"] != str(audit_verify().head)


@pytest.mark.slow
def test_the_head_of_a_dump_that_was_made_elsewhere_is_told_by_whoever_opens_it(
    manage: Manage, backup: Path, tmp_path: Path, settings: Any
) -> None:
    before = json.loads((backup / "manifest.json").read_text())["audit_head"]
    folder = tmp_path / "from a dump"
    finished = manage("backup", "--to", str(folder), "--dump", str(backup / "database.sqlite3"))
    assert "checkbackup prints the head of its record" in finished.out
    assert json.loads((folder / "manifest.json").read_text())["audit_head"] == ""
    assert check_anew(folder, settings.VAULT_KEYS)["head"] == before


@pytest.mark.slow
def test_a_database_without_the_head_that_its_backup_noted_is_not_good(backup: Path, settings: Any) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    later = f"{int(manifest['audit_head'].partition(':')[0]) + 1}:{'0' * 64}"
    (backup / "manifest.json").write_text(json.dumps(manifest | {"audit_head": later}))
    code, told = check(backup, settings.VAULT_KEYS)
    assert code == 1 and "is missing: 1 removed." in told["problems"][0]


@pytest.mark.slow
def test_what_is_damaged_or_missing_is_named(backup: Path, settings: Any) -> None:
    first, second = sorted((backup / "files").rglob("*.sealed"))[:2]
    content = bytearray(first.read_bytes())
    content[-1] ^= 1
    first.write_bytes(bytes(content))
    second.unlink()
    code, told = check(backup, settings.VAULT_KEYS)
    assert code == 1
    assert f"The file {first.relative_to(backup / 'files')} is damaged." in told["problems"]
    assert f"The file {second.relative_to(backup / 'files')} is missing." in told["problems"]
    with closing(sqlite3.connect(backup / "database.sqlite3")) as database:
        database.execute("UPDATE collections_app_event SET actor = 'x'")
        database.commit()
    assert check(backup, settings.VAULT_KEYS)[1]["problems"] == [
        "The copy of the database is damaged or missing."
    ]


@pytest.mark.slow
def test_a_damaged_backup_is_not_put_back(backup: Path, tmp_path: Path) -> None:
    """In a process of its own, with a database that is not there yet."""
    sealed = next((backup / "files").rglob("*.sealed"))
    sealed.write_bytes(b"something else")
    elsewhere = tmp_path / "elsewhere"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATA_DIR": str(elsewhere),
        "DEBUG": "1",
    }
    command = [sys.executable, "manage.py", "restore", str(backup)]
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert f"The file {sealed.relative_to(backup / 'files')} is damaged." in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not list(elsewhere.rglob("*.sealed"))


def test_the_lenders_logos_are_in_it(backup: Path) -> None:
    name = logos.place(Lender.objects.get().logo)
    assert (backup / "files" / name).read_bytes() == LOGO
    assert name in json.loads((backup / "manifest.json").read_text())["files"]


@pytest.mark.slow
def test_a_logo_that_is_missing_or_another_is_named(backup: Path, settings: Any) -> None:
    name = logos.place(Lender.objects.get().logo)
    manifest = json.loads((backup / "manifest.json").read_text())
    told = manifest["files"].pop(name)
    for files, said in (
        (manifest["files"], f"The database refers to {name}, which is not in the backup."),
        (
            manifest["files"] | {name: told | {"sha256": sha256(b"x").hexdigest()}},
            "not the picture that it was",
        ),
    ):
        (backup / "manifest.json").write_text(json.dumps(manifest | {"files": files}))
        code, found = check(backup, settings.VAULT_KEYS)
        assert code == 1 and said in " ".join(found["problems"])


def test_nobody_else_on_the_machine_reads_a_backup(manage: Manage, backup: Path, tmp_path: Path) -> None:
    elsewhere, dump = tmp_path / "made before", tmp_path / "dump"
    elsewhere.mkdir(mode=0o755)
    dump.write_bytes((backup / "database.sqlite3").read_bytes())
    dump.chmod(0o644)
    assert manage("backup", "--to", str(elsewhere), "--dump", str(dump)).code == 0
    for folder in (backup, elsewhere):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert next(folder.glob("database.*")).stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_backup_whose_key_is_not_at_hand_is_no_backup(backup: Path) -> None:
    code, told = check(backup, [base64.urlsafe_b64encode(bytes(32)).decode()])
    assert (code, told["keys"]) == (1, 0)
    assert told["problems"] == [
        "1 data keys do not open with VAULT_KEYS: an older key is missing.",
        "The audit key does not open with VAULT_KEYS.",
    ]


def test_what_cannot_be_backed_up_or_checked_is_said_in_one_sentence(
    manage: Manage, backup: Path, tmp_path: Path, reports_folder: Path
) -> None:
    assert is_one_sentence(manage("backup", "--to", str(backup)))
    assert is_one_sentence(manage("checkbackup", str(tmp_path / "nowhere")))
    assert is_one_sentence(manage("restore", str(backup)))
    next(reports_folder.rglob("*.sealed")).unlink()
    finished = manage("backup", "--to", str(tmp_path / "again"))
    assert is_one_sentence(finished) and "1 files are not in the storage" in finished.error
    assert is_one_sentence(manage("checkbackup", str(tmp_path / "again")))


def put_away_and_back(running: Installation, elsewhere: Installation) -> None:
    running.prepare()
    running.invite("2026-01-01", "2026-01-31", "--no-email")
    listed = running.must("listcollections")
    folder = running.data / "backup"
    running.must("backup", "--to", str(folder))
    # Life goes on there.
    running.must("createlender", "--slug", "later", "--name", "Later Bank")
    checked = json.loads(running.must("checkbackup", str(folder), "--json"))
    assert checked["ok"] is True
    elsewhere.must("restore", str(folder))
    elsewhere.must("migrate", "--verbosity", "0")
    assert elsewhere.must("listcollections") == listed
    head = json.loads((folder / "manifest.json").read_text())["audit_head"]
    assert checked["head"] == head
    assert json.loads(elsewhere.must("verifyaudit", "--json", "--head", head))["ok"] is True
    newest = json.loads(elsewhere.must("showaudit", "--json").splitlines()[-1])
    assert (newest["action"], newest["actor"], newest["data"]["head"]) == ("backup.restored", "restore", head)


@pytest.mark.slow
def test_a_restored_installation_is_the_one_that_was_put_away(
    installation: Installation, tmp_path: Path
) -> None:
    with Installation(tmp_path / "elsewhere") as elsewhere:
        put_away_and_back(installation, elsewhere)


@pytest.mark.services
def test_on_postgresql_too(services_installation: Installation, tmp_path: Path) -> None:
    address = services_installation.environment["DATABASE_URL"]
    empty = new_database(address, "strongbox_restored")
    try:
        with Installation(tmp_path / "elsewhere", DATABASE_URL=empty) as elsewhere:
            put_away_and_back(services_installation, elsewhere)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE strongbox_restored WITH (FORCE)")
            left = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE '%checkbackup%'")
            assert left.fetchone() == (0,)
