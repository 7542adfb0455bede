import json
from typing import Any

from django.core.management.base import CommandParser

from collections_app.management.arguments import lender_called
from collections_app.management.telling import TellingCommand
from collections_app.management.webhooks import webhook_numbered
from collections_app.models import Webhook


class Command(TellingCommand):
    help = "Lists webhooks, or with --log what one was told, newest first, and what it answered."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lender", metavar="SLUG", help="only this lender's")
        parser.add_argument("--log", type=int, metavar="NUMBER", help="the deliveries of this webhook")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = self._log(options["log"]) if options["log"] else self._webhooks(options["lender"])
        for told in rows:
            line = "  ".join(str(value) for value in told.values() if value not in ("", None))
            self.tell(options, line, **told)

    def _webhooks(self, slug: str | None) -> list[dict[str, Any]]:
        webhooks = Webhook.objects.select_related("lender")
        if slug:
            webhooks = webhooks.filter(lender=lender_called(slug))
        return [
            {
                "webhook": each.pk,
                "lender": each.lender.slug,
                "url": each.url,
                "events": ",".join(each.events) or "all",
                "stopped_at": each.stopped_at.isoformat(timespec="seconds") if each.stopped_at else None,
            }
            for each in webhooks
        ]

    def _log(self, number: int) -> list[dict[str, Any]]:
        deliveries = webhook_numbered(number).deliveries.order_by("-pk")[:200]
        return [
            {
                "delivery": each.pk,
                "event": each.event,
                "reference": json.loads(each.body)["reference"],
                "created_at": each.created_at.isoformat(timespec="seconds"),
                "delivered": each.delivered_at is not None,
                "tries": each.tries,
                "answer": each.answer,
                "earlier": ", ".join(ended["answer"] for ended in each.earlier or ()),
            }
            for each in deliveries
        ]
