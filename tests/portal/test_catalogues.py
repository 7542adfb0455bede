"""The Spanish catalogues: complete, as the code has the texts now, and compiled."""

import gettext
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from collections_app.reports import categories
from collections_app.section_names import SECTION_NAMES
from tests.journeys.browser import missing

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = [ROOT / app / "locale/es/LC_MESSAGES/django.po" for app in ("portal", "collections_app")]
STRAIGHT = re.compile("['\"]")
MARKUP = re.compile(r"<[^>]+>|&[a-z]+;|%\(\w+\)[sd]")


def program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        missing("the gettext programs are not installed; `apt-get install gettext` installs them.")
    return found


def messages_of(compiled: Path) -> dict[object, str]:
    with compiled.open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_what_is_compiled_is_what_is_written(catalogue: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    subprocess.run([program("msgfmt"), "--check", "--output-file", compiled, catalogue], check=True)
    assert messages_of(compiled) == messages_of(catalogue.with_suffix(".mo"))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_no_message_is_untranslated_or_doubtful(catalogue: Path) -> None:
    for doubt in ("--untranslated", "--only-fuzzy", "--only-obsolete"):
        command = [program("msgattrib"), doubt, catalogue]
        assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "", doubt


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_every_text_has_the_one_kind_of_apostrophe_and_of_quotation_marks(catalogue: Path) -> None:
    for text, translation in messages_of(catalogue.with_suffix(".mo")).items():
        if text == "":
            continue
        words = text[0] if isinstance(text, tuple) else text
        for written in (str(words), translation):
            assert not STRAIGHT.search(MARKUP.sub("", written)), written


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_a_translation_has_the_markup_and_the_values_of_the_text(catalogue: Path) -> None:
    pairs = [(k, v) for k, v in messages_of(catalogue.with_suffix(".mo")).items() if isinstance(k, str) and k]
    assert pairs
    for text, translation in pairs:
        assert sorted(MARKUP.findall(text)) == sorted(MARKUP.findall(translation)), text
        assert text[:1].isspace() == translation[:1].isspace(), text
        assert text[-1:].isspace() == translation[-1:].isspace(), text


def test_every_section_of_the_standard_list_has_a_name_to_translate() -> None:
    assert set(SECTION_NAMES) == {category.section for category in categories.STANDARD}


@pytest.mark.slow
def test_no_text_is_in_the_code_and_not_in_the_catalogues(tmp_path: Path) -> None:
    program("xgettext")
    for name in ("portal", "collections_app", "intacct", "templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    environment = os.environ | {"DATA_DIR": str(tmp_path / "data"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([ROOT / ".ci/messages", tmp_path], env=environment, check=True, stdout=subprocess.DEVNULL)
    for catalogue in CATALOGUES:
        gathered = tmp_path / catalogue.relative_to(ROOT)
        assert gathered.read_text() == catalogue.read_text(), "`make messages` has something to add"
