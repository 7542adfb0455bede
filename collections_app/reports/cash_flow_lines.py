"""The lines of the cash flow statement, and which one each account's movement feeds."""

from collections_app.reports.cash_flow_classes import CashFlowClass, CashFlowPlacement
from collections_app.reports.statement import Row

DEPRECIATED = "purchases_of_fixed_assets"
AMORTIZED_WITH_INTANGIBLES = "change_in_intangible_assets"
_FIXED = frozenset({"fixed_assets_gross", "accumulated_depreciation"})
_ACCUMULATED_WORDS = ("accum", "deprec", "amort")

OPERATING = (
    Row("operating_activities", "Operating activities", 1, "heading"),
    Row("net_income", "Net income", 2, "line"),
    Row("depreciation_and_amortization", "Depreciation and amortization", 2, "line"),
    Row("gain_or_loss_on_fixed_assets", "Loss less gain on fixed assets", 2, "line", optional=True),
    Row("change_in_deferred_taxes", "Change in deferred taxes", 2, "line", optional=True),
    Row("unrealized_currency", "Unrealized currency gains and losses", 2, "line", optional=True),
    Row("change_in_receivables", "Change in receivables, net of the allowance", 2, "line"),
    Row("change_in_inventory", "Change in inventory", 2, "line"),
    Row("change_in_other_current_assets", "Change in prepaid and other current assets", 2, "line"),
    Row("change_in_other_operating_assets", "Change in other operating assets", 2, "line", optional=True),
    Row("change_in_payables", "Change in payables", 2, "line"),
    Row("change_in_accrued_liabilities", "Change in accrued liabilities and taxes", 2, "line"),
    Row("change_in_deferred_revenue", "Change in deferred revenue", 2, "line"),
    Row("change_in_other_current_liabilities", "Change in other current liabilities", 2, "line"),
    Row("change_in_other_liabilities", "Change in other operating liabilities", 2, "line", optional=True),
)
INVESTING = (
    Row("investing_activities", "Investing activities", 1, "heading"),
    Row(DEPRECIATED, "Fixed assets, proceeds less purchases", 2, "line"),
    Row(AMORTIZED_WITH_INTANGIBLES, "Intangible assets, proceeds less purchases", 2, "line"),
    Row("change_in_short_term_investments", "Change in short-term investments", 2, "line"),
    Row("change_in_intercompany_receivables", "Change in intercompany receivables", 2, "line", optional=True),
    Row("change_in_other_investments", "Change in investments and other assets", 2, "line"),
)
FINANCING = (
    Row("financing_activities", "Financing activities", 1, "heading"),
    Row("change_in_notes_payable_current", "Change in notes payable, current", 2, "line"),
    Row("change_in_notes_payable_long_term", "Change in notes payable, long-term", 2, "line"),
    Row("change_in_intercompany_payables", "Change in intercompany payables", 2, "line", optional=True),
    Row("change_in_paid_in_capital", "Capital paid in less returned", 2, "line"),
    Row("distributions_paid", "Distributions", 2, "line"),
    Row("change_in_other_financing", "Change in other financing", 2, "line", optional=True),
)
BESIDE = (
    Row("adjustments_to_retained_earnings", "Adjustments to retained earnings", 1, "line", optional=True),
    Row("unassigned_accounts", "Accounts without a cash-flow class", 1, "line", optional=True),
    Row("translation_effect", "Effect of translation", 1, "line", optional=True),
)


def _printed(rows: tuple[Row, ...]) -> tuple[str, ...]:
    return tuple(row.key for row in rows if row.style != "heading")


