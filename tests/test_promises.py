"""The page of promises names tests that exist."""

import re
from pathlib import Path

import pytest

PORTAL = Path(__file__).parent / "portal"
PAGE = (Path(__file__).parents[1] / "docs" / "promises.md").read_text("utf-8")
PROMISES = [line for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]


def test_no_promise_is_left_out() -> None:
    assert [int(line.split("|")[1]) for line in PROMISES] == list(range(1, len(PROMISES) + 1))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line.split("|")[1].strip())
def test_every_promise_is_held_by_tests_that_are_there(promise: str) -> None:
    named = re.findall(r"`([\w/.]+)::(\w+)`", promise)
    assert named
    for place, test in named:
        folder, _, module = place.rpartition("/")
        path = PORTAL / folder / f"test_{module}.py"
        assert path.exists(), place
        assert f"def test_{test}(" in path.read_text("utf-8"), f"{place}::{test}"
