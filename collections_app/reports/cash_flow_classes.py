"""Which part of the cash flow an account belongs to, and why.

The class comes from the account's category (the standard list); somebody may override it for a category or
for one account, each with a reason, and the account's own override wins (as in public packages). An account
without a usable category has no class and is shown in a line of its own, never in a default class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from collections_app.reports.categories import Category, find
from collections_app.reports.figures import Account
from collections_app.reports.placement import Placement, Reason


class CashFlowClass(Enum):
    """The part of the cash flow that an account's movement belongs to."""

    CASH = "cash"
    OPERATING = "operating"
    INVESTING = "investing"
    FINANCING = "financing"
    DEFERRED_TAX = "deferred tax"
    UNREALIZED_CURRENCY = "unrealized currency"
    TRANSLATION = "translation"
    RETAINED_EARNINGS = "retained earnings"
    UNASSIGNED = "unassigned"
    NET_INCOME = "net income"
    DEPRECIATION = "depreciation"
    AMORTIZATION = "amortization"
    DISPOSAL = "disposal"


INCOME_CLASSES = frozenset(
    {
        CashFlowClass.NET_INCOME,
        CashFlowClass.DEPRECIATION,
        CashFlowClass.AMORTIZATION,
        CashFlowClass.DISPOSAL,
    }
)
# The wording of the standard list; an add-back is depreciation or amortization by the category's name.
_CLASS_OF_TEXT = {
    "cash": CashFlowClass.CASH,
    "operating": CashFlowClass.OPERATING,
    "investing": CashFlowClass.INVESTING,
    "investing (pairs with depreciation add-back)": CashFlowClass.INVESTING,
    "financing": CashFlowClass.FINANCING,
    "operating (non-cash tax)": CashFlowClass.DEFERRED_TAX,
    "non-cash FX": CashFlowClass.UNREALIZED_CURRENCY,
    "net income roll (not a cash line)": CashFlowClass.RETAINED_EARNINGS,
    "net income": CashFlowClass.NET_INCOME,
    "operating deduction, proceeds to investing": CashFlowClass.DISPOSAL,
}
# For an account that somebody put on a line by itself, without or against its category.
_CLASS_OF_LINE = {
    "cash_and_equivalents": CashFlowClass.CASH,
    "short_term_investments": CashFlowClass.INVESTING,
    "fixed_assets_gross": CashFlowClass.INVESTING,
    "accumulated_depreciation": CashFlowClass.INVESTING,
    "intangible_assets": CashFlowClass.INVESTING,
    "other_assets": CashFlowClass.INVESTING,
    "notes_payable_current": CashFlowClass.FINANCING,
    "notes_payable_long_term": CashFlowClass.FINANCING,
    "paid_in_capital": CashFlowClass.FINANCING,
    "distributions": CashFlowClass.FINANCING,
    "retained_earnings": CashFlowClass.RETAINED_EARNINGS,
}


@dataclass(frozen=True, slots=True)
class CashFlowOverride:
    """Somebody's decision that a category, or one account, belongs to another class; ``reason`` says why.

    ``name`` is the category's name or the account's number. Classes of income accounts fit income accounts
    only, the others balance-sheet accounts only; a category's override leaves accounts of the other type be.
    """

    kind: Literal["account", "category"]
    name: str
    cash_flow_class: CashFlowClass
    reason: str


@dataclass(frozen=True, slots=True)
class CashFlowPlacement:
    """An account, its cash-flow class, and a sentence that says why; ``line`` is its statement line.

    ``is_override`` marks a class that somebody set.
    """

    account: Account
    line: str
    cash_flow_class: CashFlowClass
    reason: str
    is_override: bool = False

    @property
    def category_name(self) -> str:
        """The standard name of the account's category, empty when it has none."""
        category = find(self.account.category)
        return category.name if category else ""


def fits(cash_flow_class: CashFlowClass, account: Account) -> bool:
    """Whether an account of this type can be of the class."""
    return (cash_flow_class in INCOME_CLASSES) == (account.account_type == "incomestatement")


def cash_flow_placements(
    placements: Iterable[Placement],
    overrides: Iterable[CashFlowOverride] = (),
    translation_accounts: frozenset[str] = frozenset(),
) -> tuple[CashFlowPlacement, ...]:
    """The class of every account, in the order of ``placements``.

    ``translation_accounts`` are the numbers to which a consolidation book posts its translation adjustments.
    """
    given: dict[tuple[str, str], CashFlowOverride] = {
        (each.kind, _key(each.kind, each.name)): each for each in overrides
    }
    return tuple(_classified(placement, given, translation_accounts) for placement in placements)


def _classified(
    placement: Placement,
    given: Mapping[tuple[str, str], CashFlowOverride],
    translation_accounts: frozenset[str],
) -> CashFlowPlacement:
    account = placement.account
    keys = (("account", account.number), ("category", _key("category", account.category)))
    for key in keys:
        override = given.get(key)
        if override and fits(override.cash_flow_class, account):
            reason = f"Set for this {override.kind}: {override.reason.strip()}"
            return CashFlowPlacement(account, placement.line, override.cash_flow_class, reason, True)
    if account.number in translation_accounts:
        reason = "The consolidation book posts its translation adjustments here."
        return CashFlowPlacement(account, placement.line, CashFlowClass.TRANSLATION, reason)
    return CashFlowPlacement(account, placement.line, _usual_class(placement), placement.reason.value)


def _key(kind: str, name: str) -> str:
    """Category names match trimmed and without case, account numbers as they are."""
    return name.strip().casefold() if kind == "category" else name


def _usual_class(placement: Placement) -> CashFlowClass:
    if placement.reason is Reason.CLOSED_TO:
        return CashFlowClass.RETAINED_EARNINGS
    income = placement.account.account_type == "incomestatement"
    if placement.is_unassigned:
        return CashFlowClass.NET_INCOME if income else CashFlowClass.UNASSIGNED
    category = find(placement.account.category)
    if category and category.line == placement.line:
        return standard_class(category)
    if placement.line == "depreciation_and_amortization":
        return _add_back(placement.account.title)
    if income:
        return CashFlowClass.NET_INCOME
    return _CLASS_OF_LINE.get(placement.line, CashFlowClass.OPERATING)


def _add_back(name: str) -> CashFlowClass:
    return CashFlowClass.AMORTIZATION if "amort" in name.casefold() else CashFlowClass.DEPRECIATION


def standard_class(category: Category) -> CashFlowClass:
    """The class that the standard list gives a category."""
    if category.line == "depreciation_and_amortization":
        return _add_back(category.name)
    return _CLASS_OF_TEXT[category.cash_flow_class.removesuffix(" (review)")]