ROWS = (
    *OPERATING,
    Row("cash_from_operations", "Cash from operations", 1, "total", adds=_printed(OPERATING)),
    *INVESTING,
    Row("cash_from_investing", "Cash from investing", 1, "total", adds=_printed(INVESTING)),
    *FINANCING,
    Row("cash_from_financing", "Cash from financing", 1, "total", adds=_printed(FINANCING)),
    *BESIDE,
    Row(
        "net_change_in_cash",
        "Net change in cash",
        1,
        "total",
        adds=("cash_from_operations", "cash_from_investing", "cash_from_financing", *_printed(BESIDE)),
    ),
    Row("opening_cash", "Opening cash", 1, "line"),
    Row("closing_cash", "Closing cash", 1, "grand_total"),
    Row(
        "cash_difference",
        "Difference that the ledger does not explain",
        1,
        "line",
        adds=("closing_cash",),
        subtracts=("opening_cash", "net_change_in_cash"),
        optional=True,
    ),
)
LEVELS = {row.key: row.level for row in ROWS}

_LINE_OF_CLASS = {
    CashFlowClass.DEFERRED_TAX: "change_in_deferred_taxes",
    CashFlowClass.UNREALIZED_CURRENCY: "unrealized_currency",
    CashFlowClass.TRANSLATION: "translation_effect",
    CashFlowClass.RETAINED_EARNINGS: "adjustments_to_retained_earnings",
    CashFlowClass.UNASSIGNED: "unassigned_accounts",
}
_OPERATING_LINES = {
    "accounts_receivable": "change_in_receivables",
    "inventory": "change_in_inventory",
    "other_current_assets": "change_in_other_current_assets",
    "accounts_payable": "change_in_payables",
    "accrued_liabilities": "change_in_accrued_liabilities",
    "deferred_revenue_current": "change_in_deferred_revenue",
    "other_current_liabilities": "change_in_other_current_liabilities",
    "cash_and_equivalents": "change_in_other_operating_assets",
    "short_term_investments": "change_in_other_operating_assets",
    "fixed_assets_gross": "change_in_other_operating_assets",
    "accumulated_depreciation": "change_in_other_operating_assets",
    "intangible_assets": "change_in_other_operating_assets",
    "other_assets": "change_in_other_operating_assets",
    "unassigned_assets": "change_in_other_operating_assets",
}
_INVESTING_LINES = {
    "fixed_assets_gross": DEPRECIATED,
    "accumulated_depreciation": DEPRECIATED,
    "intangible_assets": AMORTIZED_WITH_INTANGIBLES,
    "short_term_investments": "change_in_short_term_investments",
}
_FINANCING_LINES = {
    "notes_payable_current": "change_in_notes_payable_current",
    "notes_payable_long_term": "change_in_notes_payable_long_term",
    "paid_in_capital": "change_in_paid_in_capital",
    "distributions": "distributions_paid",
}
_LINES_OF_BLOCK = {
    CashFlowClass.OPERATING: (_OPERATING_LINES, "change_in_other_liabilities"),
    CashFlowClass.INVESTING: (_INVESTING_LINES, "change_in_other_investments"),
    CashFlowClass.FINANCING: (_FINANCING_LINES, "change_in_other_financing"),
}
_INTERCOMPANY = {
    ("Intercompany Receivable", CashFlowClass.INVESTING): "change_in_intercompany_receivables",
    ("Intercompany Payable", CashFlowClass.FINANCING): "change_in_intercompany_payables",
}


def line_of(placement: CashFlowPlacement) -> str:
    """The line that a balance-sheet account other than cash feeds; KeyError for cash and income accounts."""
    cash_flow_class = placement.cash_flow_class
    if cash_flow_class in _LINE_OF_CLASS:
        return _LINE_OF_CLASS[cash_flow_class]
    lines, rest = _LINES_OF_BLOCK[cash_flow_class]
    own = _INTERCOMPANY.get((placement.category_name, cash_flow_class))
    return own or lines.get(placement.line, rest)


def is_accumulated(placement: CashFlowPlacement) -> bool:
    """Whether an account of fixed assets holds accumulated depreciation.

    Some companies file it with the assets themselves, so its credit side and its title count too (measured in
    a demonstration company).
    """
    account = placement.account
    titled = any(word in account.title.casefold() for word in _ACCUMULATED_WORDS)
    filed = placement.line == "accumulated_depreciation"
    return filed or (placement.line in _FIXED and account.normal_balance == "credit" and titled)
