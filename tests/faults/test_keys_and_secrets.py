"""F11: keys that change while jobs run; and secrets, looked for wherever they could be left."""

import base64
import re
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

from tests.faults.borrower import Borrower
from tests.faults.scenes import (
    Books,
    assert_as_undisturbed,
    begun,
    is_complete,
    nobody_was_asked,
    status,
    wait_for_units,
    wait_until_complete,
)
from tests.installation import SENDER_PASSWORD, Installation, wait_until

NEW_KEY = base64.urlsafe_b64encode(b"a new key of the vault, 32 bytes").decode()
BORROWERS_PASSWORD = "q7Tv-Em2x-Kd9w"
WRONG_PASSWORD = "Canary-Wrong-Password-77!"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_key_that_is_replaced_while_jobs_run_stops_none_of_them(
    embedded: Installation, small_books: Books
) -> None:
    """F11: known, then the newest, workers restarted in turn, `rotatevaultkey` beside them, then alone."""
    # So slow that work is left when the last worker has started, however long that takes.
    reference, worker = begun(embedded, small_books, reply_seconds=2)
    wait_for_units(embedded, 2, worker)
    old_key = embedded.environment["VAULT_KEYS"]
    for number, keys in enumerate((f"{old_key},{NEW_KEY}", f"{NEW_KEY},{old_key}")):
        embedded.environment["VAULT_KEYS"] = keys
        before, worker = worker, embedded.worker(f"next-{number}")
        wait_for_units(embedded, 2, worker)
        before.stop()
    assert embedded.must("rotatevaultkey").endswith("to the newest key, 0 still on an older key.\n")
    assert not is_complete(embedded, reference)
    embedded.environment["VAULT_KEYS"] = NEW_KEY
    last = embedded.worker("last")
    worker.stop()
    wait_until_complete(embedded, reference, last, seconds=400)
    assert_as_undisturbed(embedded, reference, small_books)
    assert nobody_was_asked(embedded)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_key_that_is_removed_too_early_is_named_and_destroys_nothing(
    embedded: Installation, small_books: Books
) -> None:
    """The operator puts the key back and says so: the collection goes on with the password that was kept."""
    reference, worker = begun(embedded, small_books, reply_seconds=0.1)
    wait_for_units(embedded, 3, worker)
    worker.kill()
    old_key = embedded.environment["VAULT_KEYS"]
    sealed = "SELECT secret FROM collections_app_connection"
    kept = embedded.query(sealed)
    embedded.environment["VAULT_KEYS"] = NEW_KEY
    worker = embedded.worker("without-key")
    wait_until(lambda: status(embedded, reference) == "needs_operator", "the operator is asked", worker)
    said = worker.log.read_text()
    assert "a key that is not in VAULT_KEYS" in said
    assert old_key not in said
    assert NEW_KEY not in said
    assert embedded.query(sealed) == kept
    worker.kill()
    embedded.environment["VAULT_KEYS"] = f"{NEW_KEY},{old_key}"
    worker = embedded.worker()
    embedded.must("resumecollection", reference)
    wait_until_complete(embedded, reference, worker)
    assert_as_undisturbed(embedded, reference, small_books)


def everything_in_redis(url: str) -> bytes:
    """Every key and every value, of whatever type."""
    found = []
    with redis.Redis.from_url(url) as server:
        for key in server.scan_iter():
            kind = server.type(key)
            readers = {
                b"string": lambda key: server.get(key),
                b"list": lambda key: server.lrange(key, 0, -1),
                b"hash": lambda key: server.hgetall(key),
                b"set": lambda key: server.smembers(key),
                b"zset": lambda key: server.zrange(key, 0, -1),
            }
            # Between the two calls a message may have been taken.
            with suppress(redis.ResponseError):
                found.append(repr((key, readers[kind](key))) if kind in readers else "")
    return "\n".join(found).encode()


