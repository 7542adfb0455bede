"""The lender's look: its logo, and its color as a stylesheet, because the pages allow no inline style.

The color itself is a surface: the band, the mark and the main button. Where it is text or a line it has to be
read on the pages' own surfaces, whatever the lender chose, so it is made darker there, in the dark scheme
lighter, just as far as it must be.
"""

from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from collections_app import logos
from collections_app.models import Lender
from portal.middleware import FOR_ANYBODY

INK, PAPER = "#000000", "#ffffff"
# What links and lines stand on, as static/css/tokens.css has it: canvas, surfaces, notices. A test compares.
LIGHT = ("#f3f5f7", "#ffffff", "#eef1f4", "#fdf1f0", "#eef8f2", "#fdf5e6")
DARK = ("#0f1419", "#171d24", "#1d242c", "#2c1a1a", "#14261c", "#2a2314")
# Light letters on a dark surface look thinner than they are: there they get more than they must have.
TEXT, TEXT_ON_DARK, CONTROL = 4.5, 7.0, 3.0
SHADES = 50

# On paper words and lines are black (static/css/print.css).
SHEET = """\
:root {{ --brand: {brand}; --on-brand: {on_brand}; }}
@media screen {{
  :root {{ --accent: {accent}; --brand-edge: {edge}; }}
}}
@media screen and (prefers-color-scheme: dark) {{
  :root {{ --accent: {dark_accent}; --brand-edge: {dark_edge}; }}
}}
"""


@require_safe
def stylesheet(request: HttpRequest, lender_slug: str) -> HttpResponse:
    """Defines the tokens that depend on the lender's color; see static/css/tokens.css."""
    color = get_object_or_404(Lender, slug=lender_slug).brand_color
    return HttpResponse(sheet_of(color), content_type="text/css; charset=utf-8")


def sheet_of(color: str) -> str:
    return SHEET.format(
        brand=color,
        on_brand=readable_on(color),
        accent=readable_over(color, LIGHT, ink=INK, ratio=TEXT),
        edge=readable_over(color, LIGHT, ink=INK, ratio=CONTROL),
        dark_accent=readable_over(color, DARK, ink=PAPER, ratio=TEXT_ON_DARK),
        dark_edge=readable_over(color, DARK, ink=PAPER, ratio=CONTROL),
    )


@require_safe
def logo(request: HttpRequest, lender_slug: str, name: str) -> HttpResponse:
    """The lender's picture. Its name is the hash of its content, so that a browser asks for it once."""
    if not get_object_or_404(Lender, slug=lender_slug).logo == name:
        raise Http404
    try:
        content = logos.read(name)
    except OSError:
        raise Http404 from None
    headers = {"Cache-Control": FOR_ANYBODY, "Content-Disposition": "inline"}
    return HttpResponse(content, content_type=logos.content_type(name), headers=headers)


def readable_on(color: str) -> str:
    """Ink or paper, whichever stands out more against `color`.

    One of the two always reaches 4.5 : 1, but only because the ink is black: against middle grays a softer
    ink and white both fall short.
    """
    return max((INK, PAPER), key=lambda text: contrast(text, color))


def readable_over(color: str, surfaces: Iterable[str], *, ink: str, ratio: float) -> str:
    """The shade of `color` nearest to it, on the way to the ink, that stands out against all surfaces."""
    behind = tuple(surfaces)
    shades = (shade(color, ink, step / SHADES) for step in range(SHADES + 1))
    return next((each for each in shades if all(contrast(each, other) >= ratio for other in behind)), ink)


def shade(color: str, ink: str, share: float) -> str:
    """The color as light as the ink by that share, still of its own hue and as vivid."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in channels(color)))
    lightness += (rgb_to_hls(*(channel / 255 for channel in channels(ink)))[1] - lightness) * share
    return "#" + "".join(f"{round(part * 255):02x}" for part in hls_to_rgb(hue, lightness, saturation))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of a color written as #rrggbb, 0 to 1 (WCAG 2.2)."""
    shares = (channel / 255 for channel in channels(color))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of a color written as #rrggbb, 0 to 255 each."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue
