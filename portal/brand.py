"""The lender's color as a stylesheet of its own, because the pages allow no inline style."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from collections_app.models import Lender

INK, PAPER = "#000000", "#ffffff"


@require_safe
def stylesheet(request: HttpRequest, lender_slug: str) -> HttpResponse:
    """Defines `--brand` and `--on-brand`, the ink or paper that reads better on it."""
    color = get_object_or_404(Lender, slug=lender_slug).brand_color
    rules = f":root {{ --brand: {color}; --on-brand: {readable_on(color)}; }}\n"
    return HttpResponse(rules, content_type="text/css; charset=utf-8")


def readable_on(color: str) -> str:
    """Ink or paper, whichever stands out more against `color`.

    One of the two always reaches 4.5 : 1, but only because the ink is black: against middle grays a softer
    ink and white both fall short.
    """
    return max((INK, PAPER), key=lambda text: contrast(text, color))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of a color written as #rrggbb, 0 to 1 (WCAG 2.2)."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
