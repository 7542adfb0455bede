"""Two collections of one borrower beside each other: what was restated, and by which entries."""

from __future__ import annotations

from typing import Any

from collections_app import books
from collections_app.admin.access import Desk
from collections_app.admin.moments import moment, period
from collections_app.models import Collection, Connection, TrialBalance
from collections_app.reports.desk.restatement import Change, changed_lines, changes, net
from collections_app.reports.desk.tables import figure
from collections_app.reports.figures import MonthlyTrialBalance
from collections_app.reports.journal import JournalLine
from collections_app.reports.periods import Window, day_caption

MOST_ROWS, MOST_LINES = 500, 200


def others_of(collection: Collection, desk: Desk) -> list[Collection]:
    """The other shared collections of the same company and scope that this person may see, newest first."""
    own = Connection.objects.filter(collection=collection).exclude(company_key="").first()
    if own is None:
        return []
    same = desk.collections.filter(
        lender_id=collection.lender_id,
        status=Collection.Status.SUBMITTED,
        connection__company_key=own.company_key,
        scope_kind=collection.scope_kind,
        data_key__wrapped__isnull=False,
    )
    found = same.exclude(pk=collection.pk).order_by("-submitted_at", "-pk")
    return [
        each for each in found[:50] if each.scope_id == collection.scope_id and desk.may_read_figures(each)
    ]


def compare_context(
    collection: Collection, others: list[Collection], chosen: str, account: str, month: str
) -> dict[str, Any]:
    """The choice of the other one, and once it is chosen what changed; the earlier one stands first."""
    context: dict[str, Any] = {
        "others": [(str(each.pk), f"{each.reference}, {_period(each)}") for each in others],
        "chosen": chosen,
    }
    other = next((each for each in others if str(each.pk) == chosen), None)
    if other is None:
        return context
    earlier, later = sorted(
        (collection, other), key=lambda each: (each.submitted_at is None, each.submitted_at)
    )
    found = changes(_months(earlier), _months(later))
    titles = {each.number: each.title for each in later.accounts.all()}
    closed = Connection.objects.get(collection=earlier).closed_through
    context |= {
        "earlier": _named(earlier),
        "later": _named(later),
        "rows": [_row(change, titles, closed) for change in found[:MOST_ROWS]],
        "more": max(0, len(found) - MOST_ROWS),
    }
    shown = next((each for each in found if each.account == account and _label(each) == month), None)
    if shown:
        context["lines"] = _lines(earlier, later, shown)
        context["shown"] = _row(shown, titles, closed)
    return context


def _months(collection: Collection) -> list[MonthlyTrialBalance]:
    months = TrialBalance.objects.filter(collection=collection).order_by("start")
    return [MonthlyTrialBalance(start=each.start, end=each.end, rows=each.rows) for each in months]


def _label(change: Change) -> str:
    return Window(change.start, change.end).label


def _row(change: Change, titles: dict[str, str], closed: str) -> dict[str, Any]:
    return {
        "month": _label(change),
        "caption": Window(change.start, change.end).caption,
        "was_closed": bool(closed) and change.end.isoformat() <= closed,
        "account": change.account,
        "title": titles.get(change.account, ""),
        "before": figure(change.before),
        "after": figure(change.after),
        "difference": figure(change.difference),
        "carried": figure(change.carried),
    }


def _lines(earlier: Collection, later: Collection, change: Change) -> dict[str, Any] | None:
    """The lines that only one of them has; None where one of them has no ledger."""
    journals = [
        books.journal_of(each) if "general_ledger" in each.reports else None for each in (earlier, later)
    ]
    if None in journals:
        return None
    days = change.start, change.end
    old, new = ([*each.lines_with(*days, "ACCOUNTNO", change.account)] for each in journals if each)
    found = changed_lines(old, new)
    return {
        "rows": [_line(each.line, each.is_new) for each in found[:MOST_LINES]],
        "more": max(0, len(found) - MOST_LINES),
        "net": figure(net(found)),
        "explains": net(found) == change.difference,
    }


def _line(line: JournalLine, is_new: bool) -> dict[str, str]:
    return {
        "what": "Only in the later one" if is_new else "Only in the earlier one",
        "day": day_caption(line.entry_date),
        "entry": f"{line.journal} {line.batch}",
        "description": line.description or line.batch_title,
        "debit": figure(line.debit),
        "credit": figure(line.credit),
    }


def _named(collection: Collection) -> dict[str, str]:
    at = moment(collection.submitted_at, collection.lender) if collection.submitted_at else ""
    return {"reference": collection.reference, "period": _period(collection), "at": at}


def _period(collection: Collection) -> str:
    return period(collection.date_from, collection.date_to)
