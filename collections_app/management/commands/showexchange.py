from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app import events
from collections_app.data_keys import KeyUnavailable
from collections_app.events import Who
from collections_app.management.arguments import collection_called


class Command(BaseCommand):
    help = (
        "Prints the newest exchange with the gateway that went wrong in this collection, secrets masked. "
        "The answer may hold the borrower's figures: treat it as confidential as the reports."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF")
        newest_first = "1 is the newest, 2 the one before, and so on."
        parser.add_argument("--number", type=int, default=1, help=newest_first)

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        kept = list(collection.exchanges.all())
        number = options["number"]
        if not 1 <= number <= len(kept):
            raise CommandError(f"Collection {collection.reference} has {len(kept)} kept exchanges.")
        exchange = kept[number - 1]
        try:
            texts = exchange.request, exchange.reply
        except KeyUnavailable as problem:
            raise CommandError(str(problem)) from None
        events.record(collection, "exchange.shown", by=Who.operator("showexchange"), number=number)
        self.stdout.write(f"{exchange.at:%Y-%m-%d %H:%M:%S %Z}  {exchange.problem}  {exchange.detail}")
        for title, text in zip(("Request", "Reply"), texts, strict=True):
            self.stdout.write(f"\n{title}\n{text}")
