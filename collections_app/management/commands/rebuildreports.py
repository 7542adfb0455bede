from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import collection_called, mapping_called, refusals_in_words
from collections_app.management.describing import run_facts
from collections_app.management.telling import TellingCommand
from collections_app.models import Collection, MappingTemplate
from collections_app.services.rebuilding import reports_rebuild


class Command(TellingCommand):
    help = "Has the worker make the reports of a complete collection again from the stored figures."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--mapping", metavar="NAME[@VERSION]", help="with this layout of the lender (default: as before)"
        )
        which.add_argument("--no-mapping", action="store_true", help="without a layout of the lender")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        template = _template(collection, options)
        with refusals_in_words():
            run = reports_rebuild(collection=collection, template=template, by=Who.operator("rebuildreports"))
        self.tell(options, f"{run.get_kind_display()}: queued", **run_facts(run))


def _template(collection: Collection, options: dict[str, Any]) -> MappingTemplate | None:
    if options["no_mapping"]:
        return None
    if options["mapping"] is None:
        return collection.mapping
    return mapping_called(collection.lender, options["mapping"])
