from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app import events
from collections_app.data_keys import KeyUnavailable
from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.telling import TellingCommand


class Command(TellingCommand):
    help = (
        "Prints the newest exchange with the gateway that went wrong in this collection, secrets masked. "
        "The answer may hold the borrower's figures: treat it as confidential as the reports."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
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
        request, reply = texts
        self.tell(
            options,
            f"{exchange.at:%Y-%m-%d %H:%M:%S %Z}  {exchange.problem}  {exchange.detail}",
            f"\nRequest\n{request}",
            f"\nReply\n{reply}",
            reference=collection.reference,
            at=exchange.at.isoformat(timespec="seconds"),
            problem=exchange.problem,
            detail=exchange.detail,
            request=request,
            reply=reply,
        )
