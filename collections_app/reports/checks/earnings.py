"""R6 and R7: net income against what equity earned, month by month and year by year.

Earned equity is what stands on the accounts that others close to and on all income accounts, so that neither
a virtual nor a booked close inside that group is a change of it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons, rounding_tolerance
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    inconclusive,
    judged,
    money,
    number_of,
)
from collections_app.reports.figures import ZERO, MonthlyTrialBalance
from collections_app.reports.periods import day_caption

R6 = Definition("R6", "Net income ties to equity", "reliability")
R7 = Definition("R7", "Retained earnings roll forward", "reliability")


def net_income_ties(material: Material) -> Check:
    """R6: net income = change of earned equity less what was posted straight to retained earnings.

    The change is from the end of the month before, so that a month that was changed afterwards shows here
    too; the first month starts from its own opening balances.
    """
    compared, earned = Comparisons(), _Earned(material)
    statement = material.collected.income_statement
    before = earned.opening(material.books.months[0])
    direct_total = ZERO
    for place, (window, month) in enumerate(material.months):
        after, direct = earned.closing(month), earned.direct(month)
        compared.compare(
            f"{window.caption}, net income",
            after - before - direct,
            statement.values("net_income")[place],
            rounding_tolerance(earned.rows(month)),
        )
        before, direct_total = after, direct_total + abs(direct)
    return judged(
        R6,
        material.span,
        compared,
        Sentences(
            "Net income of every month is the change of earned equity." + _straight(material, direct_total),
            f"Net income differs from the change of earned equity {material.furthest(compared)}: "
            "equity was changed past the income statement. Ask the borrower for the entry.",
        ),
    )


def _straight(material: Material, amount: Decimal) -> str:
    if not amount:
        return ""
    return (
        f" Beside it {money(amount, material.currency)} was posted straight to retained earnings; ask "
        "whether these are distributions or corrections."
    )


def retained_earnings_roll(material: Material) -> Check:
    """R7: opening retained earnings + net income of the year - distributions = opening of the next year.

    Distributions are what was moved from distribution accounts to retained earnings: their credits, as far as
    retained earnings were debited. Anything else posted straight to retained earnings is a restatement until
    somebody explains it; when it lowers them it may be a distribution, and the failure is a warning.
    """
    years = list(_years(material))
    if len(years) < 2:
        return inconclusive(
            R7,
            material.span,
            "Retained earnings can be rolled forward only from one fiscal year into the next, and the period "
            "holds one fiscal year alone; ask for a period that begins a year earlier.",
        )
    compared, earned = Comparisons(), _Earned(material)
    only_lowered = True
    for year, following in zip(years, years[1:], strict=False):
        roll = _roll(material, earned, year, following)
        place = f"Retained earnings at the start of the fiscal year from {day_caption(following[0].start)}"
        tolerance = rounding_tolerance(earned.rows(year[-1]))
        if not compared.compare(place, roll.expected, roll.actual, tolerance, roll.note(material.currency)):
            only_lowered = only_lowered and roll.may_be_distribution
    return judged(
        R7,
        material.span,
        compared,
        Sentences(
            "Every fiscal year opens with last year's retained earnings plus net income less distributions.",
            f"At {number_of(compared.failures, 'year start')} retained earnings are not last year's plus net "
            f"income less distributions, {material.furthest(compared)}: ask for the restatement.",
        ),
        is_warning=only_lowered,
    )


class _Roll(NamedTuple):
    """One year: what retained earnings should open the next year with, what they do, and what was posted."""

    expected: Decimal
    actual: Decimal
    posted: Decimal

    @property
    def may_be_distribution(self) -> bool:
        """Whether postings straight to retained earnings, and these alone, lowered them."""
        return self.posted < 0 and self.actual - self.expected == self.posted

    def note(self, currency: str) -> str:
        """What was posted straight to retained earnings, in words."""
        if not self.posted:
            return ""
        return (
            f"{money(self.posted, currency)} was posted straight to retained earnings and is no distribution."
        )


def _years(material: Material) -> Iterator[Sequence[MonthlyTrialBalance]]:
    """The collected months by fiscal year, oldest first. The last year may be cut; it is only opened."""
    year: list[MonthlyTrialBalance] = []
    started = None
    for month, ledger_month in zip(material.books.months, material.ledger.months, strict=True):
        if year and ledger_month.fiscal_year != started:
            yield year
            year = []
        started = ledger_month.fiscal_year
        year.append(month)
    yield year


def _roll(
    material: Material,
    earned: "_Earned",
    year: Sequence[MonthlyTrialBalance],
    following: Sequence[MonthlyTrialBalance],
) -> _Roll:
    opening, actual = earned.opening(year[0]), earned.opening(following[0])
    statement = material.collected.income_statement
    net_income = sum(
        (
            value
            for column, value in zip(statement.columns, statement.values("net_income"), strict=True)
            if year[0].start <= column.end <= year[-1].end
        ),
        ZERO,
    )
    direct = sum((earned.direct(month) for month in year), ZERO)
    moved = sum((earned.distributions_moved(month) for month in year), ZERO)
    distributions = min(moved, max(-direct, ZERO))
    return _Roll(opening + net_income - distributions, actual, direct + distributions)


class _Earned:
    """Earned equity as the trial balances gave it, printed positive in the usual case."""

    def __init__(self, material: Material) -> None:
        placements = material.ledger.placements
        self._closed_to = {each.account.number for each in placements if each.line == "retained_earnings"}
        self._distributions = {each.account.number for each in placements if each.line == "distributions"}
        self._all = self._closed_to | set(material.ledger.numbers("incomestatement"))

    def rows(self, month: MonthlyTrialBalance) -> int:
        """How many rows with figures are summed."""
        return sum(row.account in self._all and not row.is_zero for row in month.rows)

    def opening(self, month: MonthlyTrialBalance) -> Decimal:
        """Earned equity at the start of the month."""
        return -sum((row.opening for row in month.rows if row.account in self._all), ZERO)

    def closing(self, month: MonthlyTrialBalance) -> Decimal:
        """Earned equity at its end."""
        return -sum((row.closing for row in month.rows if row.account in self._all), ZERO)

    def direct(self, month: MonthlyTrialBalance) -> Decimal:
        """What was posted straight to the accounts that others close to; what raises equity is positive."""
        return -sum((row.flow for row in month.rows if row.account in self._closed_to), ZERO)

    def distributions_moved(self, month: MonthlyTrialBalance) -> Decimal:
        """What was credited to distribution accounts."""
        rows = (row for row in month.rows if row.account in self._distributions)
        return sum((row.credits + row.adjusting_credits for row in rows), ZERO)
