"""Backups: the database and the files of the storage in one folder, as they lie there: encrypted, but for the
lenders' logos.

Without the keys of VAULT_KEYS nothing in it can be read. They are no part of it, on purpose.
"""

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from collections_app import events, logos, vault
from collections_app.audit import guards, keys
from collections_app.audit.verification import head_now
from collections_app.events import Who
from collections_app.models import CollectedTable, Document, Lender, ReportFile

logger = logging.getLogger(__name__)

SCHEMA = 1
MANIFEST, FILES = "manifest.json", "files"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
CHUNK = 1024 * 1024


class BackupRefused(Exception):
    """A backup could not be made, read or restored; the message says why in one sentence."""


def backup_make(
    *, folder: Path, by: Who, with_files: bool = True, dumped: Path | None = None
) -> dict[str, Any]:
    """Writes a backup into a folder that is empty or not there, beside people and workers who go on.

    Files are written once and never changed. They are copied before the database and again after it, so that
    whatever the database refers to is there. `dumped` is a dump that pg_dump made elsewhere a moment ago: the
    files that were deleted since then are missing. Returns the manifest. Raises BackupRefused and OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty. Name a new folder for each backup.")
    folder.mkdir(parents=True, exist_ok=True)
    # Names of borrowers and staff are in the database in the open: nobody else on the machine reads along.
    folder.chmod(0o700)
    (folder / FILES).mkdir(mode=0o700)
    copied: dict[str, dict[str, Any]] = {}
    if with_files:
        _copy_files(folder, copied)
    events.note("backup.made", by=by, files=with_files)
    # Events go on: only what was the head before the copy is surely in it. Of a dump that is older than this
    # moment only who opens it knows.
    head = str(head_now() or "") if dumped is None else ""
    database = folder / DATABASES[connections[DEFAULT_DB_ALIAS].vendor]
    database.touch(mode=0o600)
    if dumped is None:
        dump(database)
    else:
        shutil.copyfile(dumped, database)
    lacking = _copy_files(folder, copied) if with_files else []
    manifest = _manifest(database, copied if with_files else None, head)
    if lacking:
        raise BackupRefused(f"{len(lacking)} files are not in the storage, the first is {lacking[0]}.")
    unfinished = folder / f".{MANIFEST}.part"
    unfinished.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    # A folder without a manifest is no backup: it comes last.
    unfinished.replace(folder / MANIFEST)
    return manifest


def manifest_of(folder: Path) -> dict[str, Any]:
    """Raises BackupRefused."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupRefused(f"{folder} is no backup, or one that was not finished.") from None
    if manifest.get("schema") != SCHEMA:
        raise BackupRefused("This backup was made by another version: use that one, or a newer one.")
    return manifest


def names_referred_to(using: str = DEFAULT_DB_ALIAS) -> Iterator[tuple[int | None, str]]:
    """The collection and the name of every file in the storage that a row refers to; a logo is of none."""
    for model in (ReportFile, CollectedTable, Document):
        rows = model._base_manager.using(using).order_by("pk")
        yield from rows.values_list("collection_id", "storage_name").iterator(chunk_size=1000)
    shown = Lender.objects.using(using).exclude(logo="").order_by("pk")
    yield from ((None, logos.place(logo)) for logo in shown.values_list("logo", flat=True))


