"""What the analysis starts from: a balance sheet at a date, the income of a span of days, and both together.

Amounts are signed as a statement prints them, by the keys of the statement lines. A line that is not there is
unknown, not zero. A category that is not there has no account, which is zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from collections_app.reports.analysis.figure import ARITHMETIC, ZERO, Figure, unknown
from collections_app.reports.periods import day_caption, month_end

DAYS_OF_YEAR = 365
Amounts = Mapping[str, Decimal]

# The words of a credit analyst for our statement lines.
LABELS = {
    "cash_and_equivalents": "Cash and equivalents",
    "short_term_investments": "Short-term investments",
    "accounts_receivable": "Trade receivables, net",
    "inventory": "Inventory",
    "other_current_assets": "Other current assets",
    "total_current_assets": "Current assets",
    "fixed_assets_net": "Fixed assets, net",
    "intangible_assets": "Intangible assets",
    "other_assets": "Other assets",
    "unassigned_assets": "Unassigned assets",
    "total_assets": "Total assets",
    "accounts_payable": "Trade payables",
    "accrued_liabilities": "Accrued liabilities",
    "notes_payable_current": "Notes payable, current",
    "deferred_revenue_current": "Deferred revenue",
    "other_current_liabilities": "Other current liabilities",
    "total_current_liabilities": "Current liabilities",
    "notes_payable_long_term": "Notes payable, long-term",
    "other_long_term_liabilities": "Other long-term liabilities",
    "unassigned_liabilities": "Unassigned liabilities",
    "total_liabilities": "Total liabilities",
    "paid_in_capital": "Paid-in capital",
    "distributions": "Distributions account",
    "retained_earnings": "Retained earnings",
    "current_year_net_income": "Net income, fiscal year to date",
    "total_equity": "Equity",
    "revenue": "Net sales",
    "cost_of_revenue": "Cost of sales",
    "gross_profit": "Gross profit",
    "payroll_expenses": "Payroll",
    "other_operating_expenses": "Other operating expenses",
    "depreciation_and_amortization": "Depreciation and amortization",
    "total_operating_expenses": "Operating expenses",
    "operating_income": "Operating profit",
    "other_income": "Other income",
    "interest_expense": "Interest expense",
    "other_expenses": "Other expenses",
    "income_before_tax": "Profit before taxes",
    "income_tax": "Income tax",
    "unassigned_income_statement": "Unassigned income less expenses",
    "net_income": "Net income",
    "cash_from_operations": "Cash from operations",
    "cash_from_investing": "Cash from investing",
    "cash_from_financing": "Cash from financing",
}


@dataclass(frozen=True, slots=True)
class Position:
    """The balance sheet at the end of ``as_of``: its lines, and the sums of its accounts by category.

    ``capital`` are the accounts of the paid-in capital line by number.
    """

    as_of: date
    lines: Amounts
    categories: Amounts = field(default_factory=dict)
    capital: Amounts = field(default_factory=dict)

    def figure(self, key: str) -> Figure:
        """The line with that key; unknown when the balance sheet does not have it."""
        label = LABELS.get(key, key)
        if key not in self.lines:
            return unknown(label, f"{label} at {day_caption(self.as_of)}")
        return Figure(label, self.lines[key])

    def category(self, name: str, label: str) -> Figure:
        """The accounts of one category together; zero when there are none."""
        return Figure(label, self.categories.get(name, ZERO))


@dataclass(frozen=True, slots=True)
class Flows:
    """The income statement of the days ``start`` to ``end``, both included.

    ``lines`` may also hold the blocks of the cash-flow statement. ``costs`` are the accounts of the cost and
    expense lines by number. ``annualized_from`` is set by ``annualized`` alone.
    """

    start: date
    end: date
    lines: Amounts
    categories: Amounts = field(default_factory=dict)
    costs: Amounts = field(default_factory=dict)
    annualized_from: int = 0

    @property
    def days(self) -> int:
        """The number of days, both ends included."""
        return (self.end - self.start).days + 1

    @property
    def is_twelve_months(self) -> bool:
        """Whether the span is twelve months from its first day on, with or without a leap day."""
        following = self.end + timedelta(days=1)
        try:
            return self.start.replace(year=self.start.year + 1) == following
        except ValueError:
            return (following.month, following.day, following.year) == (3, 1, self.start.year + 1)

    @property
    def months(self) -> Decimal:
        """The months covered: whole calendar months counted, any other span as days x 12 / 365."""
        if self.start.day == 1 and self.end == month_end(self.end):
            years = self.end.year - self.start.year
            return Decimal(12 * years + self.end.month - self.start.month + 1)
        return ARITHMETIC.divide(Decimal(self.days * 12), Decimal(DAYS_OF_YEAR))

    def annualized(self) -> "Flows":
        """The same at a yearly rate: twelve months as they are, else x 365 / days and marked (practice)."""
        if self.is_twelve_months or self.annualized_from:
            return self
        return replace(
            self,
            lines=self._yearly(self.lines),
            categories=self._yearly(self.categories),
            costs=self._yearly(self.costs),
            annualized_from=self.days,
        )

    def _yearly(self, amounts: Amounts) -> dict[str, Decimal]:
        return {key: self.yearly(amount) for key, amount in amounts.items()}

    def yearly(self, amount: Decimal) -> Decimal:
        """An amount that arose in these days, at a yearly rate."""
        if self.is_twelve_months:
            return amount
        return ARITHMETIC.divide(ARITHMETIC.multiply(amount, Decimal(DAYS_OF_YEAR)), Decimal(self.days))

    def figure(self, key: str) -> Figure:
        """The line with that key; unknown when the statement does not have it."""
        label = LABELS.get(key, key)
        if key not in self.lines:
            return unknown(label, f"{label} for {day_caption(self.start)} to {day_caption(self.end)}")
        return Figure(label, self.lines[key], annualized_from=self.annualized_from)

    def category(self, name: str, label: str) -> Figure:
        """The accounts of one category together; zero when there are none."""
        return Figure(label, self.categories.get(name, ZERO), annualized_from=self.annualized_from)

    def cost(self, number: str) -> Figure:
        """One cost or expense account; zero when nothing was booked on it."""
        return Figure(f"account {number}", self.costs.get(number, ZERO), annualized_from=self.annualized_from)


@dataclass(frozen=True, slots=True)
class Period:
    """What one set of ratios is about.

    ``flows`` end on the day of ``closing``: the last twelve months where there are twelve, else what there
    is. ``opening`` is the balance sheet of the day before they begin, ``last_year`` and ``three_years_ago``
    are the same span one and three years earlier; each is None when the books do not go back so far.
    """

    caption: str
    closing: Position
    flows: Flows
    opening: Position | None = None
    last_year: Flows | None = None
    three_years_ago: Flows | None = None

    def change(self, key: str) -> Figure:
        """Closing less opening of one balance-sheet line; an increase is positive."""
        opening = self.opening.figure(key) if self.opening else None
        return _increase(self.closing.figure(key), opening)


def _increase(closing: Figure, opening: Figure | None) -> Figure:
    label = f"Increase in {closing.label[0].lower()}{closing.label[1:]}"
    if opening is None:
        return unknown(label, OPENING_NEEDED)
    if closing.amount is None or opening.amount is None:
        return unknown(label, *closing.missing, *opening.missing)
    return Figure(label, ARITHMETIC.subtract(closing.amount, opening.amount))


OPENING_NEEDED = "the balance sheet at the start of the period"
LAST_YEAR_NEEDED = "the same period of last year"
THREE_YEARS_NEEDED = "the same period three years ago"
