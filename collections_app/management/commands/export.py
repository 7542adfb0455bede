from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.data_keys import KeyUnavailable
from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.telling import TellingCommand
from collections_app.models import Collection
from collections_app.sealed_files import FileReplaced
from collections_app.services.reporting import collection_export
from collections_app.vault import VaultError


class Command(TellingCommand):
    help = (
        "Writes the reports of a collection into a folder: statements.json, report.xlsx, one CSV per table; "
        "uploaded documents into its folder documents."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")
        parser.add_argument(
            "--to", required=True, type=Path, metavar="DIR", help="the folder; made if missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        if collection.status != Collection.Status.SUBMITTED:
            raise CommandError(
                f"Collection {collection.reference} is not complete: it is {collection.status}."
            )
        try:
            written = collection_export(
                collection=collection, folder=options["to"], by=Who.operator("export")
            )
        except (KeyUnavailable, VaultError) as refusal:
            raise CommandError(str(refusal)) from None
        except FileReplaced as replaced:
            raise CommandError(str(replaced)) from None
        except OSError as error:
            place = error.filename or options["to"]
            raise CommandError(f"Cannot read or write {place}: {error.strerror}.") from None
        files = [str(path) for path in written]
        self.tell(options, *files, reference=collection.reference, files=files)
