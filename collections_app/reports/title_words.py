"""The words of an account's title, brought to one form so that titles can be compared.

Letters lose their accents and case, common abbreviations are written out, plurals become singular. That is
all: no word is dropped and none is guessed.
"""

import csv
import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from importlib.resources import files

# "A/R", "R&M" and "PP&E" are one word of their own.
_WORD = re.compile(r"[a-z0-9]+(?:[/&][a-z0-9]+)*")
_PART = re.compile(r"[^\W_]+(?:[/&'’][^\W_]+)*")
_ABBREVIATED = re.compile(r"[/&]")
# A short word in s is seldom a plural ("gas", "bus"), and these endings are singular already.
_SINGULAR_ENDINGS = ("ss", "us", "is")
# "Owner's" is a form of owner, and "dep'n" is one word.
_NO_APOSTROPHES = str.maketrans("", "", "'’‘`")
_SHORTEST_PLURAL = 4
_SIBILANT_PLURALS = ("xes", "ches", "shes", "sses", "zes")


# A chart is compared with itself and with earlier answers, so each title comes many times.
@lru_cache(maxsize=8192)
def words_of(title: str) -> tuple[str, ...]:
    """The title's words in order, unaccented, in lower case, written out and in the singular."""
    decomposed = unicodedata.normalize("NFKD", title.casefold().translate(_NO_APOSTROPHES))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple(word for token in _WORD.findall(plain) for word in _written_out(token))


def as_spelled(title: str, words: Collection[str]) -> tuple[str, ...]:
    """The parts of the title that stand for these words, as the title spells them, in lower case.

    Where the title's spelling cannot be taken apart in the same way, the words themselves.
    """
    parts = _PART.findall(unicodedata.normalize("NFKC", title).lower())
    found = dict.fromkeys(part for part in parts if not set(words).isdisjoint(words_of(part)))
    return tuple(found) or tuple(words)


def _written_out(token: str) -> list[str]:
    abbreviations = _abbreviations()
    if token in abbreviations:
        return abbreviations[token].split()
    # "telephone/internet" is two words; so is "repairs&maintenance".
    parts = _ABBREVIATED.split(token)
    words: list[str] = []
    for part in parts:
        word = singular(part)
        words += abbreviations.get(part, abbreviations.get(word, word)).split()
    return words


def singular(word: str) -> str:
    """The word without a regular English plural ending."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(_SINGULAR_ENDINGS):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(_SIBILANT_PLURALS):
        return word[:-2]
    return word[:-1]


@cache
def _abbreviations() -> dict[str, str]:
    resource = files("collections_app.reports").joinpath("title_abbreviations.csv")
    rows = csv.DictReader(resource.read_text(encoding="utf-8").splitlines())
    return {row["short"]: row["long"] for row in rows}
