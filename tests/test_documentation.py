"""What the documents name as proof is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# `portal/test_link.py::looking_changes_nothing`, or a file alone.
CITED = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|js|html|toml|txt))(?:::(\w+))?`")
# Where settings and lists of names without an ending are.
DOCUMENTS = ("asvs.md", "privacy.md", "security.md")


def cited(document: str) -> list[tuple[str, str]]:
    return CITED.findall((ROOT / "docs" / document).read_text())


def found(path: str) -> Path | None:
    """The file of that name, from the root of the project or of its tests."""
    return next((each for each in (ROOT / path, ROOT / "tests" / path) if each.is_file()), None)


def found_test(path: str, name: str) -> bool:
    file = ROOT / "tests" / path
    return file.is_file() and f"\ndef test_{name}(" in file.read_text()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_test_that_a_document_names_is_there(document: str) -> None:
    there = cited(document)
    assert len(there) > 3
    missing = [
        f"{path}::{name}" for path, name in there if not (found_test(path, name) if name else found(path))
    ]
    assert missing == []
