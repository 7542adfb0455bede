"""What the commands about webhooks share."""

from django.core.management.base import CommandError

from collections_app.models import Webhook


def webhook_numbered(number: int) -> Webhook:
    """Raises CommandError when there is none."""
    webhook = Webhook.objects.select_related("lender").filter(pk=number).first()
    if webhook is None:
        raise CommandError(f"There is no webhook {number}. listwebhooks shows those there are.")
    return webhook
