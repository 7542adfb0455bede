"""The table of facts names tests that exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = (Path(__file__).parents[3] / "docs" / "intacct-facts.md").read_text("utf-8")
FACTS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")]


@pytest.mark.parametrize(("column", "folder"), [(1, TESTS), (2, TESTS / "sandbox")])
def test_every_test_that_a_fact_names_is_there(column: int, folder: Path) -> None:
    named = [name for fact in FACTS for name in re.findall(r"`(\w+)::(\w+)`", fact[column])]
    assert len(named) > 50
    missing = []
    for module, test in named:
        path = folder / f"test_{module}.py"
        if not path.exists() or f"def test_{test}(" not in path.read_text("utf-8"):
            missing.append(f"{module}::{test}")
    assert missing == []
