"""Agings and documents of one side as tables: every party at every month end, every document."""

from collections.abc import Iterable, Iterator

from collections_app.reports.aging import BY_DUE_DATE, BY_INVOICE_DATE, Aging, AgingMethod
from collections_app.reports.csv_tables import Rows, Table
from collections_app.reports.subledger_reports import SubledgerReports

_DOCUMENT_HEADER = (
    "key",
    "kind",
    "party",
    "name",
    "number",
    "document_date",
    "posting_date",
    "due_date",
    "currency",
    "transaction_amount",
    "amount",
    "open_at_period_end",
    "state",
    "reversed_on",
    "entity",
    "description",
)


def subledger_tables(key: str, side: SubledgerReports) -> Iterator[Table]:
    """The tables of a side, named after ``key`` ("ar_aging" or "ap_aging"), and its documents.

    The agings are in base currency at every month end, oldest first; those by currency are in the currency
    of the documents, by due date, at the end of the period.
    """
    yield _aging_table(key, BY_DUE_DATE, side.by_due_date)
    yield _aging_table(f"{key}_by_invoice_date", BY_INVOICE_DATE, side.by_invoice_date)
    yield _aging_table(f"{key}_by_currency", BY_DUE_DATE, side.by_currency)
    documents = "receivable_documents" if side.side == "receivable" else "payable_documents"
    yield Table(documents, _DOCUMENT_HEADER, _document_rows(side))


def _aging_table(name: str, method: AgingMethod, agings: Iterable[Aging]) -> Table:
    parties = ("as_of", "currency", "party", "name")
    header = (*parties, *method.buckets, "unapplied", "total", "documents", "oldest")
    return Table(name, header, (row for aging in agings for row in _aging_rows(aging)))


def _aging_rows(aging: Aging) -> Rows:
    for row in aging.rows:
        party = (aging.as_of, aging.currency, row.party, row.name)
        yield (*party, *row.amounts, row.unapplied, row.total, row.documents, row.oldest)


def _document_rows(side: SubledgerReports) -> Rows:
    still_open = {each.item.key: each.open for each in side.position.items}
    parties = side.subledger.parties
    for document in side.subledger.documents:
        known = parties.get(document.party)
        yield (
            document.key,
            document.kind,
            document.party,
            known.name if known else document.party,
            document.number,
            document.document_date,
            document.posting_date,
            document.due_date,
            document.currency,
            document.transaction_amount,
            document.amount,
            still_open.get(document.key),
            document.state,
            document.reversed_on,
            document.entity,
            document.description,
        )
