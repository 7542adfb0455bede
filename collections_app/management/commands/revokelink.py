from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called, refusals_in_words
from collections_app.services.linking import link_revoke


class Command(BaseCommand):
    help = (
        "Switches the link of a request off at once, also for those who have opened it. The request stays: "
        "resendlink gives it a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        with refusals_in_words():
            link_revoke(collection=collection, by=Who.operator("revokelink"))
        self.stdout.write(f"The link of {collection.reference} no longer works.")
