from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.data_keys import KeyUnavailable
from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.models import Collection
from collections_app.services.reporting import collection_export
from collections_app.vault import VaultError


class Command(BaseCommand):
    help = (
        "Writes the reports of a collection into a folder: statements.json, report.xlsx, one CSV per table; "
        "uploaded documents into its folder documents."
    )

    def add_arguments(self, parser: CommandParser) -> None:
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
        except OSError as error:
            place = error.filename or options["to"]
            raise CommandError(f"Cannot read or write {place}: {error.strerror}.") from None
        for path in written:
            self.stdout.write(str(path))
