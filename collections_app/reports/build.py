"""From collected books to finished reports, in one call."""

from dataclasses import dataclass
from decimal import Context, Inexact, InvalidOperation, localcontext

from collections_app.reports.balance_sheet import balance_sheet
from collections_app.reports.consistency import refuse_inconsistent
from collections_app.reports.figures import Books, Heading
from collections_app.reports.fiscal_ledger import fiscal_ledger
from collections_app.reports.income_statement import income_statement
from collections_app.reports.placement import Placement
from collections_app.reports.statement import Statement
from collections_app.reports.trial_balance import TrialBalanceMonth, trial_balance

# Wide enough that no sum of ledger amounts is ever rounded; should one be, it raises instead.
EXACT = Context(prec=80, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Reports:
    """The finished reports of one collection; the same books always give the same reports.

    ``placements`` say for every account which line it feeds and why, in order of account number.
    ``wanted`` are the keys of the reports that may be given out: those the lender asked for.
    """

    heading: Heading
    placements: tuple[Placement, ...]
    trial_balance: tuple[TrialBalanceMonth, ...]
    balance_sheet: Statement
    income_statement: Statement
    wanted: frozenset[str]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that were asked for, in the order in which they are filed."""
        return tuple(
            statement
            for statement in (self.balance_sheet, self.income_statement)
            if statement.key in self.wanted
        )

    @property
    def unassigned(self) -> tuple[Placement, ...]:
        """The accounts that wait for a category and have a balance or activity in a month shown."""
        active = {row.account for month in self.trial_balance for row in month.rows if not row.is_zero}
        return tuple(
            placement
            for placement in self.placements
            if placement.is_unassigned and placement.account.number in active
        )

    @property
    def line_labels(self) -> dict[str, str]:
        """The label of every statement line, by its key."""
        lines = (*self.balance_sheet.lines, *self.income_statement.lines)
        return {line.key: line.label for line in lines}


def build(books: Books) -> Reports:
    """The reports of these books.

    Raises consistency.BooksRefused, with one plain sentence, when the books cannot make an honest statement.
    """
    refuse_inconsistent(books)
    with localcontext(EXACT):
        ledger = fiscal_ledger(books)
        return Reports(
            heading=books.heading,
            placements=ledger.placements,
            trial_balance=trial_balance(ledger),
            balance_sheet=balance_sheet(ledger),
            income_statement=income_statement(ledger),
            wanted=books.wanted,
        )
