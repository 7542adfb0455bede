"""A lender's own terms: how it lends on receivables, what its measures mean, what a borrower must keep to.

They are kept as one JSON document, which is read strictly: an unknown name, a name twice and a value of the
wrong kind are refused in one plain sentence. What the document does not set stays as usual.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from collections_app.reports import categories
from collections_app.reports.analysis.covenants import Covenant, metric_keys
from collections_app.reports.analysis.definitions import (
    DEDUCTIONS,
    STANDARD_DEFINITIONS,
    AddBack,
    Definitions,
)
from collections_app.reports.borrowing_base_terms import BorrowingBaseTerms
from collections_app.reports.wording import clean

Reader = Callable[[Any, str], Any]
USUAL_BASE = BorrowingBaseTerms()
MOST_ITEMS, LONGEST_NAME = 50, 100
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_LONGEST_WHOLE = 9_999


class TermsRefused(ValueError):
    """The document cannot be used; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class LenderTerms:
    """What one lender applies. ``own`` names the settings that it chose; all others are the usual ones."""

    borrowing_base: BorrowingBaseTerms = USUAL_BASE
    definitions: Definitions = STANDARD_DEFINITIONS
    covenants: tuple[Covenant, ...] = ()
    own: frozenset[str] = frozenset()


USUAL_TERMS = LenderTerms()


def from_json(text: str) -> LenderTerms:
    """The terms of a document; a blank one are the usual terms. Numbers become Decimal from their digits.

    Raises TermsRefused.
    """
    if not text.strip():
        return USUAL_TERMS
    document = _fields(_loaded(text), _PARTS, "The document")
    base, definitions = (document.get(part, {}) for part in ("borrowing_base", "definitions"))
    try:
        return LenderTerms(
            borrowing_base=BorrowingBaseTerms(**base),
            definitions=Definitions(**definitions),
            covenants=document.get("covenants", ()),
            own=frozenset((*base, *definitions)),
        )
    except ValueError as refusal:
        raise TermsRefused(str(refusal)) from None


def _loaded(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise TermsRefused(f"{_quoted(twice)} is set twice; set it once.")
        return fields

    def no_number(word: str) -> NoReturn:
        raise ValueError(word)

    try:
        # The digits as they stand: a binary fraction never comes in between.
        return json.loads(text, parse_float=str, parse_constant=no_number, object_pairs_hook=once)
    except TermsRefused:
        raise
    except (ValueError, RecursionError):
        raise TermsRefused("The terms are not a JSON document; check commas, quotes and braces.") from None


def _fields(document: Any, readers: Mapping[str, Reader], where: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise TermsRefused(f"{where} must be an object: names with values, between braces.")
    for name in document:
        if name not in readers:
            raise TermsRefused(f"{where} has {_quoted(name)}, which is not known; use {', '.join(readers)}.")
    return {name: readers[name](value, _quoted(name)) for name, value in document.items()}


def _object(readers: Mapping[str, Reader]) -> Reader:
    return lambda value, where: _fields(value, readers, where)


def _list(item: Reader) -> Reader:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            raise TermsRefused(f"{where} must be a list of at most {MOST_ITEMS}, between brackets.")
        return tuple(item(each, f"An entry of {where}") for each in value)

    return read


def _one_of(*choices: str) -> Reader:
    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise TermsRefused(f"{where} must be one of: {', '.join(choices)}.")
        return value

    return read


def _yes_or_no(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise TermsRefused(f"{where} must be true or false, without quotes.")
    return value


def _whole(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LONGEST_WHOLE:
        raise TermsRefused(f"{where} must be a whole number from 0 to {_LONGEST_WHOLE}, without quotes.")
    return value


def _decimal(value: Any, where: str) -> Decimal:
    digits = str(value)
    if not isinstance(value, int | str) or isinstance(value, bool) or not _NUMBER.fullmatch(digits):
        raise TermsRefused(f"{where} must be a number such as 85 or 1.25, with at most 10 decimal places.")
    return Decimal(digits)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_NAME:
        raise TermsRefused(f"{where} must be a text of 1 to {LONGEST_NAME} characters.")
    return clean(value.strip())


def _metric(value: Any, where: str) -> str:
    if not isinstance(value, str) or value not in metric_keys():
        raise TermsRefused(f"{where} must be the key of a ratio or metric, such as dscr or debt_to_worth.")
    return value


def _cost_category(value: Any, where: str) -> str:
    found = categories.find(value) if isinstance(value, str) else None
    if found is None or found.statement != "incomestatement":
        raise TermsRefused(f"{where} must be a QuickStart category of the income statement.")
    return found.name


def _add_back(value: Any, where: str) -> AddBack:
    fields = _fields(value, _ADD_BACK, where)
    if "label" not in fields:
        raise TermsRefused(f"{where} needs a “label”.")
    try:
        return AddBack(**fields)
    except ValueError as refusal:
        raise TermsRefused(str(refusal)) from None


def _covenant(value: Any, where: str) -> Covenant:
    fields = _fields(value, _COVENANT, where)
    for name in _COVENANT:
        if name not in fields:
            raise TermsRefused(f"{where} needs a “{name}”.")
    return Covenant(**fields)


def _quoted(name: str) -> str:
    return f"“{clean(name[:LONGEST_NAME])}”"


_ADD_BACK: dict[str, Reader] = {"label": _text, "amount": _decimal, "category": _cost_category}
_COVENANT: dict[str, Reader] = {
    "name": _text,
    "metric": _metric,
    "limit": _one_of("at least", "at most"),
    "threshold": _decimal,
}
# A customer's own limit of concentration is not among them: its ID means something in one company alone.
_BASE: dict[str, Reader] = {
    "aged_by": _one_of("invoice_date", "due_date"),
    "past_due_days": _whole,
    "longer_terms_multiple": _whole,
    "cross_age_percent": _decimal,
    "match_names": _yes_or_no,
    "concentration_percent": _decimal,
    "receivables_advance_percent": _decimal,
    "inventory_advance_percent": _decimal,
    "dilution_allowed_percent": _decimal,
}
_DEFINITIONS: dict[str, Reader] = {
    "ebitda_less_interest_income": _yes_or_no,
    "ebitda_less_asset_sale_gains": _yes_or_no,
    "ebitda_add_backs": _list(_add_back),
    "traditional_cash_flow_adds_interest": _yes_or_no,
    "worth_less_related_receivables": _yes_or_no,
    "worth_less_affiliate_investments": _yes_or_no,
    "funded_debt_adds_leases": _yes_or_no,
    "debt_service_coverage_deducts": _list(_one_of(*DEDUCTIONS)),
    "fixed_charge_coverage_deducts": _list(_one_of(*DEDUCTIONS)),
    "fixed_charge_coverage_adds_rent": _yes_or_no,
}
_PARTS: dict[str, Reader] = {
    "borrowing_base": _object(_BASE),
    "definitions": _object(_DEFINITIONS),
    "covenants": _list(_covenant),
}
