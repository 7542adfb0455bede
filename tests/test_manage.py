"""`manage.py` where it cannot do its work: one sentence on standard error."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_a_missing_key_is_named_in_one_sentence(tmp_path: Path) -> None:
    refused = manage("listcollections", SECRET_KEY="", DATA_DIR=str(tmp_path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("SECRET_KEY is not set.")
    assert len(refused.stderr.splitlines()) == 1


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    refused = manage("listcollections", DATA_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database is not ready (no such table")
    assert "run `manage.py migrate`" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_traceback_is_there_for_whoever_asks(tmp_path: Path) -> None:
    asked = manage("listcollections", "--traceback", SECRET_KEY="", DATA_DIR=str(tmp_path))
    assert "Traceback" in asked.stderr and "SECRET_KEY is not set." in asked.stderr
