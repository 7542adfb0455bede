"""Tables of documents, payments and ledger lines: how large they are, and their rows."""

from collections.abc import Iterator
from itertools import chain
from typing import Literal

import intacct
from collections_app.datasets import Dataset, kind_of
from collections_app.ledger.facts import Extent, Selection, Slice
from collections_app.ledger.limits import limits, limits_of_time
from collections_app.ledger.writing import Written
from collections_app.models import Collection

EXTENT: tuple[tuple[Literal["count", "min", "max"], str], ...] = (
    ("count", "RECORDNO"),
    ("min", "RECORDNO"),
    ("max", "RECORDNO"),
)


def extent(top: intacct.Company, dataset: Dataset, part: Slice, selection: Selection) -> Extent | None:
    """See Ledger.extent."""
    company = _company_of(top, selection)
    where = limits_of_time(dataset, part)
    try:
        found = company.totals(dataset.object_name, EXTENT, where=where)
    except (intacct.NotSubscribed, intacct.ObjectUnknown):
        return None
    except intacct.PermissionDenied:
        if dataset.optional:
            return None
        raise
    if not found:
        return Extent(0)
    count = found[0].whole_number("COUNT.RECORDNO") or 0
    first, last = (found[0].whole_number(f"{end}.RECORDNO") or 0 for end in ("MIN", "MAX"))
    return Extent(count, first, last)


def rows(
    top: intacct.Company, dataset: Dataset, part: Slice, selection: Selection
) -> Iterator[tuple[str, ...]]:
    """See Ledger.rows."""
    company = _company_of(top, selection)
    writers = [
        (place, Written(field)) for place, field in enumerate(dataset.fields) if kind_of(field) != "text"
    ]
    rows = (
        _detail(top, company, dataset, part, selection)
        if dataset.reading == "months"
        else company.query(dataset.object_name, dataset.fields, where=limits(dataset, part))
    )
    for row in rows:
        texts = row.texts
        for place, written in writers:
            texts[place] = written(row, texts[place])
        yield tuple(texts)


def _company_of(top: intacct.Company, selection: Selection) -> intacct.Company:
    """Documents and detail of an entity are read from inside it: the top level holds everybody's."""
    if selection.scope_kind == Collection.ScopeKind.ENTITY:
        return top.enter(selection.scope_id)
    return top


def _detail(
    top: intacct.Company, company: intacct.Company, dataset: Dataset, part: Slice, selection: Selection
) -> Iterator[intacct.Row]:
    books = _detail_books(top, selection)
    return chain.from_iterable(
        company.general_ledger_detail(part.first, part.last, book=book, fields=dataset.fields)
        for book in books
    )


def _detail_books(top: intacct.Company, selection: Selection) -> tuple[str, ...]:
    """The books of the lines. Adjustment books carry the accounting method behind their own name."""
    if selection.scope_kind == Collection.ScopeKind.BOOK:
        return (selection.scope_id,)
    main = selection.book or top.financial_setup().default_book
    return (main, *(f"{book}{main}" for book in selection.adjustment_books))


def permission_for(dataset: Dataset) -> tuple[str, str, str]:
    """What a user needs to read a table: application, entry of its permission window, right."""
    application, entry, right = intacct.menu_words(dataset.object_name).split(", ")
    return application, entry, right
