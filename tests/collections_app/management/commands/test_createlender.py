"""`createlender`"""

import json

import pytest

from collections_app.models import Lender
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def test_it_makes_a_lender_and_prints_its_slug(manage: Manage) -> None:
    finished = manage(
        "createlender", "--slug", "harbor", "--name", "Harbor Bank", "--time-zone", "America/Toronto"
    )
    assert (finished.code, finished.out, finished.error) == (0, "harbor\n", "")
    lender = Lender.objects.get()
    assert (lender.slug, lender.name, lender.time_zone) == ("harbor", "Harbor Bank", "America/Toronto")


@pytest.mark.parametrize(
    ("slug", "name", "zone", "part"),
    [
        ("two words", "Harbor Bank", "UTC", "slug"),
        ("harbor", " ", "UTC", "Name: "),
        ("harbor", "x" * 300, "UTC", "Name: "),
        ("harbor", "Harbor Bank", "Mars/Olympus", "“Mars/Olympus” is not a time zone"),
    ],
)
def test_it_refuses_in_one_sentence_that_names_the_part(
    manage: Manage, slug: str, name: str, zone: str, part: str
) -> None:
    finished = manage("createlender", "--slug", slug, "--name", name, "--time-zone", zone)
    assert is_one_sentence(finished), finished
    assert part in finished.error
    assert not Lender.objects.exists()


def test_it_refuses_a_slug_that_is_taken(manage: Manage) -> None:
    manage("createlender", "--slug", "harbor", "--name", "Harbor Bank")
    finished = manage("createlender", "--slug", "harbor", "--name", "Another")
    assert is_one_sentence(finished), finished
    assert Lender.objects.get().name == "Harbor Bank"


def test_it_refuses_missing_arguments_with_a_failure(manage: Manage) -> None:
    finished = manage("createlender", "--slug", "harbor")
    assert finished.code != 0
    assert "--name" in finished.error


def test_it_prints_the_lender_as_json(manage: Manage) -> None:
    finished = manage("createlender", "--slug", "harbor", "--name", "Harbor Bank", "--json")
    assert json.loads(finished.out) == {"lender": "harbor", "name": "Harbor Bank", "time_zone": "UTC"}
