"""What the commands that steer a run share."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.models import Run
from collections_app.services.steering import NotNow


class SteeringCommand(BaseCommand):
    """One collection's newest run, moved by one service."""

    service: Callable[..., Run]
    name: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF")
        parser.add_argument("--json", action="store_true", help="print where the run then stands as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        try:
            run = type(self).service(collection=collection, by=Who.operator(self.name))
        except NotNow as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            told = {"reference": collection.reference, "run": run.pk, "kind": run.kind, "status": run.status}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{run.get_kind_display()}: {run.get_status_display().lower()}")
