"""A lender's own words to borrowers: plain text in two languages, with nothing in it that could be pressed.

Mail programs make a link of whatever reads like an address, so that none may stand in these words: a borrower
shall meet one link alone, the one that the invitation says how to check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from collections_app.uploads.names import is_unprintable

if TYPE_CHECKING:
    from collections_app.models import Lender

LANGUAGES = ("en", "es")
LONGEST_TEXT = 600
LONGEST_SENTENCE = 200
DOT = "[.。．｡]"
ADDRESS = re.compile(
    rf"[a-z][a-z0-9+.-]*://\S*|www{DOT}\S*|\S+@\S+|[\w-]+(?:{DOT}[\w-]+)*{DOT}[^\W\d_]{{2,}}", re.IGNORECASE
)


@dataclass(frozen=True)
class LenderText:
    """Words of the lender, and the language that they are in."""

    words: str
    language: str

    @property
    def one_line(self) -> str:
        return " ".join(self.words.split())


def text_of(lender: Lender, place: str) -> LenderText | None:
    """What the lender says at this place (welcome, closing, invitation), None where it says nothing.

    In the language of the page or mail that is being made, and in the other where there is nothing in that.
    """
    current = (get_language() or LANGUAGES[0]).partition("-")[0]
    for language in sorted(LANGUAGES, key=lambda each: each != current):
        words = str(getattr(lender, f"{place}_{language}")).strip()
        if words:
            return LenderText(words, language)
    return None


def validate_words(words: str) -> None:
    """Raises ValidationError, in one plain sentence, unless it is plain text without any address."""
    if any(is_unprintable(character) for character in words if character not in "\r\n\t"):
        raise ValidationError("There are invisible characters in these words. Type them anew.")
    address = ADDRESS.search(words)
    if address:
        raise ValidationError(
            f"“{address.group()[:60]}” reads like an address, and mail programs would make a link of it. "
            "Leave it out, or put a space behind the full stop; your contact has a place of its own."
        )
