import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.services.verifying import file_verify


class Command(BaseCommand):
    help = (
        "Says whether a credit file, its manifest.json or a report is what was collected here. "
        "Fails unless it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the finding as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                found = file_verify(file)
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        if found.outcome != "genuine":
            raise CommandError(" ".join(found.sentences))
        if not options["json"]:
            self.stdout.write(" ".join(found.sentences))
            for name, sha256 in found.listed:
                self.stdout.write(f"{sha256}  {name}")
