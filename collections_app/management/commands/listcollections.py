from typing import Any

from django.core.management.base import CommandParser

from collections_app.management.arguments import lender_called
from collections_app.management.describing import request_facts
from collections_app.management.telling import TellingCommand
from collections_app.models import Collection


class Command(TellingCommand):
    help = "Lists the collections, newest first: reference, status, lender, borrower, period."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", help="only this lender's")
        parser.add_argument("--status", choices=Collection.Status.values, help="only those in this status")

    def handle(self, *args: Any, **options: Any) -> None:
        collections = Collection.objects.select_related("lender")
        if options["lender"]:
            collections = collections.filter(lender=lender_called(options["lender"]))
        if options["status"]:
            collections = collections.filter(status=options["status"])
        for collection in collections.iterator():
            self.tell(
                options,
                f"{collection.reference}  {collection.status:<10}  {collection.lender.slug}  "
                f"{collection.borrower_name}  {collection.date_from} to {collection.date_to}",
                **request_facts(collection),
            )
