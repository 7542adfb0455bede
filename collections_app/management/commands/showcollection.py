from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser

from collections_app import data_keys, readiness
from collections_app.management.arguments import collection_called
from collections_app.management.describing import request_facts, run_facts
from collections_app.management.telling import TellingCommand
from collections_app.models import Collection, Event, Run
from collections_app.problems import PROBLEMS
from collections_app.progress import Progress, progress_of
from collections_app.stalled import operators_part


class Command(TellingCommand):
    help = "Shows where one collection stands: its request, its runs, and what happened when."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        runs = [(run, progress_of(run)) for run in collection.runs.order_by("pk")]
        events = [(event, event.data_still_kept()) for event in collection.events.all()]
        lines = [*request_lines(collection), *run_lines(runs), *event_lines(collection, events)]
        self.tell(
            options,
            *lines,
            **request_facts(collection),
            erased=data_keys.destroyed(collection.pk),
            runs=[
                run_facts(run) | {"problem": run.problem, "done": progress.done, "planned": progress.planned}
                for run, progress in runs
            ],
            events=[
                {
                    "at": event.at.isoformat(timespec="seconds"),
                    "by": event.actor or event.actor_kind,
                    "action": event.action,
                    "data": data,
                }
                for event, data in events
            ],
        )


def request_lines(collection: Collection) -> Iterator[str]:
    yield f"Collection {collection.reference}: {collection.get_status_display()}"
    yield f"  Lender    {collection.lender.name}"
    yield f"  Borrower  {collection.borrower_name} <{collection.borrower_email}>"
    yield f"  Period    {collection.date_from} to {collection.date_to}"
    if data_keys.destroyed(collection.pk):
        yield "  What was collected was erased."
        return
    if collection.scope_kind:
        yield f"  Scope     {collection.get_scope_kind_display()}: {collection.scope_name}"
    connection = readiness.connection_of(collection)
    if connection:
        held = "held" if connection.secret is not None else "destroyed"
        yield f"  Company   {connection.company_id} as {connection.user_id}, password {held}"


def run_lines(runs: Iterable[tuple[Run, Progress]]) -> Iterator[str]:
    for run, progress in runs:
        yield f"Run {run.pk}: {run}, {progress.done} of {progress.planned} units"
        detail = f" ({run.problem_detail})" if run.problem_detail else ""
        if run.status == Run.Status.NEEDS_OPERATOR:
            why, cure = operators_part(run)
            yield f"  {why}{detail}"
            yield f"  {cure}"
        elif run.problem:
            yield f"  {PROBLEMS[run.problem].sentence}{detail}"


def event_lines(collection: Collection, events: Iterable[tuple[Event, dict[str, Any]]]) -> Iterator[str]:
    zone = ZoneInfo(collection.lender.time_zone)
    for event, data in events:
        details = " ".join(f"{name}={value}" for name, value in data.items())
        who = event.actor or event.get_actor_kind_display()
        at = event.at.astimezone(zone)
        yield f"  {at:%Y-%m-%d %H:%M:%S %Z}  {who}: {event.action} {details}".rstrip()
