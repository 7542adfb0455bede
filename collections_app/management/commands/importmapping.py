from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.arguments import lender_called, refusals_in_words, text_of
from collections_app.management.telling import TellingCommand
from collections_app.services.mapping import template_import


class Command(TellingCommand):
    help = "Stores a version of a lender's own statement layout and prints its name and version."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="the template as a JSON document")
        parser.add_argument("--lender", required=True, metavar="S", help="the lender's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        lender, text = lender_called(options["lender"]), text_of(options["file"])
        with refusals_in_words():
            template = template_import(lender=lender, text=text, by=Who.operator("importmapping"))
        by, named = Who.operator("importmapping"), f"{template.name}@{template.version}"
        events.note("mapping.imported", by=by, about=events.about_of(template), template=named)
        self.tell(options, named, lender=lender.slug, name=template.name, version=template.version)
