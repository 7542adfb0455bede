"""The real scanner, with one signature of its own: the EICAR test string."""

import io
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collections_app.uploads.limits import MOST_BYTES
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.scanning import check_viruses
from tests.journeys.browser import missing
from tests.uploaded_files import EICAR, PDF, archive

pytestmark = pytest.mark.slow


def program() -> str:
    found = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not found:
        missing("clamd is not installed; `apt-get install clamav-daemon` installs it.")
    return found


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A scanner of this test's own, on a socket of its own, asked by the product."""
    (tmp_path / "local.ndb").write_text(f"Eicar-Local:0:*:{EICAR.hex()}\n")
    socket = tmp_path / "clamd.ctl"
    configuration = tmp_path / "clamd.conf"
    configuration.write_text(
        f"Foreground yes\nDatabaseDirectory {tmp_path}\nLocalSocket {socket}\nStreamMaxLength 26M\n"
        f"TemporaryDirectory {tmp_path}\n"
    )
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            [program(), "--config-file", str(configuration)], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            ends = time.monotonic() + 60
            while not socket.exists() and time.monotonic() < ends and running.poll() is None:
                time.sleep(0.1)
            assert socket.exists(), (tmp_path / "log").read_text()
            settings.CLAMAV_URL = f"unix://{socket}"
            yield running
        finally:
            running.terminate()
            running.wait(timeout=30)


def test_clamd_passes_the_clean_and_finds_the_test_virus_in_files_and_archives(
    clamd: subprocess.Popen[bytes],
) -> None:
    check_viruses(io.BytesIO(PDF), "tax.pdf")
    check_viruses(io.BytesIO(b"0" * MOST_BYTES), "large.csv")
    for content in (EICAR, b"Date,Amount\n" + EICAR, archive({"a/list.csv": EICAR})):
        with pytest.raises(UploadRefused, match="found something in it"):
            check_viruses(io.BytesIO(content), "list.csv")
    clamd.terminate()
    clamd.wait(timeout=30)
    with pytest.raises(UploadRefused, match="Try again later"):
        check_viruses(io.BytesIO(PDF), "tax.pdf")
