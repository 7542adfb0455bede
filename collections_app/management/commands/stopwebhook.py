from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.webhooks import webhook_numbered
from collections_app.services.webhooking import webhook_stop


class Command(BaseCommand):
    help = "Sends nothing more to a webhook. Its log stays; for a new address or a new secret make another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("webhook", type=int, metavar="NUMBER")

    def handle(self, *args: Any, **options: Any) -> None:
        webhook = webhook_numbered(options["webhook"])
        if not webhook_stop(webhook=webhook):
            raise CommandError(f"Webhook {webhook.pk} was stopped before.")
        about = f"lender:{webhook.lender.slug}"
        events.note("webhook.stopped", by=Who.operator("stopwebhook"), about=about, webhook=webhook.pk)
        self.stdout.write(f"Webhook {webhook.pk} is told nothing more.")
