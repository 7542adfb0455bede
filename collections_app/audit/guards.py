"""Triggers with which the database itself refuses to change or delete an event.

They are installed after every `migrate`, and taken away before one that has something to do: SQLite drops a
table's triggers when it is altered, and PostgreSQL refuses to alter a column that a trigger names. They
stop accidents and a careless hand. Whoever owns the database can drop them: what such a hand does is found by
`verifyaudit`.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from collections_app.models.event import Event

TABLE = Event._meta.db_table
# A link of the chain gets these two once, see `services.auditing`; all else is written with the event.
LINKED = ("position", "link_seal")
NO_CHANGE, NO_RELINK, NO_DELETE = "audit_no_change", "audit_no_relink", "audit_no_delete"
NAMES = frozenset({NO_CHANGE, NO_RELINK, NO_DELETE})
REFUSAL = "Events are written once and never changed."


def install_after_migrate(using: str, **kwargs: Any) -> None:
    """For the signal post_migrate."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names() and is_of_this_version(connection):
        install(connection)


def remove_before_migrate(using: str, plan: Any = (), **kwargs: Any) -> None:
    """For the signal pre_migrate."""
    connection = connections[using]
    ours = any(migration.app_label == Event._meta.app_label for migration, _ in plan)
    if ours and TABLE in connection.introspection.table_names():
        remove(connection)


def install(connection: BaseDatabaseWrapper) -> None:
    """Makes the triggers that are missing; a database without a recipe here has none."""
    missing = sorted(NAMES - installed(connection))
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, missing):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away, for databases that are emptied."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in sorted(NAMES):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def installed(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """The names of those of our triggers that are there and switched on."""
    queries = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor], [TABLE])
        return NAMES & {row[0] for row in cursor.fetchall()}


def is_of_this_version(connection: BaseDatabaseWrapper) -> bool:
    """Whether the table is that of this version, and not what an earlier migration left."""
    with connection.cursor() as cursor:
        there = {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}
    return {field.column for field in Event._meta.concrete_fields} <= there


def _statements(vendor: str, names: list[str]) -> list[str]:
    written = [field.column for field in Event._meta.concrete_fields if field.name not in LINKED]
    columns = ", ".join(f'"{column}"' for column in written)
    whens = {
        NO_CHANGE: f"BEFORE UPDATE OF {columns} ON {TABLE} FOR EACH ROW",
        NO_RELINK: f"BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN (OLD.position IS NOT NULL)",
        NO_DELETE: f"BEFORE DELETE ON {TABLE} FOR EACH ROW",
    }
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return [f"CREATE TRIGGER {name} {whens[name]} {refuse}" for name in names]
    if not names:
        return []
    function = (
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [f"CREATE TRIGGER {name} {whens[name]} EXECUTE FUNCTION audit_refuse()" for name in names]
    # One that is there and switched off is replaced.
    dropped = [f"DROP TRIGGER IF EXISTS {name} ON {TABLE}" for name in names]
    return [function, *dropped, *triggers]
