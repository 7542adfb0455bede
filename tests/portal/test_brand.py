"""The lender's color: safe as a stylesheet, readable whatever it is."""

import re
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from collections_app.models import Lender
from portal import brand

TOKENS = Path(__file__).resolve().parents[2] / "static/css/tokens.css"
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLORS)
def test_text_on_any_color_can_be_read(color: str) -> None:
    assert brand.contrast(brand.readable_on(color), color) >= 4.5


def test_text_on_any_gray_can_be_read() -> None:
    grays = [f"#{gray:02x}{gray:02x}{gray:02x}" for gray in range(256)]
    assert min(brand.contrast(brand.readable_on(color), color) for color in grays) >= 4.5


@given(COLORS)
def test_the_color_as_text_and_as_a_line_is_readable_on_every_surface_in_both_schemes(color: str) -> None:
    sheet = brand.sheet_of(color)
    light, dark = sheet.split("prefers-color-scheme: dark")
    for part, surfaces in ((light, brand.LIGHT), (dark, brand.DARK)):
        for surface in surfaces:
            assert brand.contrast(value_in(part, "accent"), surface) >= 4.5
            assert brand.contrast(value_in(part, "brand-edge"), surface) >= 3


def test_a_color_that_can_be_read_stays_as_the_lender_chose_it() -> None:
    assert value_in(brand.sheet_of("#1f4b99"), "accent") == "#1f4b99"


def value_in(sheet: str, token: str) -> str:
    found = re.search(rf"--{token}: (#[0-9a-f]{{6}});", sheet)
    assert found, token
    return found[1]


@pytest.mark.parametrize(("scheme", "surfaces"), [("light", brand.LIGHT), ("dark", brand.DARK)])
def test_every_pair_of_tokens_that_meets_on_a_page_has_its_contrast(
    scheme: str, surfaces: tuple[str, ...]
) -> None:
    tokens = tokens_of(scheme)
    plain = {tokens[name] for name in ("canvas", "surface", "surface-quiet")}
    notices = {tokens[f"{name}-surface"] for name in ("danger", "success", "warning")}
    assert plain | notices == set(surfaces)
    for surface in surfaces:
        for text in ("ink", "ink-quiet", "accent"):
            assert brand.contrast(tokens[text], surface) >= 4.5, (text, surface)
        for line in ("line-control", "focus", "brand-edge"):
            assert brand.contrast(tokens[line], surface) >= 3, (line, surface)
    for name in ("danger", "success", "warning"):
        for surface in plain | {tokens[f"{name}-surface"]}:
            assert brand.contrast(tokens[name], surface) >= 4.5, (name, surface)
    assert brand.contrast(tokens["brand"], tokens["on-brand"]) >= 4.5
    # The ring of the focus lies on the gap around it, whatever is behind both.
    assert brand.contrast(tokens["focus"], tokens["focus-gap"]) >= 3


def test_the_pages_of_no_lender_have_the_tokens_that_a_lender_of_that_color_would_have() -> None:
    light, dark = tokens_of("light"), tokens_of("dark")
    sheet_light, sheet_dark = brand.sheet_of(light["brand"]).split("prefers-color-scheme: dark")
    for token in ("accent", "brand-edge"):
        assert light[token] == value_in(sheet_light, token)
        assert dark[token] == value_in(sheet_dark, token)


def tokens_of(scheme: str) -> dict[str, str]:
    """The colors of tokens.css; the dark scheme has those of the light one where it says nothing else."""
    light, dark = TOKENS.read_text(encoding="utf-8").split("prefers-color-scheme: dark")
    values = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return values | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else {})


@given(COLORS, COLORS)
def test_contrast_is_the_same_both_ways_and_between_1_and_21(first: str, second: str) -> None:
    assert brand.contrast(first, second) == brand.contrast(second, first)
    assert 1 <= brand.contrast(first, second) <= 21.0001


def test_contrast_as_the_standard_computes_it() -> None:
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert brand.luminance("#FF0000") == pytest.approx(0.2126)


def test_the_stylesheet_holds_the_lenders_color(client: Client, lender: Lender) -> None:
    Lender.objects.update(brand_color="#ffee00")
    response = client.get("/brand/harbor.css")
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "--brand: #ffee00; --on-brand: " in response.content.decode()


def test_a_lender_that_is_not_there_has_no_stylesheet(client: Client, db: None) -> None:
    assert client.get("/brand/nobody.css").status_code == 404
