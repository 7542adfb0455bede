"""Fields that are never read: bank account, routing and card numbers, tax ids, passwords."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SENSITIVE = re.compile(
    r"TAX_?ID|FEDERAL_?ID|VATID|EIN$|SSN|ROUTING|IBAN|SWIFT|BSB|SORTCODE"
    r"|BANK_?ACCOUNT_?(NO|NUM|NUMBER)|ACCOUNTNUMBER|ACHBANK|WIREBANK|CARD_?(NO|NUM)|CVV|PASSWORD|PWD$"
)


def is_sensitive(field: str) -> bool:
    """Whether a field holds bank, card or tax numbers, also at the end of a path such as VENDOR.TAXID."""
    return _SENSITIVE.search(field.upper()) is not None


def refuse_sensitive(fields: Iterable[str]) -> None:
    """Raises ValueError for the first field that is never read, and for a list that would contain all; also
    for a name in small letters, which the gateway understands but answers in capital ones, and for the few
    names with a "#", which can be no element of an answer.
    """
    for field in fields:
        if "*" in field:
            raise ValueError("Fields are named one by one; '*' would read bank and tax numbers too.")
        if is_sensitive(field):
            raise ValueError(f"The field {field} holds bank or tax numbers, which are never read.")
        if field != field.upper():
            raise ValueError(f"Names of fields are written in capital letters: {field.upper()}.")
        if "#" in field:
            raise ValueError(f"XML has no name for the field {field}; read the one that ends in ID instead.")
