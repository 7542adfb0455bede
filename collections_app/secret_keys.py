"""The keys of digests that are compared within days: SECRET_KEY, and those that go before and after it.

Web servers and workers are restarted in turn, so one may meet a digest that another made with a key that is
not its first.
"""

from django.conf import settings


def known() -> list[bytes]:
    """SECRET_KEY, with which digests are made, then each of SECRET_KEY_FALLBACKS."""
    return [key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
