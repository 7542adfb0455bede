from datetime import UTC, datetime

import pytest

from collections_app.admin.moments import moment
from collections_app.models import Lender


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "2 Mar 2026, 09:15 UTC"),
        ("America/Toronto", "2 Mar 2026, 04:15 EST"),
        ("America/Sao_Paulo", "2 Mar 2026, 06:15 UTC-03:00"),
        ("Asia/Kathmandu", "2 Mar 2026, 15:00 UTC+05:45"),
    ],
)
def test_a_time_is_shown_in_the_lenders_zone_which_is_named(zone: str, shown: str) -> None:
    assert moment(datetime(2026, 3, 2, 9, 15, tzinfo=UTC), Lender(time_zone=zone)) == shown
