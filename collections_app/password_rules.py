"""What a password of staff may not be, beyond what Django's own rules say.

Sources: OWASP ASVS 5.0.0, 6.2.4, 6.2.11 and 6.2.12.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from collections_app import selectors

# Whoever guesses begins with these.
ALWAYS = ("intacct", "quickstart", "lender", "borrower")
SHORTEST = 5
BREACHED = (
    "This password became known when some service was broken into, so that guessers try it. Choose one that "
    "you use nowhere else."
)


class KnownPasswords:
    """Refuses a password that guessers have on their lists: a common one or, with BREACHED_PASSWORDS, any
    that became known when somebody's service was broken into.

    Then haveibeenpwned.com is asked, with the first five of the forty digits of the password's hash. Where it
    does not answer in time, a second for each step of the call, the common ones count alone, and the log has
    an error.
    """

    def __init__(self) -> None:
        self._common = CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError for a known password."""
        # It takes small and large letters for the same, which a hash does not.
        self._common.validate(password, user)
        if not settings.BREACHED_PASSWORDS:
            return
        from pwned_passwords_django.validators import PwnedPasswordsValidator

        PwnedPasswordsValidator(error_message=BREACHED).validate(password, user)

    def get_help_text(self) -> str:
        if settings.BREACHED_PASSWORDS:
            return "Your password cannot be one that is commonly used, or that became known in a breach."
        return str(self._common.get_help_text())


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
