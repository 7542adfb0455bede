from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collections_app.management.arguments import lender_called, mapping_called
from collections_app.services.mapping import template_export


class Command(BaseCommand):
    help = (
        "Prints a lender's own statement layout as the JSON document that importmapping takes. There is no "
        "--json: the document is JSON already, and importmapping takes it as it is printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "mapping", metavar="NAME[@VERSION]", help="the newest version unless one is named"
        )
        parser.add_argument("--lender", required=True, metavar="S", help="the lender's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        template = mapping_called(lender_called(options["lender"]), options["mapping"])
        self.stdout.write(template_export(template), ending="")
