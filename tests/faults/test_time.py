"""F8: a machine whose clock jumps, a change of the time zone, and the night when clocks are put back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.scenes import (
    HOOKS,
    Books,
    assert_as_undisturbed,
    begun,
    end,
    units_done,
    wait_for_units,
    wait_until_complete,
)
from tests.installation import Installation, wait_until

HOUR = 3600
# In Toronto 02:00 became 01:00 for the second time.
CLOCKS_PUT_BACK = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
CLOCKS_PUT_FORWARD = datetime(2027, 3, 14, 7, 0, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Clock:
    """The time of every process of an installation, as the difference to the machine's own."""

    def __init__(self, installation: Installation, library: Path) -> None:
        self.file = installation.data / "clock"
        self.put(0)
        installation.environment |= {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            # A clock that is set does not change how long anything takes.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": HOOKS,
        }

    def put(self, seconds: float) -> None:
        self.file.write_text(f"{seconds:+.0f}\n")

    def put_to(self, moment: datetime) -> None:
        self.put((moment - datetime.now(UTC)).total_seconds())


@pytest.fixture
def clock(installation: Installation) -> Iterator[Clock]:
    """The installation under a clock that can be set; libfaketime is a package of Debian."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        pytest.skip("NOT TESTED: the Debian package libfaketime is not installed.")
    made = Clock(installation, library)
    installation.must("migrate", "--verbosity", "0")
    yield made


def lose_messages_and_children(installation: Installation, children: list[int]) -> None:
    """Now only the clock can find what stands still."""
    for child in children:
        end(child)
    for message in (installation.data / "broker" / "messages").iterdir():
        message.unlink(missing_ok=True)


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_an_hour_strands_nothing(
    installation: Installation, clock: Clock, small_books: Books, hours: int
) -> None:
    """Messages and children are lost after the jump as well, so that the run must be found by its row."""
    reference, worker = begun(installation, small_books, reply_seconds=0.2)
    wait_for_units(installation, 2, worker)
    clock.put(hours * HOUR)
    wait_for_units(installation, 2, worker)
    lose_messages_and_children(installation, pool_of(installation))
    before = units_done(installation)
    wait_until(lambda: units_done(installation) > before, "it is found by its row", worker, seconds=240)
    clock.put(0)
    wait_until_complete(installation, reference, worker, seconds=240)
    assert_as_undisturbed(installation, reference, small_books)


def pool_of(installation: Installation) -> list[int]:
    """The children that hold a unit."""
    held = "SELECT lease_owner FROM collections_app_workunit WHERE done_at IS NULL AND lease_owner <> ''"
    return [int(owner.rpartition(":")[2]) for (owner,) in installation.query(held)]


@pytest.mark.parametrize("moment", [CLOCKS_PUT_BACK, CLOCKS_PUT_FORWARD], ids=["back", "forward"])
def test_the_night_in_which_clocks_are_changed_is_like_any_other(
    installation: Installation, clock: Clock, small_books: Books, moment: datetime
) -> None:
    """An hour of the local clock comes twice, or not at all; the installation lives in Toronto."""
    installation.environment |= {"TIME_ZONE": "America/Toronto"}
    installation.sandbox(small_books.folder, more=("--reply-delay", "0.2"))
    clock.put((moment - datetime.now(UTC)).total_seconds() - 15)
    reference = installation.act("begin", *small_books.request)["reference"]
    clock.put((moment - datetime.now(UTC)).total_seconds() - 10)
    worker = installation.worker()
    wait_for_units(installation, 1, worker)
    clock.put((moment - datetime.now(UTC)).total_seconds() + 2)
    lose_messages_and_children(installation, pool_of(installation))
    before = units_done(installation)
    wait_until(lambda: units_done(installation) > before, "it is found by its row", worker, seconds=240)
    wait_until_complete(installation, reference, worker, seconds=240)
    assert_as_undisturbed(installation, reference, small_books)


def test_a_change_of_the_time_zone_in_the_middle_changes_no_figure(
    installation: Installation, small_books: Books
) -> None:
    installation.must("migrate", "--verbosity", "0")
    installation.sandbox(small_books.folder, more=("--reply-delay", "0.1"))
    reference = installation.act("begin", *small_books.request)["reference"]
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        installation.environment |= {"TIME_ZONE": zone, "TZ": zone}
        worker = installation.worker()
        wait_for_units(installation, 2, worker)
        worker.kill()
    worker = installation.worker()
    wait_until_complete(installation, reference, worker)
    assert_as_undisturbed(installation, reference, small_books)
