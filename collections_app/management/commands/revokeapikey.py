from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.api_keys import api_key_numbered
from collections_app.management.telling import TellingCommand
from collections_app.services.api_keys import key_revoke


class Command(TellingCommand):
    help = "Switches a key of the API off at once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("key", type=int, metavar="NUMBER")

    def handle(self, *args: Any, **options: Any) -> None:
        key = api_key_numbered(options["key"])
        if not key_revoke(key=key, by=Who.operator("revokeapikey")):
            raise CommandError(f"API key {key.pk} was revoked before.")
        self.tell(options, f"API key {key.pk} works no more.", key=key.pk, status="revoked")
