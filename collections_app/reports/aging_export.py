"""The aging as ``statements.json`` has it."""

from typing import Any

from collections_app.reports.aging import Aging
from collections_app.reports.wording import clean, plain


def aging_json(aging: Aging) -> dict[str, Any]:
    """One aging for ``ar_aging`` or ``ap_aging``: amounts as decimal strings, dates ISO 8601.

    ``documents`` counts open documents and credits. ``average_age`` is null where nothing is owed.
    """
    oldest = aging.oldest
    return {
        "as_of": aging.as_of.isoformat(),
        "by": aging.method.by,
        "currency": aging.currency,
        "buckets": list(aging.method.buckets),
        "rows": [
            {
                "party": clean(row.party),
                "name": clean(row.name),
                "amounts": [plain(amount) for amount in row.amounts],
                "unapplied": plain(row.unapplied),
                "total": plain(row.total),
                "documents": row.documents,
            }
            for row in aging.rows
        ],
        "totals": [plain(amount) for amount in aging.totals],
        "unapplied": plain(aging.unapplied),
        "total": plain(aging.total),
        "documents": aging.documents,
        "missing_due_dates": aging.missing_due_dates,
        "average_age": None if aging.average_age is None else f"{aging.average_age:f}",
        "oldest_document": None if oldest is None else clean(oldest.item.number),
    }
