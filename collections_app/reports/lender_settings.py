"""A lender's terms for people and programs: each setting in words, and whether it is the lender's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from collections_app.reports.analysis.definitions import AddBack
from collections_app.reports.lender_terms import LenderTerms
from collections_app.reports.wording import clean, plain

_BASE = {
    "aged_by": "Age is counted from",
    "past_due_days": "Days after which an item is past due",
    "longer_terms_multiple": "Times an invoice's own terms before it is past due, where that is longer",
    "cross_age_percent": "Past due, in % of what a customer owes, that excludes all of it (cross-age)",
    "match_names": "A vendor of the same name is the same party (contra)",
    "concentration_percent": "Most that one customer may have, in % of what is eligible",
    "receivables_advance_percent": "Advance, in % of eligible receivables",
    "inventory_advance_percent": "Advance, in % of eligible inventory at cost",
    "dilution_allowed_percent": "Dilution, in %, above which a reserve is held",
}
_DEFINITIONS = {
    "ebitda_less_interest_income": "EBITDA is less interest income",
    "ebitda_less_asset_sale_gains": "EBITDA is less gains on sales of assets",
    "ebitda_add_backs": "Added back to EBITDA",
    "traditional_cash_flow_adds_interest": "Traditional cash flow adds interest expense",
    "worth_less_related_receivables": "Tangible net worth is less receivables from related parties",
    "worth_less_affiliate_investments": "Tangible net worth is less investments in affiliates",
    "funded_debt_adds_leases": "Funded debt adds lease obligations",
    "debt_service_coverage_deducts": "Debt service coverage (DSCR) deducts",
    "fixed_charge_coverage_deducts": "Fixed charge coverage (FCCR) deducts",
    "fixed_charge_coverage_adds_rent": "Fixed charge coverage (FCCR) adds rent on both sides",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it was applied: its key in the lender's document, its label and its value in words."""

    key: str
    label: str
    value: str
    is_own: bool

    @property
    def source(self) -> str:
        """Whose choice it is, for people."""
        return "lender's own" if self.is_own else "usual"


def base_settings(terms: LenderTerms) -> tuple[Setting, ...]:
    """What the borrowing base was made with."""
    return _settings(terms, terms.borrowing_base, _BASE)


def definition_settings(terms: LenderTerms) -> tuple[Setting, ...]:
    """What the ratios were defined by; their formulas follow from it."""
    return _settings(terms, terms.definitions, _DEFINITIONS)


def settings_json(settings: tuple[Setting, ...]) -> list[dict[str, str]]:
    """The settings for ``statements.json``; ``source`` is "lender" or "usual"."""
    return [
        {
            "key": setting.key,
            "label": setting.label,
            "value": clean(setting.value),
            "source": "lender" if setting.is_own else "usual",
        }
        for setting in settings
    ]


def _settings(terms: LenderTerms, held: object, labels: Mapping[str, str]) -> tuple[Setting, ...]:
    return tuple(
        Setting(key, label, _words(getattr(held, key)), key in terms.own) for key, label in labels.items()
    )


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_words, value)) or "nothing"
    if isinstance(value, AddBack):
        return f"{value.label} ({value.category if value.amount is None else plain(value.amount)})"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).replace("_", " ")
