"""A gateway that is away, throttles, forgets sessions or takes a permission back in the middle."""

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from tests.faults.borrower import Borrower
from tests.faults.scenes import (
    PATIENT_LEASE,
    Books,
    assert_as_undisturbed,
    begun,
    mails,
    nobody_was_asked,
    status,
    wait_for_units,
    wait_until_complete,
)
from tests.installation import Installation, Process, wait_until
from tests.proxy import Proxy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# The gateway logs no requests; our client writes a line for each that was answered.
ANSWERED = re.compile(r"INFO intacct\.gateway \[[^]]*\]: (\w+.*): HTTP 200")


def answered(worker: Process) -> list[str]:
    """The calls of the client that the gateway answered."""
    return ANSWERED.findall(worker.log.read_text())


def hurry(installation: Installation) -> None:
    """The wait that grew in the outage is over: nobody can wait five minutes in a test."""
    installation.must(
        "shell", "--no-imports", "--command",
        "from django.utils import timezone\nfrom collections_app.models import Run\n"
        "Run.objects.filter(status='waiting').update(retry_at=timezone.now())",
    )  # fmt: skip


def test_a_gateway_that_is_away_for_longer_than_all_retries_is_waited_for_from_the_last_unit(
    embedded: Installation, small_books: Books
) -> None:
    """F10, with the waits cut short: it goes on where it stood, and asks at most 5 % more."""
    embedded.environment["RUN_LEASE_SECONDS"] = PATIENT_LEASE
    # Slow enough that units are left when the test has seen five of them done.
    slowly = ("--reply-delay", "0.3")
    gateway = embedded.sandbox(small_books.folder, more=slowly)
    clean = embedded.act("ready", *small_books.request)["reference"]
    worker = embedded.worker("clean")
    embedded.act("submit", clean)
    wait_until_complete(embedded, clean, worker)
    asked_at_least = len(answered(worker))
    assert asked_at_least > 20
    worker.kill()

    reference = embedded.act("ready", *small_books.request)["reference"]
    worker = embedded.worker("outage")
    embedded.act("submit", reference)
    wait_for_units(embedded, 5, worker)
    gateway.kill()
    kept = embedded.query("SELECT id, done_at FROM collections_app_workunit WHERE done_at IS NOT NULL")
    for waits in range(1, 6):
        wait_until(lambda: waits_so_far(embedded) >= waits, f"{waits} waits", worker)  # noqa: B023
        hurry(embedded)
    assert status(embedded, reference) in ("waiting", "running")
    embedded.sandbox(small_books.folder, more=slowly)
    hurry(embedded)
    wait_until_complete(embedded, reference, worker)
    assert_as_undisturbed(embedded, reference, small_books)
    assert set(kept) <= set(embedded.query("SELECT id, done_at FROM collections_app_workunit"))
    assert embedded.query("SELECT max(crashes) FROM collections_app_workunit") == [(0,)]
    # A sandbox that was started again knows no session: one more sign-in for each unit in hand.
    assert len(answered(worker)) <= asked_at_least * 1.05 + 4


def waits_so_far(installation: Installation) -> int:
    return int(installation.query("SELECT max(waits) FROM collections_app_run")[0][0])


def test_a_gateway_that_falls_silent_is_left_after_its_time_out_and_asked_again(
    embedded: Installation, small_books: Books
) -> None:
    with Proxy(embedded.gateway_port) as path:
        embedded.sandbox(small_books.folder)
        made = embedded.act("ready", *small_books.request)
        embedded.environment["INTACCT_ENDPOINT"] = f"http://127.0.0.1:{path.port}/ia/xml/xmlgw.phtml"
        worker = embedded.worker()
        embedded.act("submit", made["reference"])
        wait_for_units(embedded, 3, worker)
        path.fall_silent()
        time.sleep(8)
        path.recover()
        wait_until_complete(embedded, made["reference"], worker, seconds=120)
    assert_as_undisturbed(embedded, made["reference"], small_books)


@pytest.mark.parametrize(
    ("fault", "times"),
    [("session-death", 4), ("rate-limited", 8), ("retry-after=1", 6), ("down", 6), ("truncated", 3)],
)
def test_what_the_gateway_does_for_a_while_is_got_over(
    embedded: Installation, small_books: Books, fault: str, times: int
) -> None:
    """Sessions that die between pages, storms of 429, outages and cut answers in the middle."""
    # Requests before the collection begins are let through; then every request meets the fault for a while.
    reference = begin_beside(embedded, small_books, f"{fault},skip=4,times={times}")
    worker = embedded.worker()
    deadline = time.monotonic() + 240
    while not_complete(embedded, reference) and time.monotonic() < deadline:
        hurry(embedded)
    wait_until_complete(embedded, reference, worker, seconds=1)
    assert_as_undisturbed(embedded, reference, small_books)
    assert nobody_was_asked(embedded)


