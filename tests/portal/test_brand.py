"""The lender's color: safe as a stylesheet, readable whatever it is."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from collections_app.models import Lender
from portal import brand

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLORS)
def test_text_on_any_color_can_be_read(color: str) -> None:
    assert brand.contrast(brand.readable_on(color), color) >= 4.5


def test_text_on_any_gray_can_be_read() -> None:
    grays = [f"#{gray:02x}{gray:02x}{gray:02x}" for gray in range(256)]
    assert min(brand.contrast(brand.readable_on(color), color) for color in grays) >= 4.5


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
