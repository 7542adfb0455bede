"""The balance sheet at the end of each period of a set.

Assets print as closing balances, liabilities and equity as their negative, so that all are positive in the
usual case; contra lines (accumulated depreciation, distributions) are negative. Equity is split by the fiscal
year (practice): what was earned is the negative of all closed-to and income-statement balances; the current
year's net income comes from the flows of the fiscal year to date; retained earnings are the rest.
"""

from collections import defaultdict
from collections.abc import Sequence

from collections_app.reports.fiscal_ledger import FiscalLedger, Span
from collections_app.reports.period_sets import PeriodSet
from collections_app.reports.placement import Placement, Reason
from collections_app.reports.statement import (
    Amounts,
    Line,
    Row,
    Statement,
    Style,
    account_line,
    compose,
    difference,
)
from collections_app.reports.terms import Measure, Term, negated

ASSETS = (
    Row("assets", "Assets", 1, "heading"),
    Row("current_assets", "Current assets", 2, "heading"),
    Row("cash_and_equivalents", "Cash and cash equivalents", 3, "line"),
    Row("short_term_investments", "Short-term investments", 3, "line"),
    Row("accounts_receivable", "Accounts receivable, net", 3, "line"),
    Row("inventory", "Inventory", 3, "line"),
    Row("other_current_assets", "Other current assets", 3, "line"),
    Row(
        "total_current_assets",
        "Total current assets",
        2,
        "subtotal",
        adds=(
            "cash_and_equivalents",
            "short_term_investments",
            "accounts_receivable",
            "inventory",
            "other_current_assets",
        ),
    ),
    Row("fixed_assets", "Fixed assets", 2, "heading"),
    Row("fixed_assets_gross", "Fixed assets, at cost", 3, "line"),
    Row("accumulated_depreciation", "Less accumulated depreciation", 3, "line"),
    Row(
        "fixed_assets_net",
        "Fixed assets, net",
        2,
        "subtotal",
        adds=("fixed_assets_gross", "accumulated_depreciation"),
    ),
    Row("intangible_assets", "Intangible assets", 2, "line"),
    Row("other_assets", "Other assets", 2, "line"),
    Row("unassigned_assets", "Unassigned assets", 2, "line"),
    Row(
        "total_assets",
        "Total assets",
        1,
        "grand_total",
        adds=(
            "total_current_assets",
            "fixed_assets_net",
            "intangible_assets",
            "other_assets",
            "unassigned_assets",
        ),
    ),
)
LIABILITIES = (
    Row("liabilities", "Liabilities", 1, "heading"),
    Row("current_liabilities", "Current liabilities", 2, "heading"),
    Row("accounts_payable", "Accounts payable", 3, "line"),
    Row("accrued_liabilities", "Accrued liabilities", 3, "line"),
    Row("notes_payable_current", "Notes payable, current", 3, "line"),
    Row("deferred_revenue_current", "Deferred revenue, current", 3, "line"),
    Row("other_current_liabilities", "Other current liabilities", 3, "line"),
    Row(
        "total_current_liabilities",
        "Total current liabilities",
        2,
        "subtotal",
        adds=(
            "accounts_payable",
            "accrued_liabilities",
            "notes_payable_current",
            "deferred_revenue_current",
            "other_current_liabilities",
        ),
    ),
    Row("long_term_liabilities", "Long-term liabilities", 2, "heading"),
    Row("notes_payable_long_term", "Notes payable, long-term", 3, "line"),
    Row("other_long_term_liabilities", "Other long-term liabilities", 3, "line"),
    Row(
        "total_long_term_liabilities",
        "Total long-term liabilities",
        2,
        "subtotal",
        adds=("notes_payable_long_term", "other_long_term_liabilities"),
    ),
    Row("unassigned_liabilities", "Unassigned liabilities", 2, "line"),
    Row(
        "total_liabilities",
        "Total liabilities",
        1,
        "total",
        adds=("total_current_liabilities", "total_long_term_liabilities", "unassigned_liabilities"),
    ),
)
EQUITY = (
    Row("equity", "Equity", 1, "heading"),
    Row("paid_in_capital", "Paid-in capital", 2, "line"),
    Row("distributions", "Distributions", 2, "line"),
    Row("retained_earnings", "Retained earnings", 2, "line"),
    Row("current_year_net_income", "Net income, fiscal year to date", 2, "line"),
    Row(
        "total_equity",
        "Total equity",
        1,
        "total",
        adds=("paid_in_capital", "distributions", "retained_earnings", "current_year_net_income"),
    ),
    Row(
        "total_liabilities_and_equity",
        "Total liabilities and equity",
        1,
        "grand_total",
        adds=("total_liabilities", "total_equity"),
    ),
)
ROWS = ASSETS + LIABILITIES + EQUITY
LEVELS = {row.key: row.level for row in ROWS}
DEBIT_POSITIVE_LINES = frozenset(row.key for row in ASSETS)