def begin_beside(installation: Installation, books: Books, fault: str) -> str:
    """Begins a collection; then the gateway is started again with the fault."""
    gateway = installation.sandbox(books.folder)
    reference = installation.act("begin", *books.request)["reference"]
    gateway.stop()
    installation.sandbox(books.folder, more=("--fault", fault))
    return reference


def not_complete(installation: Installation, reference: str) -> bool:
    return status(installation, reference) != "done"


def with_permissions(folder: Path, permissions: object) -> None:
    """Changes what the Web Services user may read."""
    description = json.loads((folder / "company.json").read_text())
    description["users"][0]["permissions"] = permissions
    (folder / "company.json").write_text(json.dumps(description))


def names_the_permission(mail: str) -> bool:
    return "lacks a permission that the reports need" in " ".join(mail.split())


def test_a_permission_that_is_taken_and_given_back_pauses_the_run_and_the_borrower_lets_it_go_on(
    embedded: Installation, small_books: Books, tmp_path: Path
) -> None:
    """Page and mail say what to do; the button tries the same sign-in again; finished units are kept."""
    folder = Path(shutil.copytree(small_books.folder, tmp_path / "company"))
    books = Books(folder, small_books.first, small_books.last, small_books.held)
    permissions = json.loads((folder / "company.json").read_text())["users"][0]["permissions"]
    gateway = embedded.sandbox(folder, more=("--reply-delay", "0.3"))
    made = embedded.act("begin", *books.request)
    worker = embedded.worker()
    wait_for_units(embedded, 3, worker)
    gateway.stop()
    with_permissions(folder, ["GLACCOUNT", "LOCATIONENTITY", "REPORTINGPERIOD"])
    gateway = embedded.sandbox(folder)
    with embedded.web() as address:
        borrower = Borrower(address)
        borrower.open(made["link"])
        wait_until(lambda: status(embedded, made["reference"]) == "needs_borrower", "it pauses", worker)
        kept = embedded.query("SELECT id, done_at FROM collections_app_workunit WHERE done_at IS NOT NULL")
        assert kept
        page = borrower.get("/collection/credentials/").text
        assert "Something is missing in Sage Intacct" in page
        assert "It is done: try again" in page
        missing = set(re.findall(r"<li>([^<]*(?:Accounts|General)[^<]*)</li>", page))
        assert missing, page
        # A mail is a file before its words are in it.
        wait_until(lambda: any(map(names_the_permission, mails(embedded))), "the borrower is told", worker)
        (mail,) = mails(embedded)
        assert "To: owner@birchwood.example" in mail
        gateway.stop()
        with_permissions(folder, permissions)
        embedded.sandbox(folder)
        again = borrower.post("/collection/credentials/", **{"try-again": "1"})
        assert again.headers["Location"] == "/collection/"
    wait_until_complete(embedded, made["reference"], worker)
    assert_as_undisturbed(embedded, made["reference"], small_books)
    assert set(kept) <= set(embedded.query("SELECT id, done_at FROM collections_app_workunit"))


@pytest.mark.parametrize("act", ["withdraw"])
def test_a_request_that_is_withdrawn_stops_within_the_units_in_hand(
    embedded: Installation, small_books: Books, act: str
) -> None:
    """What was in hand is dropped, nothing else is begun, and the password is gone."""
    reference, worker = begun(embedded, small_books, reply_seconds=1)
    wait_for_units(embedded, 1, worker)
    embedded.act(act, reference)
    # Whoever was storing at that moment was first; from now on nothing changes.
    done = embedded.query("SELECT id FROM collections_app_workunit WHERE done_at IS NOT NULL")
    asked = len(answered(worker))
    time.sleep(6)
    assert embedded.query("SELECT id FROM collections_app_workunit WHERE done_at IS NOT NULL") == done
    assert len(answered(worker)) <= asked + 4
    assert embedded.query("SELECT secret, session FROM collections_app_connection") == [(None, None)]
    settled = len(answered(worker))
    time.sleep(3)
    assert len(answered(worker)) == settled
