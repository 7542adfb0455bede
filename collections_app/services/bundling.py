"""A support bundle: what happened in one run, for somebody who may see neither figures nor secrets."""

import hashlib
import json
import platform
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Event, Run
from collections_app.redaction import Redaction

SCHEMA = 1
# What of an event's data is about the machine and not about the borrower.
TOLD = {"run", "problem", "units", "why", "number", "notice", "state", "expires_days"}
UNIT = ("position", "stage", "kind", "subject", "start", "end", "part", "crashes", "fence")
TIMES = ("started_at", "done_at", "rows_read", "row_count")
CUT = "[left out here]"


def bundle_write(*, run: Run, path: Path, by: Who) -> list[str]:
    """Writes the bundle of a run as a zip, whole or not at all; returns the names in it.

    Raises OSError, and data_keys.KeyUnavailable for an erased collection.
    """
    parts = dict(_parts(run))
    manifest = {
        "schema": SCHEMA,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": connection.vendor,
        "broker": "redis" if settings.CELERY_BROKER_URL else "folder",
        "storage": "bucket" if settings.STORAGE_URL.startswith("s3://") else "folder",
        "reference": run.collection.reference,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    parts = {"manifest.json": _json(manifest)} | parts
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in parts.items():
                bundle.writestr(name, content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    events.record(run.collection, "support.bundled", by=by, run=run.kind)
    return list(parts)


def _parts(run: Run) -> Iterator[tuple[str, bytes]]:
    yield "run.json", _json(_run(run))
    yield "units.json", _json([_columns(unit, (*UNIT, *TIMES)) for unit in run.units.all()])
    yield "events.json", _json([_event(event) for event in run.collection.events.all()])
    redaction = Redaction()
    since = run.collection.exchanges.filter(at__gte=run.created_at)
    if run.finished_at:
        since = since.filter(at__lte=run.finished_at)
    for number, exchange in enumerate(since.order_by("pk"), start=1):
        told = _columns(exchange, ("at", "problem", "detail")) | {"cut": CUT in exchange.reply}
        yield f"exchanges/{number:02}.json", _json(told)
        yield f"exchanges/{number:02}.request.xml", redaction.text(exchange.request).encode()
        yield f"exchanges/{number:02}.reply.xml", redaction.text(exchange.reply).encode()


def _run(run: Run) -> dict[str, Any]:
    names = ("kind", "status", "created_at", "finished_at", "served_at", "waits", "waiting_since", "retry_at")
    told = _columns(run, (*names, "problem", "problem_names", "problem_detail"))
    return told | {"collection_status": run.collection.status, "scope": run.collection.scope_kind}


def _event(event: Event) -> dict[str, Any]:
    data = {name: value for name, value in event.data_still_kept().items() if name in TOLD}
    return _columns(event, ("at", "actor_kind", "action")) | {"data": data}


def _columns(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
