"""A short run of every target in the suite, and every input of the corpus, finds of longer runs included."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intacct.fuzz.mutation import mutated
from tests.intacct.fuzz.targets import TARGETS

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*"))
SEEDS = {name: [path.read_bytes() for path in CORPUS if path.name.startswith(name)] for name in TARGETS}


def test_every_target_has_seeds() -> None:
    assert all(SEEDS.values())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_an_input_of_the_corpus_is_read_or_refused(path: Path) -> None:
    TARGETS[path.name.partition("-")[0]](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_changed_answers_are_read_or_refused(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[name]))
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    TARGETS[name](mutated(seed, SEEDS[name], chance))
