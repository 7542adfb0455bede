"""Who owes and who is owed, by how long it is overdue: the largest parties, and each month's end."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from collections_app.reports.aging import Aging, AgingRow
from collections_app.reports.build import Reports
from collections_app.reports.desk.tables import figure, figures
from collections_app.reports.figures import REPORT_TITLES, ZERO
from collections_app.reports.periods import day_caption
from collections_app.reports.subledger_reports import SubledgerReports

MOST_PARTIES, MOST_MONTHS = 25, 12
NOUNS = {"receivable": "customer", "payable": "vendor"}


def ageings_part(reports: Reports) -> list[dict[str, Any]]:
    """A table for each side that was asked for and collected."""
    sides = (("ar_aging", reports.asked_receivables), ("ap_aging", reports.asked_payables))
    return [_ageing(key, side) for key, side in sides if side is not None]


def _ageing(key: str, side: SubledgerReports) -> dict[str, Any]:
    aging = side.aging
    noun = NOUNS[aging.side]
    largest = aging.largest(MOST_PARTIES)
    others = [row for row in aging.rows if row not in largest]
    rows = [[f"{row.name} ({row.party})", _cells(row)] for row in largest]
    if others:
        rows.append([f"{len(others):,} other {noun}{'' if len(others) == 1 else 's'}", _sum(others)])
    return {
        "key": key,
        "title": REPORT_TITLES[key],
        "noun": noun.capitalize(),
        "as_of": day_caption(aging.as_of),
        "currency": aging.currency,
        "captions": [*aging.method.labels, "Unapplied", "Total"],
        "documents": f"{aging.documents:,}",
        "rows": rows,
        "totals": figures((*aging.totals, aging.unapplied, aging.total)),
        "trend": [[day_caption(each.as_of), _totals(each)] for each in side.by_due_date[-MOST_MONTHS:]],
        "past_due": figure(sum(aging.totals[1:], ZERO)),
    }


def _cells(row: AgingRow) -> list[str]:
    return figures((*row.amounts, row.unapplied, row.total))


def _totals(aging: Aging) -> list[str]:
    return figures((*aging.totals, aging.unapplied, aging.total))


def _sum(rows: Sequence[AgingRow]) -> list[str]:
    columns = zip(*((*row.amounts, row.unapplied, row.total) for row in rows), strict=True)
    return figures(sum(column, Decimal(0)) for column in columns)
