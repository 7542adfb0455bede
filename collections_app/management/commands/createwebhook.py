from typing import Any

from django.core.management.base import CommandParser

from collections_app.events import Who
from collections_app.management.arguments import lender_called, refusals_in_words
from collections_app.management.telling import TellingCommand
from collections_app.services.webhooking import TOLD, webhook_create


class Command(TellingCommand):
    help = (
        "Has a lender's own system told what happens to its requests. Prints the number of the webhook and, "
        "as the last line, the secret that signs what is sent; it is shown this once. See docs/api.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", required=True, metavar="SLUG")
        parser.add_argument("--url", required=True, help="an https address")
        told = f"tell this one; may be repeated; all unless said: {', '.join(TOLD)}"
        parser.add_argument("--event", action="append", default=[], metavar="NAME", help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        lender = lender_called(options["lender"])
        with refusals_in_words():
            webhook, secret = webhook_create(
                lender=lender, url=options["url"], told=options["event"], by=Who.operator("createwebhook")
            )
        events_told = ",".join(webhook.events) or "all"
        told = {"webhook": webhook.pk, "lender": lender.slug, "url": webhook.url, "events": events_told}
        self.tell(options, f"Webhook {webhook.pk}", secret, **told, secret=secret)
