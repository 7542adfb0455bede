"""From a line of a statement to its accounts, and from an account to the journal lines of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from collections_app import books
from collections_app.desk_views import desk_view
from collections_app.models import Collection
from collections_app.reports.desk.page import MOVEMENTS, PAGE, statement_key
from collections_app.reports.desk.tables import figure
from collections_app.reports.figures import ZERO
from collections_app.reports.journal import JournalLine
from collections_app.reports.periods import Window, day_caption

LINES_PER_PAGE = 100
LONGEST_ENTRY = 40


@dataclass(frozen=True)
class Line:
    """A journal line in texts."""

    day: str
    entry: str
    journal: str
    title: str
    account: str
    memo: str
    party: str
    document: str
    debit: str
    credit: str
    is_adjusting: bool


@dataclass(frozen=True)
class Lines:
    """The lines of one account, or of one entry, in one month; `agrees` is None where nothing says what to
    expect.
    """

    caption: str
    page: Page[JournalLine]
    rows: tuple[Line, ...]
    debits: str
    credits: str
    agrees: bool | None


def statement_context(collection: Collection, name: str) -> dict[str, Any] | None:
    """The statement with every account under its line; None for a name that the reports do not have."""
    table = desk_view(collection, statement_key(name))
    page = desk_view(collection, PAGE)
    return {"statement": table, "heading": page["heading"]} if table and page else None


def account_context(
    collection: Collection, number: str, month: str, entry: str, page: str
) -> dict[str, Any] | None:
    """An account by month, with the lines of one month; None for an account without any movement."""
    found = (desk_view(collection, MOVEMENTS) or {}).get(number)
    head = desk_view(collection, PAGE)
    if found is None or head is None:
        return None
    windows = _windows(collection)
    shown = [(label, caption, cells) for label, caption, cells in found["months"]]
    chosen = next((each for each in shown if each[0] == month), shown[-1])
    lines = _lines(collection, windows.get(chosen[0]), chosen, number, entry[:LONGEST_ENTRY], page)
    return {
        "heading": head["heading"],
        "number": number,
        "account_title": found["title"],
        "months": shown,
        "shown": chosen[0],
        "entry": entry[:LONGEST_ENTRY],
        "lines": lines,
    }


def _windows(collection: Collection) -> dict[str, tuple[date, date]]:
    """The days of each month by its label."""
    days = collection.trial_balances.values_list("start", "end")
    return {Window(start, end).label: (start, end) for start, end in days}


def _lines(
    collection: Collection,
    days: tuple[date, date] | None,
    chosen: tuple[str, str, list[str]],
    account: str,
    entry: str,
    page: str,
) -> Lines | None:
    """None where the ledger was not asked for. The month's part of the ledger is read, and nothing else."""
    journal = books.journal_of(collection) if "general_ledger" in collection.reports else None
    if journal is None or days is None:
        return None
    column, value = ("BATCHKEY", entry) if entry else ("ACCOUNTNO", account)
    found = list(journal.lines_with(*days, column, value))
    debits = sum((line.debit for line in found), ZERO)
    credits = sum((line.credit for line in found), ZERO)
    shown = Paginator(found, LINES_PER_PAGE).get_page(page)
    lines = tuple(_line(line) for line in shown.object_list)
    label, caption, cells = chosen
    sums = (figure(debits), figure(credits))
    agrees = sums[0] == sums[1] if entry else sums == (cells[1], cells[2])
    return Lines(caption, shown, lines, *sums, agrees)


def _line(line: JournalLine) -> Line:
    return Line(
        day=day_caption(line.entry_date),
        entry=line.batch,
        journal=line.journal,
        title=line.batch_title,
        account=line.account,
        memo=line.description,
        party=line.customer or line.vendor,
        document=line.document,
        debit=figure(line.debit),
        credit=figure(line.credit),
        is_adjusting=line.adjusting,
    )
