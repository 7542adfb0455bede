from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app import notices
from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.telling import TellingCommand
from collections_app.services import notifying


class Command(TellingCommand):
    help = (
        "Sends once more the mails that were given up, because the mail server refused them for a day or put "
        "them off for three: after what was wrong with them was mended. With REF those of one collection. "
        "What waits because the mail server is away goes out by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF", nargs="?", help="only this collection's")
        parser.add_argument(
            "--drop", action="store_true", help="never send them, where they can reach nobody"
        )
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = notices.given_up()
        if options["reference"]:
            refused = refused.filter(collection=collection_called(options["reference"]))
        mails = [
            {
                "reference": notice.collection.reference,
                "notice": notice.kind,
                "told": notice.get_kind_display(),
            }
            for notice in refused.select_related("collection")
        ]
        left = len(mails)
        if options["drop"] and not options["dry_run"]:
            notifying.notices_drop(refused, by=Who.operator("sendmails"))
            left = 0
        elif not options["dry_run"]:
            left = notifying.notices_retry(refused)
        self.tell(
            options,
            *(f"{mail['reference']}  {mail['told']}" for mail in mails),
            f"{len(mails)} were given up, {left} are left.",
            mails=mails,
            left=left,
        )
        if left and not options["dry_run"]:
            raise CommandError(f"{left} mails could not be sent now; they are tried again by themselves.")
