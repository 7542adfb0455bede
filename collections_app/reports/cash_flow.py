"""The cash flow statement, indirect method.

Debit positive, the change in cash is the negative of all other accounts' movements; nothing else is needed.
So the statement is built from accounts and grouped afterwards: every account that is not cash is in exactly
one block with the negative of its movement, income accounts together as net income. It ties to the cent
whenever the ledger does, and where the ledger does not, the difference has a line of its own (practice).

An account that is added back to net income (depreciation, amortization, gain or loss on fixed assets) is
taken off again where its other side stands: depreciation and disposals against fixed assets, amortization
against intangible assets, or against fixed assets when the company keeps its accumulated amortization there
or has no intangible assets; an override as depreciation or amortization decides it for an account. So
"fixed assets" are proceeds less purchases. Receivables are net of the allowance, with bad debt expense as
an "of which". What was posted straight to retained earnings, accounts without a class and translation stand
beside the three blocks. Overdrawn cash stays in cash, unless an override puts the account in financing.

Cash received prints positive, cash paid negative.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collections_app.reports.cash_flow_classes import CashFlowClass, CashFlowPlacement
from collections_app.reports.cash_flow_lines import (
    AMORTIZED_WITH_INTANGIBLES,
    DEPRECIATED,
    LEVELS,
    ROWS,
    is_accumulated,
    line_of,
)
from collections_app.reports.fiscal_ledger import FiscalLedger, Span
from collections_app.reports.period_sets import PeriodSet
from collections_app.reports.statement import Line, Statement, Style, account_line, compose
from collections_app.reports.terms import Measure, Sign, Term

CASH, DISPOSAL = CashFlowClass.CASH, CashFlowClass.DISPOSAL
DEPRECIATION, AMORTIZATION = CashFlowClass.DEPRECIATION, CashFlowClass.AMORTIZATION
BAD_DEBT = "Bad Debt Expense"


def cash_flow(ledger: FiscalLedger, periods: PeriodSet, accounts: Sequence[CashFlowPlacement]) -> Statement:
    """The cash flow with one column for each period and one for their total, where there is one.

    ``accounts`` are the classes of all accounts of the ledger.
    """
    columns = periods.span_columns
    plan = _Plan(ledger, ledger.spans(columns), tuple(accounts))
    given = {
        "net_income": plan.line("", "", "line", _terms(plan.income, Measure.FLOW, -1)),
        "opening_cash": plan.line("", "", "line", _terms(plan.of(CASH), Measure.OPENING, 1)),
        "closing_cash": plan.line("", "", "line", _terms(plan.of(CASH), Measure.CLOSING, 1)),
    }
    lines = compose(ROWS, _detail(plan), len(columns), given)
    return Statement("cash_flow", "Cash flow", columns, lines)


@dataclass(frozen=True, slots=True)
class _Plan:
    ledger: FiscalLedger
    spans: tuple[Span, ...]
    accounts: tuple[CashFlowPlacement, ...]

    @property
    def income(self) -> list[CashFlowPlacement]:
        return [each for each in self.accounts if each.account.account_type == "incomestatement"]

    @property
    def balances(self) -> list[CashFlowPlacement]:
        return [each for each in self.accounts if each.account.account_type == "balancesheet"]

    def of(self, *classes: CashFlowClass) -> list[CashFlowPlacement]:
        return [each for each in self.accounts if each.cash_flow_class in classes]

    def line(self, key: str, label: str, style: Style, terms: tuple[Term, ...], level: int = 0) -> Line:
        numbers = tuple(term.account for term in terms)
        return Line(key, label, level, style, self.ledger.values(terms, self.spans), numbers, terms)

    def account(self, placement: CashFlowPlacement, under: str, sign: Sign) -> Line:
        account, terms = placement.account, _terms([placement], Measure.FLOW, sign)
        values = self.ledger.values(terms, self.spans)
        return account_line(account.number, account.title, LEVELS[under] + 1, values, terms)


def _terms(accounts: Iterable[CashFlowPlacement], measure: Measure, sign: Sign) -> tuple[Term, ...]:
    return tuple(Term(placement.account.number, measure, sign) for placement in accounts)


def _detail(plan: _Plan) -> dict[str, list[Line]]:
    detail: dict[str, list[Line]] = defaultdict(list)
    for placement in plan.balances:
        if placement.cash_flow_class is not CASH:
            under = line_of(placement)
            detail[under].append(plan.account(placement, under, -1))
    for placement in plan.of(DEPRECIATION, AMORTIZATION):
        under = "depreciation_and_amortization"
        detail[under].append(plan.account(placement, under, 1))
    for placement in plan.of(DISPOSAL):
        under = "gain_or_loss_on_fixed_assets"
        detail[under].append(plan.account(placement, under, 1))
    _add_counterparts(plan, detail)
    _add_memos(plan, detail)
    return detail


def _fixed_assets(plan: _Plan) -> list[CashFlowPlacement]:
    return [each for each in plan.of(CashFlowClass.INVESTING) if line_of(each) == DEPRECIATED]


def _amortized_with_fixed_assets(plan: _Plan) -> bool:
    """Whether amortization wears fixed assets: an account's title says so, or nothing else can be worn."""
    accumulated = filter(is_accumulated, _fixed_assets(plan))
    titled = any("amort" in placement.account.title.casefold() for placement in accumulated)
    return titled or not any(each.line == "intangible_assets" for each in plan.balances)


