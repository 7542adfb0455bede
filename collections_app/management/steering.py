"""What the commands that steer a run share."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.describing import run_facts
from collections_app.management.telling import TellingCommand
from collections_app.models import Run
from collections_app.problems import PAUSED
from collections_app.services.steering import NotNow


class SteeringCommand(TellingCommand):
    """One collection's newest run, moved by one service."""

    service: Callable[..., Run]
    name: str

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        try:
            run = type(self).service(collection=collection, by=Who.operator(self.name))
        except NotNow as refusal:
            raise CommandError(str(refusal)) from None
        stands = "paused" if run.problem == PAUSED.name else run.get_status_display().lower()
        self.tell(options, f"{run.get_kind_display()}: {stands}", **run_facts(run))
