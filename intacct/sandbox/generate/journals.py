"""Batches of lines, and the books that refuse a batch that does not balance."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from intacct.sandbox.generate.chart import is_income
from intacct.sandbox.generate.currencies import BASE
from intacct.sandbox.generate.plan import EntityPlan, month_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line, debit positive, in cents (in hundredths of a unit for a statistical account). `foreign` is
    the amount in the batch's currency where that is not the base currency.
    """

    account: str
    cents: int
    department: str = ""
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """A journal entry of one entity, on one day. `partner` is a customer's or vendor's id; `documented` the
    day of the document behind it, where that is another one.
    """

    day: date
    journal: str
    entity: str
    location: str
    title: str
    lines: tuple[Line, ...]
    partner: str = ""
    book: str = "ACCRUAL"
    adjusting: bool = False
    state: str = "Posted"
    statistical: bool = False
    currency: str = BASE
    documented: date | None = None


class Books:
    """Every batch posted so far, and the running figures that later postings depend on."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.balances: dict[tuple[str, str], int] = defaultdict(int)
        self._by_account: dict[tuple[str, str], list[Batch]] = defaultdict(list)
        self._profits: dict[tuple[str, date], int] = defaultdict(int)

    def post(
        self,
        day: date,
        journal: str,
        entity: EntityPlan,
        title: str,
        lines: Sequence[tuple[str, int]],
        *,
        partner: str = "",
        adjusting: bool = False,
        location: str = "",
        currency: str = BASE,
        foreign: Sequence[int] = (),
        documented: date | None = None,
    ) -> None:
        """Post a batch of the accrual book; raises ValueError where it does not balance. Empty lines are
        left out. `foreign` are the amounts of the lines in `currency`, where that is not the base currency.
        """
        kept = tuple(
            Line(account, cents, _department(account), abroad)
            for (account, cents), abroad in zip(lines, foreign or [0] * len(lines), strict=True)
            if cents
        )
        if sum(line.cents for line in kept):
            raise ValueError(f"The batch {title!r} of {day} does not balance.")
        if kept:
            place = location or entity.location
            self.add(
                Batch(
                    day,
                    journal,
                    entity.id,
                    place,
                    title,
                    kept,
                    partner,
                    adjusting=adjusting,
                    currency=currency,
                    documented=documented,
                )  # fmt: skip
            )

    def add(self, batch: Batch) -> None:
        """Take a batch as it is; only the posted accrual book counts towards the running figures."""
        self.batches.append(batch)
        if batch.book != "ACCRUAL" or batch.statistical or batch.state != "Posted":
            return
        for account in {line.account for line in batch.lines}:
            self._by_account[batch.entity, account].append(batch)
        for line in batch.lines:
            self.balances[batch.entity, line.account] += line.cents
            if is_income(line.account):
                self._profits[batch.entity, month_of(batch.day)] -= line.cents

    def of(self, entity: EntityPlan, account: str) -> tuple[Batch, ...]:
        """The batches of an entity that touch an account, in the order of posting."""
        return tuple(self._by_account[entity.id, account])

    def profit(self, entity: EntityPlan, months: Iterable[date]) -> int:
        """Income less costs of some months, in cents."""
        return sum(self._profits[entity.id, month] for month in months)


def _department(account: str) -> str:
    if not is_income(account):
        return ""
    return {"4": "SALES", "5": "OPS", "6": "ADMIN"}.get(account[0], "")
