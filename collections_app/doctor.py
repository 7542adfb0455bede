"""What is wrong with this installation, each finding with its cure. Changes nothing that stays."""

import importlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from smtplib import SMTPException

import requests
from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks, mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from collections_app import data_keys, notices, vault
from collections_app.audit import guards, keys
from collections_app.models import AuditChain, Connection, DataKey, Event, WorkerPulse
from collections_app.services.credentials import credentials_kept
from collections_app.services.erasing import retention_due
from collections_app.stalled import stalled_runs
from collections_app.uploads import scanning

OK, WARNING, ERROR = "ok", "warning", "error"
SECONDS = 10
# Sage refuses nothing by the clock, but leases, links and the borrower's pages all go by it.
LARGEST_DRIFT = timedelta(seconds=30)
WORKER_SILENCE = timedelta(minutes=1)
LEAST_ROOM = 1024**3
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, a sentence, and what to do where it is not."""

    area: str
    level: str
    sentence: str
    cure: str = ""


# What Django warns of as long as the public address is not an https one; our settings follow from it.
NEEDS_HTTPS = {"security.W004", "security.W008", "security.W012", "security.W016"}
HTTPS = "Serve the portal over HTTPS, and let BASE_URL begin with https://."

FINISH_ROTATION = (
    "Run rotatevaultkey, then do step 4 under “Keys” in docs/operations.md: what the older key signed can be "
    "checked only if the key goes into SIGNING_KEYS when it is taken out of VAULT_KEYS."
)

Look = Callable[[], Iterator[Finding]]


def examine(skipped: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Looks at every area but those skipped, one after the other; what breaks is a finding too."""
    for area, look in LOOKS.items():
        if area in skipped:
            continue
        try:
            yield from look()
        except DatabaseError as error:
            connection.close()
            if _tables_missing():
                yield Finding(area, ERROR, "Its tables are not there yet.", "Run migrate, then look again.")
                continue
            # The text of the error may hold the address with its password.
            told = f"The database did not answer ({type(error).__name__})."
            yield Finding(area, ERROR, told, "Check DATABASE_URL and that the server runs; then look again.")
        except Exception as error:
            told = f"This could not be looked at ({type(error).__name__})."
            yield Finding(area, ERROR, told, "Report it with the output of doctor --json.")


