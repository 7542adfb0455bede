"""What a password of staff may not be, beyond what Django's own rules say."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from collections_app import selectors

# Whoever guesses begins with these.
ALWAYS = ("intacct", "quickstart", "lender", "borrower")
SHORTEST = 5


class ContextWords:
    """Refuses a password that is mostly the product's, the lender's or Sage Intacct's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when little is left of the password without those words."""
        left = password.lower()
        for word in sorted(words_of(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < len(password) and len(re.sub(r"[\W\d_]", "", left)) < SHORTEST:
            raise ValidationError("The password is mostly the name of the product or of your institution.")

    def get_help_text(self) -> str:
        return (
            "Your password cannot be the name of the product or of your institution with a number behind it."
        )


def words_of(user: Any) -> set[str]:
    """The words that a guesser tries for this person, in small letters."""
    member = selectors.staff_member_of(user) if user is not None and user.pk else None
    named = f"{settings.PRODUCT_NAME} {member.lender.name if member else ''}".lower()
    long_enough = {word for word in re.findall(r"\w+", named) if len(word) >= SHORTEST}
    return long_enough | set(ALWAYS) | {settings.PRODUCT_NAME.lower()}
