"""Companies drawn at random: charts, postings, fiscal years, entities and requests of every shape."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from collections_app.reports.books import Books, EntityBooks
from collections_app.reports.categories import STANDARD
from collections_app.reports.figures import Account, MonthlyTrialBalance, NormalBalance, Scope
from collections_app.reports.periods import collection_windows
from tests.collections_app.reports.cast import HEADING
from tests.collections_app.reports.integer_ledger import IntegerLedger

FIRST_DAY = date(2021, 1, 1)
ENTITIES = ("E1", "E2", "ELIM")
# Right, missing, unknown and of the wrong statement: whatever comes out of the draw.
CATEGORIES = st.sampled_from(["", " ", "Made up"] + [category.name for category in STANDARD])


class Posting(NamedTuple):
    """One line: cents, debit positive."""

    day: date
    account: str
    cents: int
    entity: str = "E1"
    adjusting: bool = False


@dataclass(frozen=True)
class Company:
    accounts: tuple[Account, ...]
    lines: tuple[Posting, ...]
    first_month: int
    date_from: date
    date_to: date

    def books(self, rule: str) -> Books:
        heading = replace(
            HEADING,
            date_from=self.date_from,
            date_to=self.date_to,
            first_fiscal_month=self.first_month,
        )
        return Books(heading, self.accounts, self.months(rule, self.lines))

    def group(self) -> Books:
        """The same books with the entities that they consist of."""
        entities = (
            EntityBooks(
                Scope("entity", name, name),
                HEADING.currency,
                self.months("fiscal year", tuple(line for line in self.lines if line.entity == name)),
                is_elimination=name == "ELIM",
            )
            for name in ENTITIES
        )
        return replace(self.books("fiscal year"), entities=tuple(entities))

    def months(self, rule: str, lines: tuple[Posting, ...]) -> tuple[MonthlyTrialBalance, ...]:
        ledger = self.ledger(lines)
        windows = collection_windows(self.date_from, self.date_to, self.first_month)
        months = tuple(ledger.trial_balance(start, end, rule) for start, end in windows)
        ledger.close()
        return months

    def ledger(self, lines: tuple[Posting, ...] | None = None) -> IntegerLedger:
        ledger = IntegerLedger(self.first_month)
        ledger.add_accounts(
            (account.number, account.account_type == "incomestatement", account.closes_to)
            for account in self.accounts
        )
        for adjusting in (False, True):
            chosen = [
                line for line in (self.lines if lines is None else lines) if line.adjusting == adjusting
            ]
            ledger.add_lines([line[:3] for line in chosen], adjusting=adjusting)
        return ledger


@st.composite
def chart(draw: st.DrawFn) -> tuple[Account, ...]:
    earnings = [f"39{place:02}" for place in range(draw(st.integers(1, 2)))]
    sides: st.SearchStrategy[NormalBalance] = st.sampled_from(["debit", "credit"])
    accounts = [
        Account(number, "Earned", "balancesheet", "credit", "closed to account", "", draw(CATEGORIES))
        for number in earnings
    ]
    accounts.append(Account("1000", "", "balancesheet", draw(sides), category="Cash and Cash Equivalents"))
    for place in range(draw(st.integers(1, 6))):
        number, category = f"1{place + 1:03}", draw(CATEGORIES)
        accounts.append(Account(number, "", "balancesheet", draw(sides), "non-closing account", "", category))
    for place in range(draw(st.integers(0, 6))):
        number, category, target = f"4{place:03}", draw(CATEGORIES), draw(st.sampled_from(earnings))
        accounts.append(
            Account(number, "", "incomestatement", draw(sides), "closing account", target, category)
        )
    return tuple(draw(st.permutations(accounts)))


@st.composite
def journals(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> list[Posting]:
    """An entry of two lines with either sign, and sometimes its reversal on a later day."""
    day, amount = draw(st.integers(0, 1000)), draw(st.integers(-(10**12), 10**12))
    one, other, entity = draw(numbers), draw(numbers), draw(st.sampled_from(ENTITIES))
    adjusting, reversed_after = draw(st.booleans()), draw(st.sampled_from([0, 0, 1, 40]))
    days = [(day, amount)] + ([(day + reversed_after, -amount)] if reversed_after else [])
    return [
        Posting(FIRST_DAY + timedelta(days=when), number, sign * cents, entity, adjusting)
        for when, cents in days
        for number, sign in ((one, 1), (other, -1))
    ]


@st.composite
def companies(draw: st.DrawFn) -> Company:
    accounts = draw(chart())
    numbers = st.sampled_from([account.number for account in accounts])
    entries = draw(st.lists(journals(numbers), max_size=20))
    lines = tuple(line for entry in entries for line in entry)
    date_from = FIRST_DAY + timedelta(days=draw(st.integers(300, 800)))
    date_to = date_from + timedelta(days=draw(st.integers(0, 400)))
    return Company(accounts, lines, draw(st.integers(1, 12)), date_from, date_to)
