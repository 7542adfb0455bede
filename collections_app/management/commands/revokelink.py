from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called, refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.services.linking import link_revoke


class Command(TellingCommand):
    help = (
        "Switches the link of a request off at once, also for those who have opened it. The request stays: "
        "resendlink gives it a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        with refusals_in_words():
            link_revoke(collection=collection, by=Who.operator("revokelink"))
        words = f"The link of {collection.reference} no longer works."
        self.tell(options, words, reference=collection.reference, link="revoked")
