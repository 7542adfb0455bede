from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app import data_keys
from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.telling import TellingCommand
from collections_app.services.erasing import (
    Erasure,
    collection_erase,
    erasure_foreseen,
    erasure_proved,
)
from collections_app.storage_outages import StorageAway


class Command(TellingCommand):
    help = (
        "Erases everything of one request for good and proves it: the data key is destroyed, rows, files and "
        "names are deleted, and what is left is looked for. That there was a request, and who did what when, "
        "stays. Of an erased request it only proves again. Backups made before: see docs/operations.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")
        parser.add_argument(
            "--why", default="", help="who asked for it and by which rule; kept with the proof"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what would be erased")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        erased = data_keys.destroyed(collection.pk)
        if options["dry_run"]:
            self._tell(options, erasure_foreseen(collection=collection))
            return
        if not erased and not options["why"].strip():
            raise CommandError("Say with --why who asked for it and by which rule, or use --dry-run.")
        try:
            if erased and not erasure_proved(collection=collection).left:
                erasure = erasure_proved(collection=collection)
            else:
                why = options["why"].strip()[:200]
                erasure = collection_erase(collection=collection, by=Who.operator("erase"), why=why)
        except StorageAway:
            raise CommandError(
                "The storage did not answer. The key is destroyed; run this again to delete the files."
            ) from None
        self._tell(options, erasure)
        if not erasure.is_complete:
            raise CommandError(f"Still there: {', '.join(erasure.left)}. Run this again.")

    def _tell(self, options: dict[str, Any], erasure: Erasure) -> None:
        self.tell(options, *_lines(erasure), **as_told(erasure))


def _lines(erasure: Erasure) -> Iterator[str]:
    for relation, count in erasure.rows.items():
        yield f"{count:>8}  {relation.replace('_', ' ')}"
    yield f"{erasure.files:>8}  files in the storage"
    if erasure.at is None:
        yield f"Nothing was erased: this is what {erasure.collection.reference} has."
    elif erasure.is_complete:
        yield (
            f"Collection {erasure.collection.reference} was erased at {erasure.at:%Y-%m-%d %H:%M:%S %Z}: "
            "the key is destroyed, and no row, no name and no file is left."
        )


def as_told(erasure: Erasure) -> dict[str, Any]:
    return {
        "reference": erasure.collection.reference,
        "erased_at": erasure.at.isoformat() if erasure.at else None,
        "why": erasure.why,
        "rows": erasure.rows,
        "files": erasure.files,
        "left": list(erasure.left),
        "complete": erasure.is_complete,
    }
