from typing import Any

from django.core.management.base import CommandError, CommandParser

from collections_app.events import Who
from collections_app.management.telling import TellingCommand
from collections_app.management.webhooks import webhook_numbered
from collections_app.services.webhooking import webhook_stop


class Command(TellingCommand):
    help = "Sends nothing more to a webhook. Its log stays; for a new address or a new secret make another."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("webhook", type=int, metavar="NUMBER")

    def handle(self, *args: Any, **options: Any) -> None:
        webhook = webhook_numbered(options["webhook"])
        if not webhook_stop(webhook=webhook, by=Who.operator("stopwebhook")):
            raise CommandError(f"Webhook {webhook.pk} was stopped before.")
        self.tell(
            options, f"Webhook {webhook.pk} is told nothing more.", webhook=webhook.pk, status="stopped"
        )
