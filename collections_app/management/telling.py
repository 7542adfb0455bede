"""What the commands share that say at their end what they did: in words, or for programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class TellingCommand(BaseCommand):
    """Takes `--json`, with which one JSON object stands for the words, of a list one for each line. Refusals
    are sentences either way.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            help="print it as JSON: one object on a line, of a list one for each",
        )

    def tell(self, options: dict[str, Any], *words: str, **facts: Any) -> None:
        """The words, a line each, or the facts. What is read from the last line stands last in the words."""
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        for line in words:
            self.stdout.write(line)
