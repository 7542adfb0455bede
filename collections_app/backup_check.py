"""Proving a backup: it is whole, it restores, the keys at hand open it, and its record of events holds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from collections_app import data_keys, sealed_files, vault
from collections_app.audit import keys
from collections_app.audit.verification import Head, audit_verify
from collections_app.models import AuditChain, Collection, DataKey
from collections_app.services.backing_up import (
    FILES,
    BackupRefused,
    damaged_files,
    database_is_whole,
    manifest_of,
    names_referred_to,
    restore_dump,
)

ALIAS = "backup"
READ_AT_ONCE = 1024 * 1024


@dataclass
class Checked:
    """What was looked at, and a sentence for each thing that is wrong. `head` is the end of its record."""

    collections: int = 0
    keys: int = 0
    files: int = 0
    links: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)


def backup_check(folder: Path, *, opens_files: bool = True) -> Checked:
    """Raises BackupRefused where there is nothing to check."""
    manifest = manifest_of(folder)
    checked = Checked()
    database = folder / manifest["database"]["name"]
    if not database_is_whole(folder, manifest):
        checked.problems.append("The copy of the database is damaged or missing.")
        return checked
    checked.problems += damaged_files(folder, manifest)
    with _restored(database, manifest["vendor"]):
        opened = _keys(checked)
        checked.collections = Collection.objects.using(ALIAS).count()
        _contents(folder, manifest, opened, checked, opens_files=opens_files)
        _events(checked, manifest["audit_head"])
    return checked


def _keys(checked: Checked) -> dict[int, bytes]:
    """The data keys that open with VAULT_KEYS, by collection."""
    opened, closed = {}, 0
    for row in DataKey.objects.using(ALIAS).exclude(wrapped=None).iterator():
        try:
            wrapped, place = row.wrapped or b"", data_keys.place(row.collection_id)
            opened[row.collection_id] = vault.unseal_bytes(wrapped, place=place)
        except vault.VaultError:
            closed += 1
    checked.keys = len(opened)
    if closed:
        checked.problems.append(f"{closed} data keys do not open with VAULT_KEYS: an older key is missing.")
    return opened


def _contents(
    folder: Path, manifest: dict[str, Any], opened: dict[int, bytes], checked: Checked, *, opens_files: bool
) -> None:
    """Every file that a row refers to is there and opens, from the first to the last byte.

    A logo, which is not encrypted, must be the picture that its name is the hash of.
    """
    if manifest["files"] is None:
        return
    for collection_id, name in names_referred_to(ALIAS):
        if name not in manifest["files"]:
            checked.problems.append(f"The database refers to {name}, which is not in the backup.")
            continue
        checked.files += 1
        if collection_id is None:
            if manifest["files"][name]["sha256"] not in name:
                checked.problems.append(f"The file {name} is not the picture that it was.")
            continue
        key = opened.get(collection_id)
        if key is None or not opens_files:
            continue
        place = sealed_files.place(collection_id, name)
        try:
            with (folder / FILES / name).open("rb") as source:
                reader = vault.UnsealingReader(source, key=key, place=place)
                while reader.read(READ_AT_ONCE):
                    pass
        except (OSError, vault.VaultError):
            checked.problems.append(f"The file {name} does not open with its key.")


def _events(checked: Checked, noted: str) -> None:
    chain = AuditChain.objects.using(ALIAS).filter(pk=AuditChain.ONLY).first()
    try:
        if chain is not None:
            keys.opened(chain)
        found = audit_verify(noted=Head.parse(noted) if noted else None, using=ALIAS)
    except vault.VaultError:
        checked.problems.append("The audit key does not open with VAULT_KEYS.")
        return
    checked.links, checked.head = found.links, str(found.head)
    checked.problems += [finding.sentence for finding in found.findings]


@contextmanager
def _restored(database: Path, vendor: str) -> Iterator[None]:
    """The backup's database under the alias `backup`: a copy of its own, gone afterwards."""
    here = connections.settings[DEFAULT_DB_ALIAS]
    with _scratch(database, here) if vendor == "postgresql" else _file(database) as name:
        engine = f"django.db.backends.{vendor if vendor == 'postgresql' else 'sqlite3'}"
        connections.settings[ALIAS] = {**here, "ENGINE": engine, "NAME": name, "OPTIONS": {}}
        try:
            yield
        finally:
            connections[ALIAS].close()
            del connections[ALIAS]
            del connections.settings[ALIAS]


@contextmanager
def _file(database: Path) -> Iterator[str]:
    yield f"file:{database}?mode=ro&immutable=1"


@contextmanager
def _scratch(dumped: Path, here: dict[str, Any]) -> Iterator[str]:
    """A new database on the same server, filled from the dump. Raises BackupRefused."""
    name = f"strongbox_checkbackup_{os.getpid()}"
    where = {"host": here["HOST"], "port": here["PORT"] or None, "user": here["USER"], "dbname": here["NAME"]}
    reached = {key: value for key, value in where.items() if value}
    with psycopg.connect(**reached, password=here["PASSWORD"] or None, autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupRefused(
                "To restore it for a look, this database user needs the right CREATEDB."
            ) from None
        try:
            restore_dump(dumped, {**here, "NAME": name})
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
