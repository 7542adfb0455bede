"""gunicorn's configuration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BEGUN = """
import gc
from portal import webserver, wsgi
webserver.post_worker_init(None)
print(gc.get_freeze_count())
"""


@pytest.mark.slow
def test_a_process_does_not_look_for_garbage_in_what_it_has_loaded(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATA_DIR": str(tmp_path)}
    begun = subprocess.run(
        [sys.executable, "-c", BEGUN], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert int(begun.stdout) > 50_000
