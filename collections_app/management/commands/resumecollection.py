from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.describing import run_facts
from collections_app.management.telling import TellingCommand
from collections_app.services.resuming import NothingToResume, run_resume


class Command(TellingCommand):
    help = "Goes on with a collection whose run needed the operator; what was read stays."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        try:
            run = run_resume(collection=collection, by=Who.operator("resumecollection"))
        except NothingToResume as refusal:
            raise CommandError(str(refusal)) from None
        self.tell(options, f"{run.get_kind_display()}: queued", **run_facts(run))
