from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.telling import TellingCommand
from collections_app.services.credentials import credentials_kept, kept_destroy


class Command(TellingCommand):
    help = (
        "Destroys borrowers' passwords and sessions that are kept for longer than CREDENTIAL_HOURS, as the "
        "clock does; with --hours 0 all of them at once, with REF those of one collection. A run that needs "
        "one then asks its borrower for it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF", nargs="?", help="only this collection's, however old")
        hours = "kept for longer than this; CREDENTIAL_HOURS unless said"
        parser.add_argument("--hours", type=int, default=settings.CREDENTIAL_HOURS, help=hours)
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = credentials_kept(0 if options["reference"] else options["hours"])
        if options["reference"]:
            kept = kept.filter(collection=collection_called(options["reference"]))
        references = []
        for connection in kept:
            by = Who.operator("purgecredentials")
            if options["dry_run"] or kept_destroy(connection=connection, by=by, why="purged"):
                references.append(connection.collection.reference)
        self.tell(
            options,
            *references,
            f"{len(references)} {'kept' if options['dry_run'] else 'destroyed'}.",
            destroyed=not options["dry_run"],
            references=references,
        )
