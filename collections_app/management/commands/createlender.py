from typing import Any

from django.core.management.base import CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.arguments import refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.services.lenders import lender_create


class Command(TellingCommand):
    help = "Makes a lender and prints its slug."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--slug", required=True, help="short name, used in commands and addresses")
        parser.add_argument("--name", required=True, help="the name that borrowers know")
        parser.add_argument("--time-zone", default="UTC", help="for example America/Toronto (default: UTC)")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_in_words():
            lender = lender_create(slug=options["slug"], name=options["name"], time_zone=options["time_zone"])
        events.note("lender.created", by=Who.operator("createlender"), about=events.about_of(lender))
        told = {"lender": lender.slug, "name": lender.name, "time_zone": lender.time_zone}
        self.tell(options, lender.slug, **told)
