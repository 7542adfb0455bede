"""Text and amounts on their way out: safe for every file format, and the same in each.

Ledger text is written by strangers. What no file can carry (control characters, lone surrogates) becomes the
replacement character, so that one bad title cannot spoil a whole report.
"""

import re
from datetime import datetime
from decimal import Decimal

from collections_app.reports.figures import Heading

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TWO_PLACES = 2
# Of the countries that print on letter paper.
_LETTER_CURRENCIES = frozenset({"USD", "CAD", "MXN"})


def clean(text: str) -> str:
    """The text with every character that a file cannot carry replaced; tabs and line ends stay."""
    return _UNPRINTABLE.sub("\ufffd", text)


def plain(amount: Decimal) -> str:
    """The amount in full, with at least two places, without an exponent and never as minus zero.

    More than two places are kept as they are, except for zeros at their end.
    """
    if not amount:
        return "0.00"
    whole, _, places = f"{amount:f}".partition(".")
    return f"{whole}.{places.rstrip('0').ljust(_TWO_PLACES, '0')}"


def grouped(amount: Decimal) -> str:
    """The amount in full with its thousands apart: "-1,234.50"."""
    whole, _, places = plain(abs(amount)).partition(".")
    return f"{'-' if amount < 0 else ''}{int(whole):,}.{places}"


def printed(amount: Decimal) -> str:
    """The amount as statements print it: "1,234.50", "(1,234.50)" below zero, a dash for zero."""
    if not amount:
        return "–"
    return f"({grouped(-amount)})" if amount < 0 else grouped(amount)


def scope_name(heading: Heading) -> str:
    """Whose books these are, for people: the company, or the entity or consolidation book inside it."""
    scope = heading.scope
    if scope.kind == "company":
        return f"{heading.company_name}, whole company"
    kind = "entity" if scope.kind == "entity" else "consolidation book"
    return f"{heading.company_name}, {kind} {scope.id} {scope.name}".rstrip()


def is_on_letter(heading: Heading) -> bool:
    """Whether the reports are printed on US letter paper; on A4 otherwise."""
    return heading.currency in _LETTER_CURRENCIES


def moment(when: datetime) -> str:
    """A time for people, with its zone: "2026-03-02 09:15 UTC", "2026-03-02 04:15 EST (UTC-05:00)"."""
    name, offset = when.tzname() or "", f"UTC{when:%z}"
    shown = f"{when:%Y-%m-%d %H:%M}"
    if name == "UTC":
        return f"{shown} UTC"
    offset = f"{offset[:-2]}:{offset[-2:]}"
    return f"{shown} {offset}" if name in ("", offset) else f"{shown} {name} ({offset})"
