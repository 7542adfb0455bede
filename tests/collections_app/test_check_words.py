"""The checks in the borrower's words."""

from django.utils import translation

from collections_app.check_words import CHECK_WORDS
from collections_app.reports.checks.run import CHECKS


def test_every_check_has_words_under_the_title_of_the_reports() -> None:
    titles = {definition.id: definition.title for definition, _ in CHECKS}
    assert {name: str(words.title) for name, words in CHECK_WORDS.items()} == titles


def test_no_check_is_told_in_english_to_a_spanish_reader() -> None:
    english = {name: (str(words.title), str(words.meaning)) for name, words in CHECK_WORDS.items()}
    with translation.override("es"):
        for name, words in CHECK_WORDS.items():
            assert str(words.title) != english[name][0]
            assert str(words.meaning) != english[name][1]
