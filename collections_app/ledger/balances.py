"""Trial balances of a scope, and of the entities behind a consolidation book."""

from collections.abc import Iterable, Iterator
from datetime import date

import intacct
from collections_app.ledger.facts import Selection
from collections_app.models import Collection
from collections_app.reports.figures import TrialBalanceRow


def trial_balance(
    company: intacct.Company, start: date, end: date, selection: Selection
) -> Iterator[TrialBalanceRow]:
    """See Ledger.trial_balance."""
    rows = company.trial_balance(
        start,
        end,
        book=selection.scope_id if selection.scope_kind == Collection.ScopeKind.BOOK else selection.book,
        adjustment_books=selection.adjustment_books,
        location=selection.scope_id if selection.scope_kind == Collection.ScopeKind.ENTITY else "",
    )
    for row in rows:
        yield TrialBalanceRow(
            account=row.account_number,
            opening=row.opening,
            debits=row.debits,
            credits=row.credits,
            adjusting_debits=row.adjusting_debits,
            adjusting_credits=row.adjusting_credits,
            closing=row.closing,
        )


def entity_balances(
    company: intacct.Company, start: date, end: date, selection: Selection
) -> Iterator[tuple[str, ...]]:
    """The trial balances of the entities behind a consolidation book, as rows of ENTITY_BALANCES.

    What the elimination entity holds is in the book alone; of the others the book's view is read too
    where its currency is another than the entity's.
    """
    book = next(book for book in company.consolidation_books() if book.id == selection.scope_id)
    eliminating = company.elimination_entities()
    members = {*company.consolidated_entities(book.id), *eliminating}
    setup = company.financial_setup()
    for entity in company.entities():
        if entity.id not in members:
            continue
        currency = entity.currency or setup.base_currency
        eliminates = entity.id in eliminating
        if not eliminates:
            rows = company.trial_balance(start, end, book=book.source_book, location=entity.id)
            yield from _entity_rows(entity.id, currency, rows)
        if eliminates or currency != book.currency:
            rows = company.trial_balance(start, end, book=book.id, location=entity.id)
            yield from _entity_rows(entity.id, book.currency, rows, in_book=True, elimination=eliminates)


def _entity_rows(
    entity: str,
    currency: str,
    rows: Iterable[intacct.TrialBalanceRow],
    *,
    in_book: bool = False,
    elimination: bool = False,
) -> Iterator[tuple[str, ...]]:
    """Rows of ENTITY_BALANCES; accounts without balance or activity are left out."""
    marks = (str(in_book).lower(), str(elimination).lower())
    for row in rows:
        amounts = (
            row.opening,
            row.debits,
            row.credits,
            row.adjusting_debits,
            row.adjusting_credits,
            row.closing,
        )
        if any(amounts):
            yield (entity, currency, *marks, row.account_number, *(f"{amount:f}" for amount in amounts))
