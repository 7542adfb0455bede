"""System checks: what is wrong with the settings, and the cure."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from collections_app import vault


@register()
def vault_keys_are_keys(**kwargs: Any) -> list[CheckMessage]:
    try:
        vault.keys()
    except vault.VaultKeyError as error:
        return [Error(str(error), hint=MAKE_KEY, id="collections_app.E001")]
    return []


MAKE_KEY = (
    "Make one with: python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)


@register()
def gateway_is_trusted(**kwargs: Any) -> list[CheckMessage]:
    """An endpoint that is not Sage's is refused unless it was asked for in so many words."""
    parts = urlsplit(settings.INTACCT_ENDPOINT)
    host = parts.hostname or ""
    is_sage = parts.scheme == "https" and (host == "intacct.com" or host.endswith(".intacct.com"))
    if is_sage or settings.INTACCT_SANDBOX:
        return []
    return [
        Error(
            "INTACCT_ENDPOINT is not an https address of intacct.com.",
            hint="Correct it, or set INTACCT_SANDBOX=1 if it is a sandbox gateway.",
            id="collections_app.E002",
        )
    ]


@register(deploy=True)
def sender_is_set(**kwargs: Any) -> list[CheckMessage]:
    if settings.INTACCT_SENDER_ID and settings.INTACCT_SENDER_PASSWORD:
        return []
    return [
        Warning(
            "INTACCT_SENDER_ID or INTACCT_SENDER_PASSWORD is not set, so no company can be connected.",
            hint="Sage gives both with the Web Services sender agreement.",
            id="collections_app.W001",
        )
    ]
