"""A collection in an installation that something befalls, and what must hold at its end."""

import os
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.installation import ROOT, Installation, Process, wait_until

# For tests that want no unit taken over: a worker that gets no turn for some seconds has not lost it.
PATIENT_LEASE = "30"
HOOKS = str(ROOT / "tests" / "faults" / "hooks")


@dataclass(frozen=True)
class Books:
    """A company, the period that is asked for, and what is held of it after an undisturbed collection."""

    folder: Path
    first: str
    last: str
    held: dict[str, str]

    @property
    def request(self) -> tuple[str, str, str]:
        return str(self.folder), self.first, self.last


def undisturbed(installation: Installation, folder: Path, first: str, last: str) -> Books:
    """Collects once where nothing happens."""
    installation.must("migrate", "--verbosity", "0")
    installation.sandbox(folder)
    made = installation.act("collect", str(folder), first, last)
    return Books(folder, first, last, installation.act("holdings", made["reference"]))


def begun(installation: Installation, books: Books, *, reply_seconds: float = 0) -> tuple[str, Process]:
    """A collection under way with one worker and a gateway that slow: its reference, and the worker."""
    installation.sandbox(books.folder, more=("--reply-delay", str(reply_seconds)))
    reference = installation.act("begin", *books.request)["reference"]
    return reference, installation.worker()


def status(installation: Installation, reference: str) -> str:
    """The status of the collection's newest run."""
    return _newest_run(installation, reference)[0]


def _newest_run(installation: Installation, reference: str) -> tuple[str, str]:
    """Its status, and what the operator is told of what stops it."""
    newest = (
        "SELECT run.status, run.problem_detail FROM collections_app_run run"
        " JOIN collections_app_collection collection ON collection.id = run.collection_id"
        " WHERE reference = :reference ORDER BY run.id DESC LIMIT 1"
    )
    found, problem = installation.query(newest, reference=reference)[0]
    return str(found), str(problem)


def is_complete(installation: Installation, reference: str) -> bool:
    stands = "SELECT status FROM collections_app_collection WHERE reference = :reference"
    return installation.query(stands, reference=reference) == [("submitted",)]


def units_done(installation: Installation) -> int:
    done = "SELECT count(*) FROM collections_app_workunit WHERE done_at IS NOT NULL"
    return int(installation.query(done)[0][0])


def wait_for_units(installation: Installation, more: int, worker: Process, seconds: float = 60) -> None:
    """Until so many more units are done than now."""
    enough = units_done(installation) + more
    wait_until(lambda: units_done(installation) >= enough, f"{more} more units are done", worker, seconds)


def wait_until_complete(
    installation: Installation, reference: str, worker: Process | None = None, seconds: float = 120
) -> None:
    complete = f"collection {reference} is complete"
    try:
        wait_until(lambda: is_complete(installation, reference), complete, worker, seconds)
    except AssertionError as error:
        error.add_note("Its newest run: {}, problem: {}.".format(*_newest_run(installation, reference)))
        raise


def assert_as_undisturbed(installation: Installation, reference: str, books: Books) -> None:
    """Tables, balances and reports are those of an undisturbed collection; the password is gone."""
    held = installation.act("holdings", reference)
    assert {name for name in held | books.held if held.get(name) != books.held.get(name)} == set()
    actions = (
        "SELECT action FROM collections_app_event event JOIN collections_app_collection collection"
        " ON collection.id = event.collection_id WHERE reference = :reference"
    )
    happened = Counter(action for (action,) in installation.query(actions, reference=reference))
    assert happened["collection.submitted"] == happened["credentials.destroyed"] == 1
    assert happened["run.done"] == 3
    # Another collection may be under way and still need its own.
    kept = (
        "SELECT count(*) FROM collections_app_connection connection"
        " JOIN collections_app_collection collection"
        " ON collection.id = connection.collection_id WHERE secret IS NOT NULL AND reference = :reference"
    )
    assert installation.query(kept, reference=reference) == [(0,)]


def nobody_was_asked(installation: Installation) -> bool:
    """Whether neither borrower nor operator had to do anything."""
    asked = "SELECT count(*) FROM collections_app_event WHERE action LIKE 'run.needs%'"
    return installation.query(asked) == [(0,)]


def mails(installation: Installation) -> list[str]:
    """What was mailed so far."""
    folder = installation.data / "mail"
    return [path.read_text() for path in sorted(folder.iterdir())] if folder.exists() else []


def children_of(process: Process) -> list[int]:
    """The children of a worker that do its work and keep its clock."""
    return [member for member in process.members() if member != process.process.pid]


def end(process_id: int, number: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, number)


def is_alive(process_id: int) -> bool:
    """Whether the process runs; one that is dead and not yet buried does not."""
    try:
        return Path("/proc", str(process_id), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
