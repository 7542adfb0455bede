"""Carries rows and files that lie in the open over into sealed ones; used by the migration 0002 alone.

It repeats what the models do today, because a migration must not change with them.
"""

import hashlib
import json
import secrets
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from collections_app import vault

TEXTS = {
    "ScopeOption": ("identifier", "name", "currency", "first_fiscal_month", "basis"),
    "Connection": (
        "company_id",
        "user_id",
        "company_name",
        "base_currency",
        "default_book",
        "first_fiscal_month",
        "gateway_host",
    ),
    "Account": (
        "number",
        "title",
        "account_type",
        "normal_balance",
        "closing_type",
        "closes_to",
        "active",
        "category",
        "assigned_category",
    ),
}
AMOUNTS = ("opening", "debits", "credits", "closing")
LINE = ("account", "opening", "debits", "credits", "adjusting_debits", "adjusting_credits", "closing")
Find = Callable[[str], Any]


def seal_everything(apps: Any, schema_editor: Any) -> None:
    find: Find = partial(apps.get_model, "collections_app")
    for collection in find("Collection").objects.order_by("pk").iterator():
        key = vault.new_data_key()
        wrapped = vault.seal_bytes(key, place=f"collection:{collection.pk}:data-key")
        find("DataKey").objects.create(collection=collection, wrapped=wrapped)
        seal_scopes(find, collection, key)
        seal_connection(find, collection, key)
        seal_accounts(find, collection, key)
        seal_events(find, collection, key)
        seal_trial_balances(find, collection, key)
        seal_files(find, collection, key)
    if schema_editor.connection.vendor == "postgresql":
        # The tables are altered next, which PostgreSQL refuses while checks of their rows are put off.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def sealed(key: bytes, collection: Any, model: str, values: dict[str, Any], **beside: object) -> bytes | None:
    if not values:
        return None
    place = f"collection:{collection.pk}:{model.lower()}"
    place += "".join(f":{name}={value}" for name, value in beside.items())
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return vault.seal_under(key, content.encode(), place=place)


def values_of(row: Any, model: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TEXTS[model]}


def seal_scopes(find: Find, collection: Any, key: bytes) -> None:
    for option in find("ScopeOption").objects.filter(collection=collection):
        option.identifier_key = vault.fingerprint(key, option.identifier, purpose="scope identifier")
        values = values_of(option, "ScopeOption")
        beside = {"kind": option.kind, "identifier_key": option.identifier_key}
        option.sealed = sealed(key, collection, "ScopeOption", values, **beside)
        option.save(update_fields=["sealed", "identifier_key"])
        if (option.kind, option.identifier) == (collection.scope_kind, collection.scope_id):
            find("Collection").objects.filter(pk=collection.pk).update(chosen_scope=option)


def seal_connection(find: Find, collection: Any, key: bytes) -> None:
    for row in find("Connection").objects.filter(collection=collection):
        folded = row.company_id.strip().casefold()
        row.company_key = vault.fingerprint(settings.SECRET_KEY.encode(), folded, purpose="company")
        row.sealed = sealed(key, collection, "Connection", values_of(row, "Connection"))
        row.save(update_fields=["sealed", "company_key"])


def seal_accounts(find: Find, collection: Any, key: bytes) -> None:
    for row in find("Account").objects.filter(collection=collection):
        row.number_key = vault.fingerprint(key, row.number, purpose="account number")
        values = values_of(row, "Account") | {name: str(getattr(row, name)) for name in AMOUNTS}
        row.sealed = sealed(key, collection, "Account", values, number_key=row.number_key)
        row.save(update_fields=["sealed", "number_key"])


def seal_events(find: Find, collection: Any, key: bytes) -> None:
    for row in find("Event").objects.filter(collection=collection):
        values = {"data": row.data} if row.data else {}
        row.sealed = sealed(key, collection, "Event", values, action=row.action)
        row.save(update_fields=["sealed"])


def seal_trial_balances(find: Find, collection: Any, key: bytes) -> None:
    lines = find("TrialBalanceLine").objects.filter(collection=collection).order_by("start", "account")
    for (start, end), month in groupby(lines, key=lambda line: (line.start, line.end)):
        rows = [[str(getattr(line, name)) for name in LINE] for line in month]
        find("TrialBalance").objects.create(
            collection=collection,
            start=start,
            end=end,
            row_count=len(rows),
            checksum=hashlib.sha256(repr(rows).encode()).hexdigest(),
            sealed=sealed(key, collection, "TrialBalance", {"rows": rows}, start=start, end=end),
        )


def seal_files(find: Find, collection: Any, key: bytes) -> None:
    """Writes the reports anew; the plain ones go with the commit. One that is missing stays missing."""
    for row in find("ReportFile").objects.filter(collection=collection):
        plain_name = row.storage_name
        if not default_storage.exists(plain_name):
            continue
        row.storage_name = f"{collection.reference}/{secrets.token_hex(16)}/{row.name}.sealed"
        place = f"collection:{collection.pk}:file:{row.storage_name}"
        with (
            default_storage.open(plain_name) as content,
            tempfile.TemporaryFile(dir=settings.DATA_DIR) as spool,
        ):
            writer = vault.SealingWriter(spool, key=key, place=place)
            for chunk in content.chunks():
                writer.write(chunk)
            writer.close()
            spool.seek(0)
            default_storage.save(row.storage_name, File(spool))
        row.save(update_fields=["storage_name"])
        transaction.on_commit(partial(default_storage.delete, plain_name))
