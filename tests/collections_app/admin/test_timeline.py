import re
from pathlib import Path

import pytest

from collections_app import problems, states
from collections_app.admin.standing import PROBLEM_WORDS
from collections_app.admin.timeline import SENTENCES, sentence
from collections_app.models import Event

SOURCE = Path(states.__file__).parent
RECORDED = re.compile(
    r'(?:events\.record|events\.note|_answer|_note)\(\s*[^"()]*?"([a-z_]+\.[a-z_]+)"', re.DOTALL
)


def recorded_actions() -> set[str]:
    """Every action that the code records by name, and one for each move of a collection or a run."""
    named = {action for file in SOURCE.rglob("*.py") for action in RECORDED.findall(file.read_text())}
    moves = {f"collection.{to}" for to in states.COLLECTION_MOVES}
    return named | moves | {f"run.{to}" for to in states.RUN_MOVES}


def test_every_recorded_action_has_words() -> None:
    assert len(recorded_actions()) > 20
    assert recorded_actions() - set(SENTENCES) == set()


def test_every_problem_has_words_for_the_lender() -> None:
    assert set(PROBLEM_WORDS) == set(problems.PROBLEMS)


@pytest.mark.parametrize(
    ("action", "data", "words"),
    [
        (
            "run.waiting",
            {"run": "collect", "problem": "gateway_unavailable"},
            "Collect the reports: waits, because Sage Intacct is not answering.",
        ),
        ("categories.assigned", {"accounts": ["100"]}, "Assigned categories to 1 account."),
        ("categories.assigned", {"accounts": ["100", "200"]}, "Assigned categories to 2 accounts."),
        ("reports.exported", {"files": ["a.csv", "b.csv"]}, "Exported the reports: a.csv, b.csv."),
        ("link.issued", {}, "Made a new link for … days; earlier links no longer work."),
        ("something.new", {}, "something.new"),
    ],
)
def test_an_event_reads_as_a_sentence(action: str, data: dict[str, object], words: str) -> None:
    assert sentence(Event.holding(action=action, data=data, actor_kind="worker")) == words
