"""The gateway of the in-process collections, and the place where all walks in a browser begin."""

from collections.abc import Iterator

import pytest

from tests.collecting import gateway, reports_folder, running_gateway
from tests.installation import Installation
from tests.journeys.browser import chromium
from tests.journeys.walking import Place, running_place

__all__ = ["gateway", "reports_folder", "running_gateway"]

# More than the walks need of any lender.
REQUESTS = 24


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Started once for all, because starting takes seconds."""
    folder = tmp_path_factory.mktemp("walks")
    with (
        Installation(folder / "data") as installation,
        chromium() as browser,
        running_place(installation, browser, folder / "companies", each=REQUESTS) as running,
    ):
        yield running
