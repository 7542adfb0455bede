"""Fields that forgive how people copy, paste and type."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms

LONGEST_SEARCH = 100
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


class IdentifierField(forms.CharField):
    """An id that is copied and pasted: blanks around it and characters that nobody can see are dropped."""

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").translate(INVISIBLE)) or ""


class LineField(IdentifierField):
    """One line of text: line breaks become blanks; what steers a terminal or turns the writing is dropped."""

    def to_python(self, value: Any) -> str:
        kept = "".join(
            " " if character.isspace() else character
            for character in str(value or "")
            if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        )
        return " ".join(super().to_python(kept).split())


class AddressField(forms.EmailField):
    """An email address that is copied and pasted."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").translate(INVISIBLE)) or "")


def words_of(search: str) -> list[str]:
    """The words to search for; what nobody can see or type is dropped."""
    return LineField(required=False).to_python(search[:LONGEST_SEARCH]).casefold().split()


def has_words(text: str, words: Sequence[str]) -> bool:
    """Whether all the words are in the text, in whatever order and case."""
    told = text.casefold()
    return all(word in told for word in words)
