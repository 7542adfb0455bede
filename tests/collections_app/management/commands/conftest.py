"""Commands as a shell runs them: arguments in, exit code, standard output and standard error out."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.management import get_commands, load_command_class


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    code: int
    out: str
    error: str

    @property
    def last(self) -> str:
        return self.out.splitlines()[-1]


Manage = Callable[..., Finished]


@pytest.fixture
def manage(
    transactional_db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Manage:
    """Runs `manage.py NAME ARGUMENTS` in this process; `given` is its standard input."""

    def run(name: str, *arguments: str, given: str = "") -> Finished:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        command = load_command_class(get_commands()[name], name)
        try:
            command.run_from_argv(["manage.py", name, *arguments])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, error = capsys.readouterr()
        return Finished(code, out, error)

    return run


def is_one_sentence(finished: Finished) -> bool:
    """Whether the command failed, printed nothing else, and said why in one plain sentence."""
    said = finished.error.strip()
    return (
        finished.code == 1
        and finished.out == ""
        and "\n" not in said
        and said.endswith(".")
        and "Traceback" not in said
        and "{" not in said
        and "[" not in said
    )
