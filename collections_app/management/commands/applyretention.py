from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.models import Collection
from collections_app.services.erasing import due_erase, retention_due
from collections_app.storage_outages import StorageAway


class Command(TellingCommand):
    help = (
        "Erases every request that its lender keeps no longer: so many days after it was shared, else "
        "withdrawn, else made. The clock does the same each hour unless ERASE_AFTER_RETENTION is off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="only list what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for collection in retention_due():
            if not options["dry_run"] and not _erase(collection):
                continue
            count += 1
            since = f"{collection.kept_since:%Y-%m-%d}"  # type: ignore[attr-defined]
            told = {"reference": collection.reference, "lender": collection.lender.slug, "kept_since": since}
            self.tell(options, "  ".join(told.values()), **told, erased=not options["dry_run"])
        if not options["json"]:
            self.stdout.write(f"{count} {'due' if options['dry_run'] else 'erased'}.")


def _erase(collection: Collection) -> bool:
    try:
        return due_erase(collection=collection, by=Who.operator("applyretention"))
    except StorageAway:
        raise CommandError(f"The storage did not answer at {collection.reference}; run this again.") from None
