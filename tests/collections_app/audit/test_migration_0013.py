"""Events of an earlier version become links of the chain, in the order in which they were written."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from collections_app.audit.verification import audit_verify
from collections_app.models import Event
from tests import factories

pytestmark = pytest.mark.slow
BEFORE = [("collections_app", "0011_documents_and_sharing")]


def newest() -> list[tuple[str, str]]:
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes("collections_app"))


def test_events_that_are_there_already_are_linked(transactional_db: None) -> None:
    collection = factories.make_collection()
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        with connection.cursor() as cursor:
            # More than are linked at once.
            cursor.executemany(
                "INSERT INTO collections_app_event (collection_id, at, actor_kind, actor, action) "
                "VALUES (%s, '2026-01-02 03:04:05.678', 'borrower', '', %s)",
                [(collection.pk, f"step.{number}") for number in range(1200)],
            )
    finally:
        MigrationExecutor(connection).migrate(newest())
    found = audit_verify()
    assert (found.findings, found.links, found.waiting) == ([], 1201, 0)
    assert Event.objects.get(position=1201).action == "step.1199"