def database_is_whole(folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether the copy of the database is the one that the manifest lists."""
    told = manifest["database"]
    return _is_whole(folder / told["name"], told)


def damaged_files(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """A sentence for each file that is not there as the manifest lists it."""
    for name, told in (manifest["files"] or {}).items():
        path = folder / FILES / name
        if not path.is_file():
            yield f"The file {name} is missing."
        elif not _is_whole(path, told):
            yield f"The file {name} is damaged."


def _is_whole(path: Path, told: dict[str, Any]) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as source:
        return bool(digest_of(source) == told["sha256"])


def digest_of(source: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def dump(target: Path) -> None:
    """A consistent copy of the database as it is at this moment. Raises BackupRefused."""
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        source = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
        return
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    run_client("pg_dump", *arguments, database=connections[DEFAULT_DB_ALIAS].settings_dict)


def restore(folder: Path, *, by: Who) -> int:
    """Puts database and files of a backup where nothing is yet; returns the number of files.

    That it was put back is an event of the database that came back. Nothing is put back of a backup that is
    not whole. Raises BackupRefused.
    """
    manifest = manifest_of(folder)
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != manifest["vendor"]:
        raise BackupRefused(f"The backup is of {manifest['vendor']}, and DATABASE_URL names another kind.")
    if connection.introspection.table_names():
        raise BackupRefused("The database of DATABASE_URL is not empty. Restore into a new one.")
    if not database_is_whole(folder, manifest):
        raise BackupRefused("The copy of the database is damaged or missing.")
    for sentence in damaged_files(folder, manifest):
        raise BackupRefused(sentence)
    database = folder / manifest["database"]["name"]
    if connection.vendor == "sqlite":
        connection.close()
        place = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(database)) as there, closing(sqlite3.connect(place)) as here:
            there.backup(here)
    else:
        restore_dump(database, connection.settings_dict)
    for name in manifest["files"] or {}:
        if not default_storage.exists(name):
            with (folder / FILES / name).open("rb") as source:
                default_storage.save(name, File(source))
    _note_restore(manifest["made_at"], by)
    return len(manifest["files"] or {})


def _note_restore(made_at: str, by: Who) -> None:
    """Names the head that came back. Without its key an event would have no signature, which `verifyaudit`
    would tell of for ever.
    """
    keys.forget()
    if not guards.is_of_this_version(connections[DEFAULT_DB_ALIAS]):
        logger.warning("The record of this older backup cannot be written to before migrate has run.")
        return
    try:
        keys.audit_key()
    except vault.VaultError as error:
        logger.warning("The record does not tell of this restore: %s", error)
        return
    events.note("backup.restored", by=by, made_at=made_at, head=str(head_now() or ""))


def restore_dump(dumped: Path, database: dict[str, Any]) -> None:
    """Fills an empty PostgreSQL database. Raises BackupRefused."""
    arguments = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={database['NAME']}"]
    run_client("pg_restore", *arguments, str(dumped), database=database, named=False)


def run_client(program: str, *arguments: str, database: dict[str, Any], named: bool = True) -> None:
    """A PostgreSQL program against a database; its password is in no argument. Raises BackupRefused."""
    where = {"--host": "HOST", "--port": "PORT", "--username": "USER"}
    reached = [f"{option}={database[key]}" for option, key in where.items() if database.get(key)]
    command = [program, *reached, *arguments, *([str(database["NAME"])] if named else [])]
    environment = os.environ | {"PGPASSWORD": database.get("PASSWORD") or ""}
    try:
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupRefused(f"{program} is not installed: install PostgreSQL's client programs.") from None
    if finished.returncode:
        said = " ".join(finished.stderr.split())[:300] or "no reason given"
        raise BackupRefused(f"{program} failed: {said.rstrip('.')}.")


def _copy_files(folder: Path, copied: dict[str, dict[str, Any]]) -> list[str]:
    """Copies what is not copied yet, and returns the names that are not in the storage."""
    lacking = []
    for _, name in names_referred_to():
        if name in copied:
            continue
        target = folder / FILES / name
        target.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        try:
            with default_storage.open(name) as source, target.open("wb") as copy:
                digest, size = hashlib.sha256(), 0
                while chunk := source.read(CHUNK):
                    copy.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
        except FileNotFoundError:
            lacking.append(name)
            continue
        copied[name] = {"size": size, "sha256": digest.hexdigest()}
    return lacking


def _manifest(database: Path, files: dict[str, dict[str, Any]] | None, head: str) -> dict[str, Any]:
    applied = sorted(
        name for app, name in MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
        if app == "collections_app"
    )  # fmt: skip
    with database.open("rb") as source:
        digest = digest_of(source)
    return {
        "schema": SCHEMA,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "vendor": connections[DEFAULT_DB_ALIAS].vendor,
        "migration": applied[-1],
        "vault_keys": [name.hex() for name, _ in vault.keys().items()],
        "audit_head": head,
        "database": {"name": database.name, "size": database.stat().st_size, "sha256": digest},
        "files": files,
    }
