"""Everything that is reported about one side of the subledger: aging, tie-out, concentration and quality."""

from dataclasses import dataclass
from datetime import date

from collections_app.reports.aging import (
    BY_DUE_DATE,
    BY_INVOICE_DATE,
    Aging,
    age_position,
    currencies,
)
from collections_app.reports.books import Books
from collections_app.reports.collection_quality import (
    CollectionQuality,
    Dilution,
    collection_quality,
    dilution,
)
from collections_app.reports.concentration import (
    Concentration,
    concentration_of_aging,
    concentration_of_invoices,
)
from collections_app.reports.open_items import Position, history
from collections_app.reports.subledger import Side, Subledger
from collections_app.reports.tie_out import TieOut, tie_out


@dataclass(frozen=True, slots=True)
class SubledgerReports:
    """Receivables or payables at the end of each month shown, the last one being the end of the period.

    ``by_due_date`` and ``by_invoice_date`` are agings in base currency, oldest month end first;
    ``by_currency`` are those at the end of the period in each document currency. ``position`` is what is open
    at that day. ``quality`` is about receivables alone.
    """

    side: Side
    subledger: Subledger
    position: Position
    by_due_date: tuple[Aging, ...]
    by_invoice_date: tuple[Aging, ...]
    by_currency: tuple[Aging, ...]
    tie_out: TieOut
    concentration_of_aging: Concentration
    concentration_of_invoices: Concentration
    dilution: Dilution
    quality: CollectionQuality | None

    @property
    def aging(self) -> Aging:
        """The aging by due date at the end of the period."""
        return self.by_due_date[-1]


def subledger_reports(books: Books, side: Side, month_ends: tuple[date, ...]) -> SubledgerReports | None:
    """The reports of one side; None where its documents were not collected."""
    subledger = books.receivables if side == "receivable" else books.payables
    if subledger is None:
        return None
    known = history(subledger)
    positions = tuple(known.positions(month_ends))
    last = positions[-1]
    by_due_date = tuple(age_position(position, BY_DUE_DATE) for position in positions)
    return SubledgerReports(
        side=side,
        subledger=subledger,
        position=last,
        by_due_date=by_due_date,
        by_invoice_date=tuple(age_position(position, BY_INVOICE_DATE) for position in positions),
        by_currency=tuple(age_position(last, BY_DUE_DATE, currency) for currency in currencies(last)),
        tie_out=tie_out(books, side, known=known),
        concentration_of_aging=concentration_of_aging(by_due_date[-1]),
        concentration_of_invoices=concentration_of_invoices(known, month_ends[-1]),
        dilution=dilution(known, month_ends[-1]),
        quality=collection_quality(known, month_ends[-1]) if side == "receivable" else None,
    )
