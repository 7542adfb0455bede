"""The borrowing base as ``statements.json`` has it; None is a line that needs input."""

from typing import Any

from collections_app.reports.borrowing_base import BaseLine, BorrowingBase
from collections_app.reports.lender_settings import base_settings, settings_json
from collections_app.reports.lender_terms import LenderTerms
from collections_app.reports.wording import clean, plain


def borrowing_base_json(schedule: BorrowingBase, terms: LenderTerms) -> dict[str, Any]:
    """The value of the key ``borrowing_base``: terms, lines with their definitions, and the result."""
    available = schedule.availability
    return {
        "terms": settings_json(base_settings(terms)),
        "lines": [_line(line) for line in schedule.lines],
        "needs_input": list(schedule.missing),
        "availability": None if available is None else plain(available),
        "availability_on_known_inputs": plain(schedule.availability_on_known_inputs),
    }


def _line(line: BaseLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "definition": clean(line.definition),
        "amount": None if line.amount is None else plain(line.amount),
        "left": plain(line.left),
        "parties": [
            {"party": clean(party), "amount": plain(amount)} for party, amount in line.by_party.items()
        ],
    }
