from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.management.webhooks import webhook_numbered
from collections_app.services.webhooking import deliveries_replay


class Command(TellingCommand):
    help = (
        "Has everything that a webhook did not take sent again, from its first try on; with --delivery one "
        "that it took as well. The clock sends it within half a minute."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("webhook", type=int, metavar="NUMBER")
        parser.add_argument("--delivery", type=int, metavar="N", help="only this one, see listwebhooks --log")

    def handle(self, *args: Any, **options: Any) -> None:
        webhook = webhook_numbered(options["webhook"])
        count = deliveries_replay(
            webhook=webhook, delivery_id=options["delivery"], by=Who.operator("replaywebhook")
        )
        if options["delivery"] and not count:
            raise CommandError(f"Webhook {webhook.pk} has no delivery {options['delivery']}.")
        self.tell(options, f"{count} to be sent again.", webhook=webhook.pk, deliveries=count)
