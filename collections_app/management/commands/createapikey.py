from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import lender_called, names, refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.services.api_keys import key_create


class Command(TellingCommand):
    help = (
        "Makes a key with which a lender's own system may use the API. Prints its number and, as the last "
        "line, the key; it is shown this once. See docs/api.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, help="which system has it")
        scopes = "read, files, create, separated by commas; read unless said"
        parser.add_argument("--scopes", type=names, default=["read"], help=scopes)
        parser.add_argument("--days", type=int, default=90, help="how long it works; 90 unless said")

    def handle(self, *args: Any, **options: Any) -> None:
        lender = lender_called(options["lender"])
        with refusals_in_words():
            key, text = key_create(
                lender=lender,
                name=options["name"],
                scopes=options["scopes"],
                days=options["days"],
                by=Who.operator("createapikey"),
            )
        told = {
            "key": key.pk,
            "lender": lender.slug,
            "name": key.name,
            "scopes": ",".join(key.scopes),
            "until": f"{key.expires_at:%Y-%m-%dT%H:%MZ}",
            "secret": text,
        }
        self.tell(options, f"API key {key.pk}, until {key.expires_at:%Y-%m-%d %H:%M %Z}", text, **told)
