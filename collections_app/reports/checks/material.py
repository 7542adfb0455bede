"""What the checks read: the books as they were collected, and the reports made from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from collections_app.reports.books import Books
from collections_app.reports.checks.comparisons import Comparisons, rounding_tolerance
from collections_app.reports.checks.journal_scan import JournalScan, scan_journal
from collections_app.reports.checks.verdicts import money
from collections_app.reports.consolidation import Bridge
from collections_app.reports.figures import ZERO, MonthlyTrialBalance
from collections_app.reports.fiscal_ledger import FiscalLedger
from collections_app.reports.period_statements import PeriodStatements
from collections_app.reports.periods import Window
from collections_app.reports.tie_out import TieOut


@dataclass(frozen=True, slots=True)
class Material:
    """The books, and what was made of them.

    ``titles`` name every account by its number. ``collected`` are the statements of every collected window.
    ``receivables`` and ``payables`` are the tie-outs, with a reason where there is nothing to compare.
    ``scan`` is None where the journal was not collected.
    """

    books: Books
    ledger: FiscalLedger
    titles: Mapping[str, str]
    collected: PeriodStatements
    bridges: tuple[Bridge, ...]
    receivables: TieOut
    payables: TieOut
    scan: JournalScan | None

    @property
    def span(self) -> Window:
        """From the first to the last day that was collected."""
        return Window(self.books.months[0].start, self.books.months[-1].end)

    @property
    def asked_for(self) -> Window:
        """The days of the request."""
        heading = self.books.heading
        return Window(heading.date_from, heading.date_to)

    @property
    def currency(self) -> str:
        """The currency of the books."""
        return self.books.heading.currency

    @property
    def months(self) -> Iterator[tuple[Window, MonthlyTrialBalance]]:
        """The trial balances as collected, with their windows."""
        for month in self.books.months:
            yield Window(month.start, month.end), month

    @property
    def months_shown(self) -> Iterator[tuple[Window, MonthlyTrialBalance]]:
        """Those of the months asked for: there are journal lines and documents for these alone."""
        for month in self.books.months_shown:
            yield Window(month.start, month.end), month

    def account(self, number: str) -> str:
        """The account for people: number and title."""
        return f"{number} {self.titles.get(number, '')}".rstrip()

    def furthest(self, compared: Comparisons) -> str:
        """How far out the furthest place is: "by up to 5.00 USD (Jan 2024)"."""
        if compared.worst is None:
            return "nowhere"
        row = compared.worst.row
        return f"by up to {money(abs(row.difference or ZERO), self.currency)} ({row.place})"


def gather(
    books: Books,
    ledger: FiscalLedger,
    collected: PeriodStatements,
    bridges: tuple[Bridge, ...],
    receivables: TieOut,
    payables: TieOut,
) -> Material:
    """The material of the checks; the journal is read once, here."""
    titles = {placement.account.number: placement.account.title for placement in ledger.placements}
    return Material(books, ledger, titles, collected, bridges, receivables, payables, scan_journal(books))


def rows_tolerance(month: MonthlyTrialBalance) -> Decimal:
    """What rounding may come to in a month's total: every row with figures counts."""
    return rounding_tolerance(sum(not row.is_zero for row in month.rows))
