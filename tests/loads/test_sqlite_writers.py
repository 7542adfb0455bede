"""The embedded defaults under more writers than they are meant for."""

from pathlib import Path

import pytest

from tests.installation import Installation
from tests.loads.together import Load, collect_together


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_six_writers_on_sqlite_meet_no_locked_database(
    installation: Installation, little_company: Path
) -> None:
    """Three workers of two processes each write, and the web server and the borrowers' process besides."""
    borrowers = [("harbor", f"C{number}") for number in range(6)]
    load = Load(borrowers, "2026-08-01", "2026-08-31", workers=3, browsers=6)
    outcome = collect_together(installation, little_company, load)

    assert len(outcome.collections) == len(borrowers)
    assert outcome.lock_errors == 0
    assert max(outcome.most_in_flight.values()) <= 2
