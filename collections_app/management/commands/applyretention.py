import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.events import Who
from collections_app.models import Collection
from collections_app.services.erasing import collection_erase, retention_due
from collections_app.storage_outages import StorageAway


class Command(BaseCommand):
    help = (
        "Erases every request that its lender keeps no longer: so many days after it was shared, else "
        "withdrawn, else made. The clock does the same each hour unless ERASE_AFTER_RETENTION is off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list what is due")
        parser.add_argument("--json", action="store_true", help="print a JSON object for each, one a line")

    def handle(self, *args: Any, **options: Any) -> None:
        told = []
        for collection in retention_due():
            if not options["dry_run"]:
                _erase(collection)
            told.append(collection.reference)
            self._tell(collection, options)
        if not options["json"]:
            self.stdout.write(f"{len(told)} {'due' if options['dry_run'] else 'erased'}.")

    def _tell(self, collection: Collection, options: dict[str, Any]) -> None:
        since = f"{collection.kept_since:%Y-%m-%d}"  # type: ignore[attr-defined]
        told = {"reference": collection.reference, "lender": collection.lender.slug, "kept_since": since}
        if options["json"]:
            self.stdout.write(json.dumps(told | {"erased": not options["dry_run"]}))
        else:
            self.stdout.write("  ".join(told.values()))


def _erase(collection: Collection) -> None:
    try:
        by = Who.operator("applyretention")
        collection_erase(collection=collection, by=by, why="the retention has passed")
    except StorageAway:
        raise CommandError(f"The storage did not answer at {collection.reference}; run this again.") from None
