from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.management.telling import TellingCommand
from collections_app.services.verifying import file_verify


class Command(TellingCommand):
    help = (
        "Says whether a credit file, its manifest.json or a report is what was collected here. "
        "Fails unless it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                found = file_verify(file)
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
        is_genuine = found.outcome == "genuine"
        said = " ".join(found.sentences)
        listed = [f"{sha256}  {name}" for name, sha256 in found.listed]
        self.tell(options, *([said, *listed] if is_genuine else []), **asdict(found))
        if not is_genuine:
            raise CommandError(said)
