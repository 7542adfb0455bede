"""Many collections on PostgreSQL and Redis: gentle to each company, fair between lenders."""

from pathlib import Path

import pytest

from tests.installation import Installation
from tests.loads.together import Load, collect_together

LARGE, SMALL = 18, 2


@pytest.mark.services
@pytest.mark.timeout(900)
def test_twenty_collections_share_two_workers_gently_to_companies_and_fairly_to_lenders(
    services_installation: Installation, little_company: Path
) -> None:
    """The large lender's eighteen press Connect first. All of them ask about one of six companies, so that a
    company has more to be read than it may be asked for at a time.
    """
    large = [("large", f"C{number % 6}") for number in range(LARGE)]
    small = [("small", f"S{number}") for number in range(SMALL)]
    load = Load([*large, *small], "2026-07-01", "2026-08-31", reply_delay=0.02, browsers=LARGE + SMALL)
    outcome = collect_together(services_installation, little_company, load)

    assert len(outcome.collections) == LARGE + SMALL
    assert max(outcome.most_in_flight.values()) == 2
    assert outcome.lock_errors == 0
    statuses = [set(page["statuses"]) for page in outcome.pages["by_name"].values()]
    # A poll that is told that nothing is new gets a 304.
    assert set().union(*statuses) <= {"200", "302", "304"}

    ended = sorted(outcome.collections, key=lambda collection: float(collection["seconds"]))
    places = [place for place, collection in enumerate(ended) if collection["lender"] == "small"]
    assert max(places) < LARGE / 2, "the small lender waited behind the large one's collections"
