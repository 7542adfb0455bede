from typing import Any

from django.core.management.base import CommandParser

from collections_app.management.arguments import lender_called
from collections_app.management.telling import TellingCommand
from collections_app.models import ApiKey
from collections_app.services.api_keys import is_good


class Command(TellingCommand):
    help = "Lists the keys of the API: number, lender, name, scopes, end, last use, and whether it works."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", metavar="SLUG", help="only this lender's")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ApiKey.objects.select_related("lender")
        if options["lender"]:
            keys = keys.filter(lender=lender_called(options["lender"]))
        for key in keys:
            told = {
                "key": key.pk,
                "lender": key.lender.slug,
                "name": key.name,
                "scopes": ",".join(key.scopes),
                "until": f"{key.expires_at:%Y-%m-%dT%H:%MZ}",
                "last_used": f"{key.last_used_at:%Y-%m-%dT%H:%MZ}" if key.last_used_at else "never",
                "works": is_good(key),
            }
            self.tell(options, "  ".join(str(value) for value in told.values()), **told)
