from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.data_keys import KeyUnavailable
from collections_app.events import Who
from collections_app.management.arguments import collection_called
from collections_app.management.telling import TellingCommand
from collections_app.services.bundling import bundle_write


class Command(TellingCommand):
    help = (
        "Writes a zip that shows what happened in one run: the run, its parts, the events and the exchanges "
        "with the gateway that went wrong. Passwords, sessions, names and figures are not in it; dates and "
        "the names of fields are. `python -m intacct.sandbox --replay FILE` answers as the gateway did."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("reference", metavar="REF")
        parser.add_argument("--to", type=Path, required=True, metavar="FILE.zip", help="where to write it")
        newest = "which run, by the number that showcollection prints; the newest unless said"
        parser.add_argument("--run", type=int, help=newest)

    def handle(self, *args: Any, **options: Any) -> None:
        collection = collection_called(options["reference"])
        runs = collection.runs.order_by("-pk")
        run = (runs.filter(pk=options["run"]) if options["run"] else runs).first()
        if run is None:
            wanted = f"no run {options['run']}" if options["run"] else "no run"
            raise CommandError(f"Collection {collection.reference} has {wanted}.")
        try:
            names = bundle_write(run=run, path=options["to"], by=Who.operator("supportbundle"))
        except KeyUnavailable as problem:
            raise CommandError(str(problem)) from None
        except OSError as error:
            raise CommandError(f"Cannot write {options['to']}: {error.strerror}.") from None
        self.tell(options, *names, str(options["to"]), file=str(options["to"]), names=names)
