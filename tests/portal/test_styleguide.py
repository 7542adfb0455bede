"""The page that shows every component: for those who build, and for nobody else."""

from typing import Any

import pytest
from django.test import Client

PAGE = "/styleguide/"


@pytest.mark.django_db
def test_without_debug_there_is_no_style_guide(client: Client) -> None:
    assert client.get(PAGE).status_code == 404


@pytest.mark.django_db
def test_it_shows_the_components_without_touching_what_is_stored(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    page = client.get(PAGE).content.decode()
    for shown in (
        "Blanks and dashes do not matter.",
        "A colleague has a set-up link",
        "Upload and replace",
        "A suspense account of the year before last.",
        "Do you need more time?",
        "summary-list__change",
        "tick__button",
    ):
        assert shown in page