def _tables_missing() -> bool:
    """Whether the database answers and lacks migrations."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return False
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _settings() -> Iterator[Finding]:
    found = checks.run_checks(include_deployment_checks=True)
    for message in found:
        if message.level >= checks.WARNING and not message.is_silenced():
            level = ERROR if message.level >= checks.ERROR else WARNING
            sentence = " ".join(str(message.msg).split())
            hint = " ".join(str(message.hint or "").split())
            cure = (
                HTTPS if message.id in NEEDS_HTTPS else hint or f"See {message.id} of Django's system checks."
            )
            yield Finding("settings", level, f"{sentence} ({message.id})", cure)
    if settings.DEBUG:
        cure = "Unset DEBUG outside development."
        yield Finding("settings", WARNING, "DEBUG is on: errors are shown with their causes.", cure)
    if not any(message.level >= checks.WARNING for message in found) and not settings.DEBUG:
        yield Finding("settings", OK, "All settings pass Django's checks and ours.")


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            version = f"SQLite {cursor.fetchone()[0]}"
            cursor.execute("PRAGMA quick_check(1)")
            sound = cursor.fetchone()[0] == "ok"
        else:
            cursor.execute("SELECT current_setting('server_version'), pg_is_in_recovery()")
            number, in_recovery = cursor.fetchone()
            version, sound = f"PostgreSQL {number}", not in_recovery
    if not sound:
        cure = "SQLite: restore a backup. PostgreSQL: point DATABASE_URL at the server that takes writes."
        yield Finding("database", ERROR, f"{version} answers and is damaged or takes no writes.", cure)
        return
    yield Finding("database", OK, f"{version} answers.")


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes))
    if plan:
        told = f"{len(plan)} migrations are not applied, the first is {plan[0][0]}."
        yield Finding("migrations", ERROR, told, "Stop workers and web, run migrate, start them again.")
    if [name for name in unknown if name[0] == "collections_app"]:
        told = f"The database is newer than this program: it knows {unknown[0][1]}."
        yield Finding("migrations", ERROR, told, "Install the version that made the database.")
    # Before the first migration there is no table to guard.
    missing = (
        guards.NAMES - guards.installed(connection) if executor.loader.applied_migrations else frozenset()
    )
    if missing:
        told = "The database does not guard its events: triggers are missing."
        yield Finding("migrations", WARNING, told, "Run migrate, then verifyaudit.")
    if not plan and not missing and not unknown:
        yield Finding("migrations", OK, "All migrations are applied and the events are guarded.")


def _broker() -> Iterator[Finding]:
    name = "Redis" if settings.CELERY_BROKER_URL else "The folder broker"
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=SECONDS)
    except Exception as error:
        told = f"{name} does not take a message ({type(error).__name__}); runs move only with the clock."
        yield Finding("broker", ERROR, told, "Check CELERY_BROKER_URL, or the rights on DATA_DIR/broker.")
        return
    yield Finding("broker", OK, f"{name} answers.")


def _workers() -> Iterator[Finding]:
    newest = WorkerPulse.objects.order_by("-seen_at").first()
    if newest is None or newest.seen_at < timezone.now() - WORKER_SILENCE:
        since = f"since {newest.seen_at:%Y-%m-%d %H:%M %Z}" if newest else "so far"
        told = f"No worker has given a sign of life {since}, so nothing is collected."
        yield Finding("workers", ERROR, told, "Start a worker and its clock, see docs/operations.md.")
    else:
        yield Finding("workers", OK, f"A worker of {newest.name} is alive.")
    for stalled in stalled_runs(patience=PATIENCE):
        told = f"The run of {stalled.run.collection.reference} stands still. {stalled.why}"
        yield Finding("workers", WARNING, told, stalled.cure)


def _storage() -> Iterator[Finding]:
    content = os.urandom(64)
    try:
        name = default_storage.save("check/doctor", ContentFile(content))
        try:
            with default_storage.open(name) as file:
                same = file.read() == content
        finally:
            default_storage.delete(name)
    except Exception as error:
        told = f"The storage of STORAGE_URL does not keep a file ({type(error).__name__})."
        cure = "Folder: its rights and room. Bucket: name, endpoint, region, and the key's rights."
        yield Finding("storage", ERROR, told, cure)
        return
    if same:
        yield Finding("storage", OK, "The storage keeps a file, gives it back and deletes it.")
    else:
        told = "The storage gave back another file than it was given."
        yield Finding("storage", ERROR, told, "Check its disks, then restore what is damaged.")


def _static() -> Iterator[Finding]:
    """Files that pages name and `collectstatic` did not gather: such a page is an error of the server."""
    # Only a storage that names files by their content has such a list.
    gathered = getattr(staticfiles_storage, "hashed_files", None)
    if gathered is None:
        return
    needed = {name.replace(os.sep, "/") for finder in get_finders() for name, _ in finder.list([])}
    missing = needed - set(gathered)
    if missing:
        told = f"{len(missing)} of {len(needed)} static files are not in STATIC_ROOT, so pages fail."
        cure = "Run collectstatic --noinput, then restart the web server. A machine without one needs none."
        yield Finding("static", ERROR, told, cure)
    else:
        yield Finding("static", OK, "STATIC_ROOT has every static file.")


def _drawing() -> Iterator[Finding]:
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError):
        told = "The libraries that draw statements.pdf are not installed."
        cure = "Install the four packages of docs/operations.md where a worker runs, then restart it."
        yield Finding("drawing", ERROR, told, cure)
    else:
        yield Finding("drawing", OK, "statements.pdf can be drawn.")


def _room() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    with tempfile.TemporaryFile(dir=settings.DATA_DIR):
        pass
    if free < LEAST_ROOM:
        told = f"DATA_DIR has {free // 1024**2} MiB left, and tables wait there while they are read."
        yield Finding("room", WARNING, told, "Make room on the disk of DATA_DIR.")
    else:
        yield Finding("room", OK, f"DATA_DIR has {free // 1024**3} GiB left.")


def _mail() -> Iterator[Finding]:
    backend = mail.get_connection()
    try:
        backend.open()
        backend.close()
    except (SMTPException, OSError) as error:
        told = f"The mail server of EMAIL_URL does not let us in ({type(error).__name__})."
        yield Finding("mail", ERROR, told, "Check host, port, TLS, user and password in EMAIL_URL.")
    else:
        yield Finding("mail", OK, "The mail server lets us in; nothing was sent.")
    unsent = notices.waiting().filter(created_at__lt=timezone.now() - PATIENCE).count()
    if unsent:
        told = f"{unsent} mails wait longer than ten minutes."
        cure = (
            "They go out by themselves once the mail server takes them. What it puts off for three days is "
            "given up."
        )
        yield Finding("mail", WARNING, told, cure)
    refused = notices.given_up().count()
    if refused:
        told = f"{refused} mails were given up: refused by the mail server for a day, or put off for three."
        cure = "sendmails --dry-run names them. Mend what is wrong, then run sendmails, or sendmails --drop."
        yield Finding("mail", WARNING, told, cure)


def _gateway() -> Iterator[Finding]:
    """Asks without a sign-in: any answer proves the way there, its TLS, and the time there."""
    host = settings.INTACCT_ENDPOINT.split("/")[2]
    try:
        answer = requests.get(settings.INTACCT_ENDPOINT, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        told = f"{host} does not answer ({type(error).__name__})."
        cure = "Allow outgoing HTTPS to it, check DNS and the proxy, and Sage's status page."
        yield Finding("gateway", ERROR, told, cure)
        return
    yield Finding("gateway", OK, f"{host} answers.")
    if settings.INTACCT_SANDBOX:
        cure = "Unset INTACCT_SANDBOX where borrowers are real."
        yield Finding("gateway", WARNING, "A sandbox is allowed as the gateway.", cure)
    if "Date" in answer.headers:
        yield from _drift("the gateway", parsedate_to_datetime(answer.headers["Date"]))


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        before = time.monotonic()
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        told = cursor.fetchone()[0]
        took = time.monotonic() - before
    at = told if isinstance(told, datetime) else datetime.fromisoformat(told).replace(tzinfo=UTC)
    yield from _drift("the database", at + timedelta(seconds=took))
    newest = max((path.stat().st_mtime for path in Path(settings.DATA_DIR).glob("beat-schedule*")), default=0)
    if newest and time.time() - newest > 600:
        cure = "Start the clock, celery beat, exactly once; on another machine this one cannot see it."
        yield Finding("clock", WARNING, "The clock of this machine has not written for ten minutes.", cure)


def _drift(whose: str, at: datetime) -> Iterator[Finding]:
    drift = abs(timezone.now() - at)
    if drift > LARGEST_DRIFT:
        told = f"This machine's time and that of {whose} are {drift.total_seconds():.0f} s apart."
        yield Finding("clock", ERROR, told, "Let both keep time by NTP.")
    else:
        yield Finding("clock", OK, f"This machine and {whose} agree on the time.")


def _keys() -> Iterator[Finding]:
    try:
        newest = next(iter(vault.keys()))
    except vault.VaultKeyError as error:
        yield Finding("keys", ERROR, str(error), "Correct VAULT_KEYS.")
        return
    lost, older = 0, 0
    held = DataKey.objects.exclude(wrapped=None)
    for collection_id, stored in held.values_list("collection_id", "wrapped").iterator(chunk_size=1000):
        wrapped = bytes(stored or b"")
        older += wrapped[1:5] != newest
        lost += not _opens(wrapped, data_keys.place(collection_id))
    chain = AuditChain.objects.first()
    lost += chain is not None and not _opens(chain.wrapped, keys.PLACE)
    if lost:
        told = f"{lost} of the keys stored here do not open with VAULT_KEYS: what they seal cannot be read."
        yield Finding("keys", ERROR, told, "Put the missing key back into VAULT_KEYS, behind the newest.")
    elif older:
        told = f"{older} data keys are sealed by an older key of VAULT_KEYS."
        yield Finding("keys", WARNING, told, FINISH_ROTATION)
    else:
        yield Finding("keys", OK, "VAULT_KEYS opens every key that is stored here.")


def _opens(wrapped: bytes | memoryview, place: str) -> bool:
    try:
        vault.unseal_bytes(wrapped, place=place)
    except vault.VaultError:
        return False
    return True


def _scanner() -> Iterator[Finding]:
    if not scanning.is_set_up():
        return
    if scanning.answers():
        yield Finding("scanner", OK, "The virus scanner answers.")
    else:
        cure = "Start clamd, or correct CLAMAV_URL. Until then uploads are refused."
        yield Finding("scanner", ERROR, "The virus scanner does not answer.", cure)


def _housekeeping() -> Iterator[Finding]:
    """What the clock should have done long ago."""
    overdue = len(retention_due())
    if overdue:
        told = f"{overdue} requests are kept longer than their lender says."
        cure = "Run applyretention, or set ERASE_AFTER_RETENTION=on and see that the clock runs."
        yield Finding("housekeeping", WARNING, told, cure)
    late = credentials_kept(settings.CREDENTIAL_HOURS + 1).count()
    if late:
        told = f"{late} passwords are kept longer than CREDENTIAL_HOURS."
        yield Finding("housekeeping", ERROR, told, "Run purgecredentials, and start the clock.")
    waiting = Event.objects.filter(position=None, at__lt=timezone.now() - PATIENCE).count()
    if waiting:
        told = f"{waiting} events are no links of the chain yet."
        yield Finding("housekeeping", WARNING, told, "Run verifyaudit, and see that the clock runs.")
    if not waiting and not late:
        held = Connection.objects.exclude(secret=None).count()
        yield Finding("housekeeping", OK, f"{held} passwords are kept, none too long; all events are linked.")


LOOKS: dict[str, Look] = {
    "settings": _settings,
    "keys": _keys,
    "database": _database,
    "migrations": _migrations,
    "clock": _clock,
    "broker": _broker,
    "workers": _workers,
    "storage": _storage,
    "static": _static,
    "drawing": _drawing,
    "room": _room,
    "mail": _mail,
    "gateway": _gateway,
    "scanner": _scanner,
    "housekeeping": _housekeeping,
}
