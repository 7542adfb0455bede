"""Texts that arithmetic gives and that a page may show in another language.

Nothing here translates. A text is marked where it is written, under the name by which the tools that gather
messages know it, and a sentence remembers the words and the values that it was made of.
"""

from collections.abc import Mapping
from typing import Self


def gettext_noop(words: str) -> str:
    """Marks words for the catalogue of messages."""
    return words


class Sentence(str):
    """A sentence in English that can be made again from other words: `words` with %(name)s, and `values`."""

    words: str
    values: Mapping[str, str]

    def __new__(cls, words: str, /, **values: str) -> Self:
        made = super().__new__(cls, words % values)
        made.words, made.values = words, values
        return made
