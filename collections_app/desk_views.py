"""The lender's page of a collection: kept when its reports are made, opened part by part."""

from __future__ import annotations

from typing import Any

from collections_app import books
from collections_app.models import Collection, DeskView
from collections_app.reports.build import Reports
from collections_app.reports.desk.page import PAGE, desk_parts

Parts = dict[str, dict[str, Any]]


def desk_views_keep(collection: Collection, parts: Parts) -> None:
    """Replaces what was kept. The caller makes it one transaction with the reports."""
    collection.desk_views.all().delete()
    DeskView.objects.bulk_create(
        DeskView.holding(collection=collection, key=key, content=content) for key, content in parts.items()
    )


def parts_of(reports: Reports) -> Parts:
    return dict(desk_parts(reports))


def desk_view(collection: Collection, key: str) -> dict[str, Any] | None:
    """A part, None where the reports have none of that key.

    Reports that are older than the kept parts are shown from their balances, without charts of the
    subledgers and ageing. Raises data_keys.KeyUnavailable, vault.VaultError and consistency.BooksRefused.
    """
    kept = collection.desk_views.filter(key=key).first()
    if kept:
        return kept.content
    if key != PAGE and collection.desk_views.filter(key=PAGE).exists():
        return None
    return parts_of(books.statements_of(collection)).get(key)
