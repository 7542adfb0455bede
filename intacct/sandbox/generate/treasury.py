"""Taxes on profits, dividends, and keeping every bank account above water."""

from collections import defaultdict
from datetime import date, timedelta

from intacct.sandbox.generate.journals import Books
from intacct.sandbox.generate.plan import EntityPlan, Plan, day_in, month_end, month_of, share

_BANK, _SAVINGS, _LINE = "1010", "1030", "2310"
_STEP = 25_000_00


def post_taxes(plan: Plan, books: Books) -> None:
    """Federal and state income tax on each fiscal quarter's profit, paid in the middle of the next month."""
    first = plan.options.first_fiscal_month
    for entity in plan.entities:
        quarter: list[date] = []
        for month in plan.months:
            quarter.append(month)
            if (month.month - first) % 3 == 2:
                _tax(plan, books, entity, quarter)
                quarter = []


def _tax(plan: Plan, books: Books, entity: EntityPlan, quarter: list[date]) -> None:
    profit = books.profit(entity, quarter)
    if profit <= 0:
        return
    federal, state = share(profit, 2100), share(profit, 550)
    lines = [("8010", federal), ("8020", state), ("2150", -federal - state)]
    books.post(month_end(quarter[-1]), "GJ", entity, "Income tax of the quarter", lines)
    following = month_of(quarter[-1], 1)
    if following <= plan.months[-1]:
        lines = [("2150", federal + state), (_BANK, -federal - state)]
        books.post(day_in(following, 15), "CDJ", entity, "Income tax", lines)


def post_dividends(plan: Plan, books: Books) -> None:
    """A quarter of each full fiscal year's profit, two months after its end."""
    first = plan.options.first_fiscal_month
    for place, month in enumerate(plan.months):
        if month.month != first or place < 12 or place + 1 >= len(plan.months):
            continue
        for entity in plan.entities:
            cents = share(max(books.profit(entity, plan.months[place - 12 : place]), 0), 2500)
            day = day_in(plan.months[place + 1], 12)
            books.post(day, "CDJ", entity, "Dividend", [("3100", cents), (_BANK, -cents)])


def keep_cash(plan: Plan, books: Books) -> None:
    """Draw on savings and then on the line of credit where the bank runs low, and pay back when it does
    not.
    """
    for entity in plan.entities:
        _Cash(plan, books, entity).run()


class _Cash:
    """One entity's bank, day by day."""

    def __init__(self, plan: Plan, books: Books, entity: EntityPlan) -> None:
        self._plan = plan
        self._books = books
        self._entity = entity
        self._floor = share(entity.monthly_revenue, 2_500)
        self._ceiling = share(entity.monthly_revenue, 16_000)
        self._drawn = -books.balances[entity.id, _LINE]
        self._balances: dict[str, int] = {_BANK: 0, _SAVINGS: 0}
        self._movements: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for account in (_BANK, _SAVINGS):
            for batch in books.of(entity, account):
                cents = sum(line.cents for line in batch.lines if line.account == account)
                self._movements[batch.day][account] += cents

    def run(self) -> None:
        """Go through every day from the opening on."""
        day = self._plan.opening_day
        while day <= self._plan.last_day:
            for account, cents in self._movements[day].items():
                self._balances[account] += cents
            if self._balances[_BANK] < self._floor:
                self._raise(day)
            if day == month_end(day) and day > self._plan.opening_day:
                self._month_end(day)
            day += timedelta(days=1)

    def _raise(self, day: date) -> None:
        needed = self._floor - self._balances[_BANK]
        needed += -needed % _STEP
        from_savings = min(needed, self._balances[_SAVINGS])
        self._transfer(day, _SAVINGS, from_savings)
        self._draw(day, needed - from_savings)

    def _month_end(self, day: date) -> None:
        interest = self._drawn * 825 // 120_000
        self._move(day, "Line of credit interest", [("7110", interest), (_BANK, -interest)])
        spare = self._balances[_BANK] - self._ceiling
        if spare < _STEP:
            return
        repaid = min(spare, self._drawn)
        self._draw(day, -repaid)
        self._transfer(day, _SAVINGS, -(spare - repaid) // _STEP * _STEP)

    def _draw(self, day: date, cents: int) -> None:
        self._drawn += cents
        self._move(day, "Line of credit", [(_BANK, cents), (_LINE, -cents)])

    def _transfer(self, day: date, account: str, cents: int) -> None:
        self._balances[account] -= cents
        self._move(day, "Money market transfer", [(_BANK, cents), (account, -cents)])

    def _move(self, day: date, title: str, lines: list[tuple[str, int]]) -> None:
        self._balances[_BANK] += sum(cents for account, cents in lines if account == _BANK)
        self._books.post(day, "TRJ", self._entity, title, lines)