def _worn_with_fixed_assets(plan: _Plan) -> list[CashFlowPlacement]:
    """Depreciation, and amortization unless it wears intangible assets or somebody said that it does."""
    amortized = [each for each in plan.of(AMORTIZATION) if not each.is_override]
    return plan.of(DEPRECIATION) + (amortized if _amortized_with_fixed_assets(plan) else [])


def _add_counterparts(plan: _Plan, detail: dict[str, list[Line]]) -> None:
    """Take what was added back to net income off where its other side stands."""
    worn = _worn_with_fixed_assets(plan)
    amortized = [each for each in plan.of(AMORTIZATION) if each not in worn]
    counterparts = (
        (DEPRECIATED, "depreciation_added_back", "Less depreciation added back above", worn),
        (
            DEPRECIATED,
            "disposals_moved",
            "Gain less loss on fixed assets, taken out above",
            plan.of(DISPOSAL),
        ),
        (
            AMORTIZED_WITH_INTANGIBLES,
            "amortization_added_back",
            "Less amortization added back above",
            amortized,
        ),
    )
    for under, key, label, accounts in counterparts:
        if accounts:
            terms = _terms(accounts, Measure.FLOW, -1)
            detail[under].append(plan.line(key, label, "account", terms, LEVELS[under] + 1))


def _add_memos(plan: _Plan, detail: dict[str, list[Line]]) -> None:
    accumulated = [each for each in _fixed_assets(plan) if is_accumulated(each)]
    bad_debts = [each for each in plan.income if each.category_name == BAD_DEBT]
    not_on_sheet, not_cash = _cash_unlike_balance_sheet(plan)
    memos = (
        (
            DEPRECIATED,
            "accumulated_depreciation_difference",
            "of which accumulated depreciation moved by disposals or misposting",
            _terms([*accumulated, *_worn_with_fixed_assets(plan)], Measure.FLOW, -1) if accumulated else (),
        ),
        (
            "change_in_receivables",
            "bad_debt_expense",
            "of which bad debt expense, a cost without payment",
            _terms(bad_debts, Measure.FLOW, 1),
        ),
        (
            "closing_cash",
            "cash_beyond_balance_sheet",
            "of which not in cash and cash equivalents on the balance sheet",
            _terms(not_on_sheet, Measure.CLOSING, 1) + _terms(not_cash, Measure.CLOSING, -1),
        ),
    )
    for under, key, label, terms in memos:
        memo = plan.line(key, label, "memo", terms, LEVELS[under] + 1)
        if any(memo.values):
            detail[under].append(memo)


def _cash_unlike_balance_sheet(plan: _Plan) -> tuple[list[CashFlowPlacement], list[CashFlowPlacement]]:
    """Accounts that an override made cash, and accounts of the cash line that one made something else."""
    on_sheet = [each for each in plan.balances if each.line == "cash_and_equivalents"]
    made_cash = [each for each in plan.of(CASH) if each.line != "cash_and_equivalents"]
    return made_cash, [each for each in on_sheet if each.cash_flow_class is not CASH]