def everything_in_postgres(url: str) -> bytes:
    """Every row of every table as text."""
    with psycopg.connect(url) as server:
        tables = [
            name for (name,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        rows = [repr(server.execute(f'TABLE "{name}"'.encode()).fetchall()) for name in tables]
    return "\n".join(rows).encode()


def everything_processes_show(process_ids: list[int]) -> dict[str, bytes]:
    """Arguments and environment, as anybody with the same user may read them."""
    shown = {}
    for process_id in process_ids:
        for what in ("cmdline", "environ"):
            with suppress(OSError):
                shown[f"{what} of {process_id}"] = Path("/proc", str(process_id), what).read_bytes()
    return shown


@pytest.mark.services
@pytest.mark.timeout(600)
def test_no_secret_is_in_a_message_a_result_a_log_a_row_a_mail_or_a_process(
    scaled: Installation, small_books: Books
) -> None:
    """Looked for again and again while the collection runs, with a refused sign-in and a unit that fails."""
    scaled.environment |= {"OPERATOR_EMAIL": "operator@example.com"}
    gateway = scaled.sandbox(small_books.folder, more=("--reply-delay", "0.1"))
    worker = scaled.worker()
    places: dict[str, bytes] = {}
    with scaled.web() as address:
        made = scaled.act("ready", *small_books.request)
        borrower = Borrower(address)
        borrower.open(made["link"])
        borrower.post(
            "/collection/credentials/", company_id="DEMO", user_id="ws_strongbox", password=WRONG_PASSWORD
        )
        wait_until(lambda: status(scaled, made["reference"]) == "needs_borrower", "it is refused", worker)
        borrower.post(
            "/collection/credentials/", company_id="DEMO", user_id="ws_strongbox", password=BORROWERS_PASSWORD
        )
        wait_until(lambda: status(scaled, made["reference"]) == "done", "it is accepted", worker)
        borrower.post("/collection/check/")
        look(scaled, worker.members(), places)
        wait_for_units(scaled, 2, worker)
        look(scaled, worker.members(), places)
        gateway.stop()
        gateway = scaled.sandbox(small_books.folder, more=("--fault", "malformed,skip=6,times=1"))
        wait_until(lambda: status(scaled, made["reference"]) == "needs_operator", "it stops", worker)
        look(scaled, worker.members(), places)
        scaled.must("resumecollection", made["reference"])
        wait_until_complete(scaled, made["reference"], worker)
        look(scaled, worker.members(), places)
        web = [
            int(pid)
            for pid in re.findall(r"Booting worker with pid: (\d+)", (scaled.data / "web.log").read_text())
        ]
        for name, content in everything_processes_show(web).items():
            places[f"web: {name}"] = content
    for path, content in scaled.everything_written():
        places[str(path.relative_to(scaled.data))] = content
    token = made["link"].rstrip("/").rpartition("/")[2]
    never = {"password": BORROWERS_PASSWORD, "wrong password": WRONG_PASSWORD, "link": token}
    # An operator gives these in the environment, where processes may hold them; nobody else may.
    of_the_operator = {
        "sender password": SENDER_PASSWORD,
        "vault key": scaled.environment["VAULT_KEYS"],
        "secret key": scaled.environment["SECRET_KEY"],
    }
    found = {
        f"{name} in {place}"
        for place, content in places.items()
        for name, secret in {**never, **of_the_operator}.items()
        if secret.encode() in content and not (name in of_the_operator and "environ of" in place)
    }
    assert found == set()
    assert len(places) > 30
    assert any(
        "argsrepr" in content.decode(errors="replace") for name, content in places.items() if "redis" in name
    )


def look(installation: Installation, process_ids: list[int], places: dict[str, bytes]) -> None:
    """Adds what can be seen now."""
    now = f"{time.monotonic():.2f}"
    places[f"redis at {now}"] = everything_in_redis(installation.environment["CELERY_BROKER_URL"])
    places[f"database at {now}"] = everything_in_postgres(installation.environment["DATABASE_URL"])
    for name, content in everything_processes_show(process_ids).items():
        places[f"{name} at {now}"] = content
