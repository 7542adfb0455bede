"""What the checks found, for the borrower's last look."""

from __future__ import annotations

from decimal import Decimal

from django import template

from collections_app.check_words import CHECK_WORDS, CheckWords
from collections_app.models import CheckResult

register = template.Library()


@register.filter
def check_words(check_id: str) -> CheckWords:
    return CHECK_WORDS[check_id]


@register.filter
def out_by(check: CheckResult) -> Decimal | None:
    """How far the furthest place is out, without a sign, or how many things were found; None if that is not
    known."""
    difference = check.found.get("difference")
    return None if difference is None else abs(Decimal(difference))
