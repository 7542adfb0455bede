"""Requests and runs as the commands print them for programs."""

from typing import Any

from collections_app.models import Collection, Run


def request_facts(collection: Collection) -> dict[str, Any]:
    """The request, as programs read it."""
    return {
        "reference": collection.reference,
        "status": collection.status,
        "lender": collection.lender.slug,
        "borrower": collection.borrower_name,
        "from": collection.date_from.isoformat(),
        "to": collection.date_to.isoformat(),
    }


def run_facts(run: Run) -> dict[str, Any]:
    """A run and where it stands, as programs read it."""
    reference = run.collection.reference
    return {"reference": reference, "run": run.pk, "kind": run.kind, "status": run.status}
