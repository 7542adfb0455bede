"""The income statement for any set of periods.

Every figure is a sum of flows, so it does not depend on when income accounts are reset. Revenue and other
income print as the negative of the flow, costs and expenses as the flow: all positive in the usual case. The
unassigned line prints as income: a positive amount adds to net income.
"""

from collections import defaultdict
from collections.abc import Sequence

from collections_app.reports.fiscal_ledger import FiscalLedger, Span
from collections_app.reports.period_sets import PeriodSet
from collections_app.reports.placement import Placement
from collections_app.reports.statement import Line, Row, Statement, account_line, compose
from collections_app.reports.terms import Measure, Term

ROWS = (
    Row("revenue", "Revenue", 2, "line"),
    Row("cost_of_revenue", "Cost of revenue", 2, "line"),
    Row("gross_profit", "Gross profit", 1, "total", adds=("revenue",), subtracts=("cost_of_revenue",)),
    Row("operating_expenses", "Operating expenses", 2, "heading"),
    Row("payroll_expenses", "Payroll", 3, "line"),
    Row("other_operating_expenses", "Other operating expenses", 3, "line"),
    Row("depreciation_and_amortization", "Depreciation and amortization", 3, "line"),
    Row(
        "total_operating_expenses",
        "Total operating expenses",
        2,
        "subtotal",
        adds=("payroll_expenses", "other_operating_expenses", "depreciation_and_amortization"),
    ),
    Row(
        "operating_income",
        "Operating income",
        1,
        "total",
        adds=("gross_profit",),
        subtracts=("total_operating_expenses",),
    ),
    Row("other_income", "Other income", 2, "line"),
    Row("interest_expense", "Interest expense", 2, "line"),
    Row("other_expenses", "Other expenses", 2, "line"),
    Row(
        "income_before_tax",
        "Income before tax",
        1,
        "total",
        adds=("operating_income", "other_income"),
        subtracts=("interest_expense", "other_expenses"),
    ),
    Row("income_tax", "Income tax", 2, "line"),
    Row("unassigned_income_statement", "Unassigned income less expenses", 2, "line"),
    Row(
        "net_income",
        "Net income",
        1,
        "grand_total",
        adds=("income_before_tax", "unassigned_income_statement"),
        subtracts=("income_tax",),
    ),
)
LEVELS = {row.key: row.level for row in ROWS}
CREDIT_POSITIVE_LINES = frozenset({"revenue", "other_income", "unassigned_income_statement"})


def income_statement(ledger: FiscalLedger, periods: PeriodSet) -> Statement:
    """The income statement with one column for each period and one for their total, where there is one."""
    columns = periods.span_columns
    lines = compose(ROWS, _detail(ledger, ledger.spans(columns)), len(columns))
    return Statement("income_statement", "Income statement", columns, lines)


def _detail(ledger: FiscalLedger, spans: Sequence[Span]) -> dict[str, list[Line]]:
    detail: dict[str, list[Line]] = defaultdict(list)
    for placement in ledger.placements:
        if placement.account.account_type == "incomestatement":
            detail[placement.line].append(_account_line(ledger, spans, placement))
    return detail


def _account_line(ledger: FiscalLedger, spans: Sequence[Span], placement: Placement) -> Line:
    account = placement.account
    terms = (Term(account.number, Measure.FLOW, -1 if placement.line in CREDIT_POSITIVE_LINES else 1),)
    values = ledger.values(terms, spans)
    return account_line(account.number, account.title, LEVELS[placement.line] + 1, values, terms)
