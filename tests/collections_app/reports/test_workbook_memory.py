"""The workbook's memory does not grow with the ledger."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_five_times_the_lines_need_hardly_more_memory(tmp_path: Path) -> None:
    peaks = []
    for lines in ("20000", "100000"):
        command = [sys.executable, "-m", "tests.benchmarks.workbook_writer", "detail"]
        sizes = [str(tmp_path / "report.xlsx"), lines, "12", "100", "0"]
        ended = subprocess.run([*command, *sizes], check=True, stdout=subprocess.PIPE, text=True)
        peaks.append(json.loads(ended.stdout)["peak_kib"])
    # One month's lines are held at once: of 80,000 lines more, less than 7,000.
    assert peaks[1] < 1.5 * peaks[0]
