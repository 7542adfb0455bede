"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.languages import can_switch


def product(request: HttpRequest) -> dict[str, str]:
    return {"product_name": settings.PRODUCT_NAME}


def languages(request: HttpRequest) -> dict[str, Any]:
    """The languages that the page can be switched to, each by its own name; none where there is no choice."""
    return {"languages": settings.LANGUAGES if can_switch(request) else []}
