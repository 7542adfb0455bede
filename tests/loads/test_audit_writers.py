"""Processes that record events at the same moment: one chain, nothing left out, nobody in anybody's way."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.installation import Installation

WRITERS, EACH = 4, 60
# One row is held between two events, as workers and pages hold theirs.
RECORD = f"""
from django.db import transaction
from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection
collection = Collection.objects.get()
for number in range({EACH // 3}):
    with transaction.atomic():
        events.record(collection, "step.begun", by=Who.worker(), number=number)
        Collection.objects.filter(pk=collection.pk).update(purpose=str(number))
        events.record(collection, "step.done", by=Who.worker(), number=number)
    events.note("lender.changed", by=Who.operator("a test"), about="lender:harbor")
"""


def write_together(running: Installation) -> None:
    running.prepare()
    running.invite("2026-01-01", "2026-01-31", "--no-email")
    before = verified(running)["links"]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _: running.must("shell", "--no-imports", "--command", RECORD), range(WRITERS)))
    found = verified(running)
    assert found["links"] + found["waiting"] == before + WRITERS * EACH
    assert (found["ok"], found["guarded"], found["waiting"]) == (True, True, 0)


def verified(running: Installation) -> dict[str, int]:
    printed: dict[str, int] = json.loads(running.must("verifyaudit", "--json"))
    return printed


@pytest.mark.slow
def test_on_sqlite_many_writers_make_one_chain(installation: Installation) -> None:
    write_together(installation)


@pytest.mark.services
@pytest.mark.timeout(300)
def test_on_postgresql_many_writers_make_one_chain(services_installation: Installation) -> None:
    write_together(services_installation)
