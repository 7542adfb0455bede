"""The statement of changes in equity: what moved each part of equity from opening to closing.

Opening + net income + capital paid in - distributions +/- direct postings and translation = closing, for each
period (practice; the reconciliation of net worth of a credit spread). Earned equity is one part: the balances
of the accounts that others close to and of all income accounts, so that the yearly close, which only moves
income between them, is no change. Equity prints positive in the usual case, distributions negative. A part of
the closing balance that no movement explains has a line of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collections_app.reports.fiscal_ledger import FiscalLedger
from collections_app.reports.period_sets import PeriodSet
from collections_app.reports.statement import Line, Row, Statement, compose
from collections_app.reports.terms import Measure, Term

PARTS = (
    ("paid_in_capital", "Paid-in capital", "capital_paid_in", "Capital paid in less returned"),
    ("distributions", "Distributions", "distributions_made", "Distributions made"),
    ("translation_adjustment", "Translation adjustment", "translation_change", "Translation of the period"),
)
EARNED = (
    Row("earned_equity", "Retained earnings and net income", 1, "heading"),
    Row("opening_earned_equity", "Opening balance", 2, "line"),
    Row("net_income", "Net income", 2, "line"),
    Row("adjustments_to_retained_earnings", "Posted straight to retained earnings", 2, "line"),
)


def changes_in_equity(
    ledger: FiscalLedger, periods: PeriodSet, translation_accounts: frozenset[str] = frozenset()
) -> Statement:
    """Changes in equity with one column for each period and one for their total, where there is one.

    ``translation_accounts`` that stand in equity are shown as a part of their own.
    """
    columns = periods.span_columns
    spans = ledger.spans(columns)
    given = {
        key: Line("", "", 0, "line", ledger.values(terms, spans), (), terms)
        for key, terms in _terms(ledger, translation_accounts).items()
    }
    lines = compose(ROWS, {}, len(columns), given)
    return Statement("changes_in_equity", "Changes in equity", columns, lines)


@dataclass(frozen=True, slots=True)
class _Equity:
    """The account numbers of each part of equity."""

    parts: dict[str, list[str]]
    closed_to: list[str]
    income: tuple[str, ...]


def _equity(ledger: FiscalLedger, translation_accounts: frozenset[str]) -> _Equity:
    parts: dict[str, list[str]] = {key: [] for key, *_ in PARTS}
    closed_to = []
    for placement in ledger.placements:
        number = placement.account.number
        if placement.line == "retained_earnings":
            closed_to.append(number)
        elif placement.line in parts:
            parts["translation_adjustment" if number in translation_accounts else placement.line].append(
                number
            )
    return _Equity(parts, closed_to, ledger.numbers("incomestatement"))


def _terms(ledger: FiscalLedger, translation_accounts: frozenset[str]) -> dict[str, tuple[Term, ...]]:
    equity = _equity(ledger, translation_accounts)
    earned = (*equity.closed_to, *equity.income)
    terms = {
        "opening_earned_equity": _credits(earned, Measure.OPENING),
        "net_income": _credits(equity.income, Measure.FLOW),
        "adjustments_to_retained_earnings": _credits(equity.closed_to, Measure.FLOW),
        "closing_earned_equity": _credits(earned, Measure.CLOSING),
    }
    for key, _, change, _ in PARTS:
        terms[f"opening_{key}"] = _credits(equity.parts[key], Measure.OPENING)
        terms[change] = _credits(equity.parts[key], Measure.FLOW)
        terms[f"closing_{key}"] = _credits(equity.parts[key], Measure.CLOSING)
    return terms


def _credits(numbers: Iterable[str], measure: Measure) -> tuple[Term, ...]:
    return tuple(Term(number, measure, -1) for number in numbers)


def _part_rows(key: str, label: str, change: str, change_label: str) -> Sequence[Row]:
    optional = key == "translation_adjustment"
    return (
        Row(f"opening_{key}", f"{label}, opening balance", 2, "line", optional=optional),
        Row(change, change_label, 2, "line", optional=optional),
        Row(f"closing_{key}", f"{label}, closing balance", 2, "subtotal", optional=optional),
    )


def _rows() -> tuple[Row, ...]:
    by_part = [row for part in PARTS for row in _part_rows(*part)]
    openings = ("opening_earned_equity", *(f"opening_{key}" for key, *_ in PARTS))
    closings = ("closing_earned_equity", *(f"closing_{key}" for key, *_ in PARTS))
    changes = ("net_income", "adjustments_to_retained_earnings", *(change for _, _, change, _ in PARTS))
    return (
        Row("parts_of_equity", "Contributed equity and distributions", 1, "heading"),
        *by_part,
        *EARNED,
        Row("closing_earned_equity", "Closing balance", 2, "subtotal"),
        Row("all_equity", "Total equity", 1, "heading"),
        Row("opening_equity", "Opening equity", 2, "line", adds=openings),
        Row("total_changes", "Changes of the period", 2, "line", adds=changes),
        Row("closing_equity", "Closing equity", 1, "grand_total", adds=closings),
        Row(
            "equity_difference",
            "Difference that the ledger does not explain",
            1,
            "line",
            adds=("closing_equity",),
            subtracts=("opening_equity", "total_changes"),
            optional=True,
        ),
    )


ROWS = _rows()
