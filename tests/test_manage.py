"""`manage.py` where it cannot do its work: one sentence on standard error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", ["listcollections", "makemigrations"])
def test_a_missing_key_is_named_in_one_sentence(command: str, tmp_path: Path) -> None:
    refused = manage(command, SECRET_KEY="", DATA_DIR=str(tmp_path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("SECRET_KEY is not set.")
    assert len(refused.stderr.splitlines()) == 1


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    refused = manage("listcollections", DATA_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database is not ready (no such table")
    assert "run `manage.py migrate`" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def cures(**environment: str) -> dict[str, set[str]]:
    """What the doctor says to do about each area that is wrong."""
    looked = manage("doctor", "--json", "--skip", "mail,gateway", **environment)
    told: dict[str, set[str]] = {}
    for each in json.loads(looked.stdout)["findings"]:
        if each["level"] == "error":
            told.setdefault(each["area"], set()).add(each["cure"])
    return told


@pytest.mark.slow
def test_the_doctor_of_a_new_installation_names_the_next_command_and_no_fault_of_the_database(
    tmp_path: Path,
) -> None:
    first = cures(DATA_DIR=str(tmp_path))
    assert not any("DATABASE_URL" in cure for area in first.values() for cure in area)
    assert first["workers"] == {"Run migrate, then look again."}
    assert any("collectstatic" in cure for cure in first["static"])
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        assert manage(*command, DATA_DIR=str(tmp_path)).returncode == 0
    assert set(cures(DATA_DIR=str(tmp_path))) == {"workers"}


def test_the_traceback_is_there_for_whoever_asks(tmp_path: Path) -> None:
    asked = manage("listcollections", "--traceback", SECRET_KEY="", DATA_DIR=str(tmp_path))
    assert "Traceback" in asked.stderr and "SECRET_KEY is not set." in asked.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["help", "version"])
def test_a_reader_that_has_enough_ends_the_command_without_a_word(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as output:
        ended = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": ""},
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (1, "")
