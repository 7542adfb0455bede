import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from collections_app import events
from collections_app.events import Who
from collections_app.management.arguments import lender_called, refusals_in_words
from collections_app.services.webhooking import TOLD, webhook_create


class Command(BaseCommand):
    help = (
        "Has a lender's own system told what happens to its requests. Prints the number of the webhook and, "
        "as the last line, the secret that signs what is sent; it is shown this once. See docs/api.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lender", required=True, metavar="SLUG")
        parser.add_argument("--url", required=True, help="an https address")
        told = f"tell this one; may be repeated; all unless said: {', '.join(TOLD)}"
        parser.add_argument("--event", action="append", default=[], metavar="NAME", help=told)
        parser.add_argument("--json", action="store_true", help="print the webhook and its secret as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        lender = lender_called(options["lender"])
        with refusals_in_words():
            webhook, secret = webhook_create(lender=lender, url=options["url"], told=options["event"])
        events.note("webhook.created", by=Who.operator("createwebhook"), about=f"lender:{lender.slug}")
        if options["json"]:
            events_told = ",".join(webhook.events) or "all"
            told = {"webhook": webhook.pk, "lender": lender.slug, "url": webhook.url, "events": events_told}
            self.stdout.write(json.dumps(told | {"secret": secret}))
            return
        self.stdout.write(f"Webhook {webhook.pk}")
        self.stdout.write(secret)
