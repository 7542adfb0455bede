from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.arguments import lender_called, refusals_in_words, text_of
from collections_app.management.telling import TellingCommand
from collections_app.services.lenders import lender_terms_set


class Command(TellingCommand):
    help = "Keeps a lender's own terms: borrowing base, definitions of ratios, covenants."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="the terms as a JSON document")
        parser.add_argument("--lender", required=True, metavar="S", help="the lender's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        lender, text = lender_called(options["lender"]), text_of(options["file"])
        with refusals_in_words():
            lender_terms_set(lender=lender, text=text)
        events.note("lender.terms_set", by=Who.operator("importterms"), about=events.about_of(lender))
        words = f"{lender.name}: the terms are kept and apply to reports made from now on."
        self.tell(options, words, lender=lender.slug, terms="kept")
