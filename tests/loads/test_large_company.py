"""A company four times as large takes no more memory to collect."""

from pathlib import Path

import pytest

from tests.installation import Installation
from tests.loads.companies import generate
from tests.loads.large import collect

SMALL, LARGE = 50_000, 200_000


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_the_memory_of_the_worker_does_not_grow_with_the_company(tmp_path: Path) -> None:
    collected = {}
    for lines in (SMALL, LARGE):
        company = generate(tmp_path / f"company-{lines}", "LARGE", gl_lines=lines, months=36)
        with Installation(tmp_path / f"data-{lines}") as running:
            collected[lines] = collect(running, company, "LARGE")
    small, large = collected[SMALL], collected[LARGE]
    assert large.lines > 3 * small.lines
    assert large.worker_mib < 1.15 * small.worker_mib
    assert large.stored_bytes < 1.2 * small.stored_bytes * large.lines / small.lines
