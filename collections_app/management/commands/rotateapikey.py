from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.api_keys import api_key_numbered
from collections_app.management.arguments import refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.services.api_keys import key_rotate


class Command(TellingCommand):
    help = (
        "Makes a new key with the same name and scopes; the old one works for some hours more, so that the "
        "system can be changed over. The last line is the new key; it is shown this once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("key", type=int, metavar="NUMBER")
        parser.add_argument("--days", type=int, default=90, help="how long the new one works; 90 unless said")
        parser.add_argument("--grace-hours", type=int, default=24, help="how long the old one works; 24")

    def handle(self, *args: Any, **options: Any) -> None:
        old, by = api_key_numbered(options["key"]), Who.operator("rotateapikey")
        grace = timedelta(hours=max(0, options["grace_hours"]))
        with refusals_in_words():
            key, text = key_rotate(key=old, days=options["days"], grace=grace, by=by)
        words = f"API key {key.pk}, until {key.expires_at:%Y-%m-%d %H:%M %Z}"
        told = {
            "key": key.pk,
            "replaces": old.pk,
            "until": f"{key.expires_at:%Y-%m-%dT%H:%MZ}",
            "secret": text,
        }
        self.tell(options, words, text, **told)
