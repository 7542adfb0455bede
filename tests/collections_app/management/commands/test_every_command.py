"""What holds for every command, read from the folder of commands, so that a new one cannot be forgotten."""

from argparse import Action
from pathlib import Path

import pytest
from django.core.management import load_command_class

from collections_app.management import commands
from collections_app.management.telling import TellingCommand
from collections_app.models import Event
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence

APP = "collections_app"
OWN = sorted(file.stem for file in Path(commands.__file__).parent.glob("[a-z]*.py"))
# What each argument is given: nothing that is there.
MISSING = {"reference": "NONE-0000", "key": "987654", "webhook": "987654", "name": "nobody@nowhere.test"}
OPTIONS = {"--lender": "no-such-lender", "--name": "x", "--url": "https://loans.example/hook"}


def actions(name: str) -> list[Action]:
    return load_command_class(APP, name).create_parser("manage.py", name)._actions


def wants_a_row(name: str) -> bool:
    """Whether the command is about a row that its arguments name."""
    return any(each.dest in MISSING and not each.option_strings for each in actions(name))


def arguments(name: str, folder: Path) -> list[str]:
    given: list[str] = []
    for each in actions(name):
        if each.option_strings and each.required:
            option = each.option_strings[-1]
            given += [option, OPTIONS.get(option, str(folder / "target.zip"))]
        elif not each.option_strings:
            given.append(MISSING[each.dest])
        elif each.option_strings[-1] == "--why":
            given += ["--why", "asked for"]
    return given


@pytest.mark.parametrize("name", [name for name in OWN if wants_a_row(name)])
def test_what_is_not_there_is_said_in_one_sentence_and_changes_nothing(
    name: str, manage: Manage, tmp_path: Path
) -> None:
    for _twice in range(2):
        refused = manage(name, *arguments(name, tmp_path))
        assert is_one_sentence(refused), (name, refused)
    assert not Event.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_the_walk_meets_the_commands() -> None:
    assert len(OWN) > 35
    assert sum(wants_a_row(name) for name in OWN) > 12


# What it prints is the JSON document that importmapping takes.
PRINTS_A_DOCUMENT = {"exportmapping"}
# Django's own, which asks a person at the terminal; ours only puts it on the record.
DJANGOS = {"changepassword"}
DELETING = {"applyretention", "cancelrun", "erase", "purgecredentials", "resetsignin"}


def test_every_command_tells_it_in_the_one_way() -> None:
    own_way = {name for name in OWN if not isinstance(load_command_class(APP, name), TellingCommand)}
    assert own_way == PRINTS_A_DOCUMENT | DJANGOS


def test_every_command_tells_programs_what_it_did_and_what_deletes_can_be_rehearsed() -> None:
    options = {name: {option for each in actions(name) for option in each.option_strings} for name in OWN}
    told_in_words = {name for name in OWN if "--json" not in options[name]}
    assert told_in_words == PRINTS_A_DOCUMENT | DJANGOS
    assert {name for name in OWN if "--dry-run" in options[name]} >= DELETING


@pytest.mark.parametrize("name", OWN)
def test_an_argument_that_there_is_not_is_refused_before_anything_happens(name: str, manage: Manage) -> None:
    refused = manage(name, "--no-such-option")
    assert refused.code == 2
    assert "Traceback" not in refused.error
    assert not Event.objects.exists()
