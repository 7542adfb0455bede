"""Making the reports of a complete collection again from the figures that are stored."""

from django.core.exceptions import ValidationError
from django.db import transaction

from collections_app import data_keys, events, readiness, states, tasks
from collections_app.events import Who
from collections_app.models import Collection, MappingTemplate, Run
from collections_app.services import planning, webhooking


@transaction.atomic
def reports_rebuild(*, collection: Collection, template: MappingTemplate | None, by: Who) -> Run:
    """Plans a run that makes the files anew, with the lender's layout or, for None, without one.

    It asks the gateway nothing and needs no password. Until it is done the earlier files stay. Raises
    ValidationError.
    """
    states.lock(collection)
    if collection.status != Collection.Status.SUBMITTED:
        raise ValidationError(
            f"Collection {collection.reference} is not complete, so its reports cannot be rebuilt."
        )
    if collection.review:
        raise ValidationError(
            f"Collection {collection.reference} is decided or nearly: its reports stay as they were seen."
        )
    if readiness.documents_only(collection):
        raise ValidationError(
            f"No reports were collected for {collection.reference}: it has documents alone."
        )
    if data_keys.destroyed(collection.pk):
        raise ValidationError(f"What was collected for {collection.reference} was erased.")
    if template and template.lender_id != collection.lender_id:
        raise ValidationError("This template belongs to another lender.")
    run = planning.run_start(collection=collection, kind=Run.Kind.REBUILD, by=by, mapping=template)
    events.record(
        collection, "reports.rebuild_asked", by=by, template=str(template) if template else "no template"
    )
    tasks.ring()
    return run


def attested_rebuild(*, collection: Collection, by: Who) -> Run:
    """Plans the same right after the borrower shared: the files get what was said, else stay as seen.

    So they are made by the terms with which they were collected, whatever the lender's are now. Lenders'
    systems are told at its end: at once, they would fetch the files without what was said.
    """
    collected = readiness.run_of(collection, Run.Kind.COLLECT)
    run = planning.run_start(
        collection=collection,
        kind=Run.Kind.REBUILD,
        by=by,
        mapping=collection.mapping,
        terms=collected.terms if collected else None,
        announces=True,
    )
    tasks.ring()
    return run


def rebuild_announce(*, run: Run) -> None:
    """Tells lenders' systems that everything is here, where that waited for this run, which is at its end.

    So too where the operator cancelled it: the files then stay as they are. Not where the request was
    withdrawn or erased meanwhile, which ends its runs as well.
    """
    if run.announces:
        webhooking.collection_announce(collection=run.collection, event=webhooking.SUBMITTED)
