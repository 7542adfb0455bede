from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser

from collections_app import data_keys, readiness
from collections_app.management.arguments import collection_called
from collections_app.models import Collection, Run
from collections_app.problems import PROBLEMS
from collections_app.progress import progress_of


class Command(BaseCommand):
    help = "Shows where one collection stands: its request, its runs, and what happened when."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        self.show_request(collection)
        for run in collection.runs.order_by("pk"):
            self.show_run(run)
        zone = ZoneInfo(collection.lender.time_zone)
        for event in collection.events.all():
            details = " ".join(f"{name}={value}" for name, value in event.data_still_kept().items())
            who = event.actor or event.get_actor_kind_display()
            at = event.at.astimezone(zone)
            self.stdout.write(f"  {at:%Y-%m-%d %H:%M:%S %Z}  {who}: {event.action} {details}".rstrip())

    def show_request(self, collection: Collection) -> None:
        self.stdout.write(f"Collection {collection.reference}: {collection.get_status_display()}")
        self.stdout.write(f"  Lender    {collection.lender.name}")
        self.stdout.write(f"  Borrower  {collection.borrower_name} <{collection.borrower_email}>")
        self.stdout.write(f"  Period    {collection.date_from} to {collection.date_to}")
        if data_keys.destroyed(collection.pk):
            self.stdout.write("  What was collected was erased.")
            return
        if collection.scope_kind:
            self.stdout.write(f"  Scope     {collection.get_scope_kind_display()}: {collection.scope_name}")
        connection = readiness.connection_of(collection)
        if connection:
            held = "held" if connection.secret is not None else "destroyed"
            self.stdout.write(f"  Company   {connection.company_id} as {connection.user_id}, password {held}")

    def show_run(self, run: Run) -> None:
        progress = progress_of(run)
        self.stdout.write(f"Run {run.pk}: {run}, {progress.done} of {progress.planned} units")
        if run.problem:
            self.stdout.write(f"  {PROBLEMS[run.problem].sentence} ({run.problem_detail})")
