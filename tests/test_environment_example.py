"""`.env.example` and the settings name the same things."""

import ast
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The names that docker-compose.yml puts values in for, with their defaults.
COMPOSE_ONLY = dict(
    re.findall(r"\$\{([A-Z_]+)(?::-([^}]*))?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
)
READERS = {"str", "bool", "int", "list", "db", "email_url"}


def settings_read() -> dict[str, str | None]:
    """The names that portal/settings.py reads, with those defaults that are written as plain values."""
    tree = ast.parse((ROOT / "portal" / "settings.py").read_text(encoding="utf-8"))
    found: dict[str, str | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and is_reader(node.func) and isinstance(node.args[0], ast.Constant):
            found[str(node.args[0].value)] = plain_default(node)
    return found


def is_reader(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return ast.unparse(function.value) == "env" and function.attr in READERS
    return isinstance(function, ast.Name) and function.id == "secret"


def plain_default(call: ast.Call) -> str | None:
    """The default as the example spells it; None where it is computed or differs in DEBUG."""
    default = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
    if not isinstance(default, ast.Constant):
        return None
    return (
        {True: "on", False: "off"}[default.value] if isinstance(default.value, bool) else str(default.value)
    )


def example_lines() -> dict[str, str]:
    """The names and their values, without the quotes for the shell."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return {name: value.strip("'") for name, value in re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE)}


def test_every_setting_is_listed_and_nothing_else() -> None:
    assert set(example_lines()) == set(settings_read()) | set(COMPOSE_ONLY)


def test_the_listed_defaults_are_the_defaults() -> None:
    listed = example_lines()
    plain = {name: default for name, default in settings_read().items() if default is not None}
    assert {name: listed[name] for name in plain} == plain
    assert {name: listed[name] for name in COMPOSE_ONLY} == COMPOSE_ONLY


def test_a_shell_reads_every_line_as_it_is_meant_once_it_is_uncommented(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    file = tmp_path / "env"
    file.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.MULTILINE))
    read = ["sh", "-c", 'set -a; . "$0"; set +a; env -0', str(file)]
    finished = subprocess.run(read, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert finished.stderr == ""
    given = dict(line.split("=", 1) for line in finished.stdout.split("\0") if line)
    assert {name: given.get(name) for name in example_lines()} == example_lines()


def test_the_secrets_have_no_default() -> None:
    listed = example_lines()
    assert not any(
        listed[name] for name in ("SECRET_KEY", "VAULT_KEYS", "INTACCT_SENDER_PASSWORD", "POSTGRES_PASSWORD")
    )
