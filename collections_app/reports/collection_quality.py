"""How much of what was invoiced is never collected, and how well the rest is.

All figures are of the twelve months up to a day and come from the documents themselves, so that they compare
with the aging (formulas: practice).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from collections_app.reports.aging import BY_DUE_DATE, age_position
from collections_app.reports.division import percent, quotient
from collections_app.reports.figures import ZERO
from collections_app.reports.open_items import History
from collections_app.reports.periods import Window
from collections_app.reports.subledger import Application, Document
from collections_app.reports.subledger_states import is_reversal, is_reversed, is_unposted
from collections_app.reports.trailing import twelve_months

DILUTION = "(credit memos + write-offs + discounts) / gross invoices, last 12 months; payments do not count"
RECEIVABLES_TURN = (
    "invoices less credit memos of the last 12 months / average of opening and closing receivables"
)
EFFECTIVENESS = (
    "(opening receivables + invoiced - closing receivables) / "
    "(opening receivables + invoiced - closing receivables not yet due), last 12 months"
)
_WRITE_OFF_WORDS = ("write-off", "write off", "writeoff", "written off", "bad debt")


@dataclass(frozen=True, slots=True)
class Dilution:
    """What lowered receivables without a payment. All amounts are positive; see DILUTION for the formula.

    ``percentage`` has two places and is None where nothing was invoiced.
    """

    window: Window
    gross_invoices: Decimal
    credit_memos: Decimal
    write_offs: Decimal
    discounts: Decimal

    @property
    def total(self) -> Decimal:
        """The numerator."""
        return self.credit_memos + self.write_offs + self.discounts

    @property
    def percentage(self) -> Decimal | None:
        """Dilution in percent of gross invoices."""
        return percent(self.total, self.gross_invoices)


@dataclass(frozen=True, slots=True)
class CollectionQuality:
    """Turn and collection effectiveness with what they are made from; formulas in the module's constants.

    ``turn`` has two places, ``effectiveness`` is in percent with two places; each is None where its
    denominator is zero or less, because the figure would mean nothing.
    """

    window: Window
    opening: Decimal
    invoiced: Decimal
    closing: Decimal
    not_due: Decimal

    @property
    def turn(self) -> Decimal | None:
        """How many times a year receivables are collected."""
        doubled = self.opening + self.closing
        return quotient(2 * self.invoiced, doubled, 2) if doubled > 0 else None

    @property
    def effectiveness(self) -> Decimal | None:
        """What was collected in percent of what could have been."""
        collectible = self.opening + self.invoiced - self.not_due
        collected = self.opening + self.invoiced - self.closing
        return percent(collected, collectible) if collectible > 0 else None


def dilution(known: History, last_day: date) -> Dilution:
    """The dilution of the twelve months up to ``last_day``.

    A write-off is a credit memo that says so in its description. What was reversed by then does not count.
    """
    window = twelve_months(last_day)
    invoices = memos = write_offs = ZERO
    for document in known.subledger.documents:
        if not _stands(document, document.posting_date, window):
            continue
        if document.amount > 0:
            invoices += document.amount if document.kind == "invoice" else ZERO
        elif _is_write_off(document):
            write_offs -= document.amount
        else:
            memos -= document.amount
    discounts = sum(
        (each.discount for each in known.subledger.applications if _stands(each, each.date, window)), ZERO
    )
    return Dilution(window, invoices, memos, write_offs, discounts)


def collection_quality(known: History, last_day: date) -> CollectionQuality:
    """Turn and collection effectiveness of the twelve months up to ``last_day``."""
    window = twelve_months(last_day)
    opening, closing = known.positions([window.start - timedelta(days=1), last_day])
    documents = (each for each in known.subledger.documents if _stands(each, each.posting_date, window))
    return CollectionQuality(
        window=window,
        opening=opening.total,
        invoiced=sum((document.amount for document in documents), ZERO),
        closing=closing.total,
        not_due=age_position(closing, BY_DUE_DATE).totals[0],
    )


def _stands(record: Document | Application, day: date, window: Window) -> bool:
    """Whether it is posted in the window and was not taken back by its end."""
    if is_unposted(record.state) or is_reversal(record.state) or not window.start <= day <= window.end:
        return False
    if not is_reversed(record.state):
        return True
    return record.reversed_on is not None and record.reversed_on > window.end


def _is_write_off(document: Document) -> bool:
    words = document.description.casefold()
    return any(word in words for word in _WRITE_OFF_WORDS)
