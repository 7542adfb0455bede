"""What the commands about keys of the API share."""

from django.core.management.base import CommandError

from collections_app.models import ApiKey


def api_key_numbered(number: int) -> ApiKey:
    """Raises CommandError when there is none."""
    key = ApiKey.objects.select_related("lender").filter(pk=number).first()
    if key is None:
        raise CommandError(f"There is no API key {number}. listapikeys shows those there are.")
    return key
