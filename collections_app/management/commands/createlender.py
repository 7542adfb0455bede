import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.arguments import refusals_in_words
from collections_app.services.lenders import lender_create


class Command(BaseCommand):
    help = "Makes a lender and prints its slug."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slug", required=True, help="short name, used in commands and addresses")
        parser.add_argument("--name", required=True, help="the name that borrowers know")
        parser.add_argument("--time-zone", default="UTC", help="for example America/Toronto (default: UTC)")
        parser.add_argument("--json", action="store_true", help="print the lender as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_in_words():
            lender = lender_create(slug=options["slug"], name=options["name"], time_zone=options["time_zone"])
        events.note("lender.created", by=Who.operator("createlender"), about=f"lender:{lender.slug}")
        told = {"lender": lender.slug, "name": lender.name, "time_zone": lender.time_zone}
        self.stdout.write(json.dumps(told) if options["json"] else lender.slug)