def balance_sheet(ledger: FiscalLedger, periods: PeriodSet) -> Statement:
    """The balance sheet with one column for the last day of each period."""
    columns = periods.point_columns
    spans = ledger.spans(columns)
    to_date = tuple(Term(number, Measure.YEAR_TO_DATE, -1) for number in ledger.numbers("incomestatement"))
    income = Line("", "", 0, "line", ledger.values(to_date, spans), (), to_date)
    given = {"current_year_net_income": income}
    lines = compose(ROWS, _detail(ledger, spans, income), len(columns), given)
    return Statement("balance_sheet", "Balance sheet", columns, lines)


def _detail(ledger: FiscalLedger, spans: Sequence[Span], income: Line) -> dict[str, list[Line]]:
    detail: dict[str, list[Line]] = defaultdict(list)
    for placement in ledger.placements:
        if placement.account.account_type == "balancesheet":
            detail[placement.line].append(_account_line(ledger, spans, placement))
    detail["retained_earnings"] += _unclosed_earnings(ledger, spans, income)
    detail["retained_earnings"] += _direct_postings(ledger, spans)
    return detail


def _account_line(ledger: FiscalLedger, spans: Sequence[Span], placement: Placement) -> Line:
    account = placement.account
    terms = (Term(account.number, Measure.CLOSING, 1 if placement.line in DEBIT_POSITIVE_LINES else -1),)
    values = ledger.values(terms, spans)
    return account_line(account.number, account.title, LEVELS[placement.line] + 1, values, terms)


def _unclosed_earnings(ledger: FiscalLedger, spans: Sequence[Span], income: Line) -> list[Line]:
    """Earlier years' income that stands on no account, as in a company without a closed-to account."""
    numbers = ledger.numbers("incomestatement")
    balances = tuple(Term(number, Measure.CLOSING, -1) for number in numbers)
    values = difference(ledger.values(balances, spans), income.values)
    if not any(values):
        return []
    terms = (*balances, *map(negated, income.terms))
    label = "Earlier earnings not closed to an account"
    return [_detail_line("earnings_not_closed", label, "account", values, terms)]


def _direct_postings(ledger: FiscalLedger, spans: Sequence[Span]) -> list[Line]:
    """What was posted straight to a closed-to account this fiscal year, past every income statement."""
    terms = tuple(
        Term(placement.account.number, Measure.YEAR_TO_DATE, -1)
        for placement in ledger.placements
        if placement.reason is Reason.CLOSED_TO
    )
    values = ledger.values(terms, spans)
    if not any(values):
        return []
    label = "of which adjustments to retained earnings, posted directly this fiscal year"
    return [_detail_line("adjustments_to_retained_earnings", label, "memo", values, terms)]


def _detail_line(key: str, label: str, style: Style, values: Amounts, terms: tuple[Term, ...]) -> Line:
    numbers = tuple(dict.fromkeys(term.account for term in terms)) if style == "memo" else ()
    return Line(key, label, LEVELS["retained_earnings"] + 1, style, values, numbers, terms)
