"""From stored rows to the figures that reports are made of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from collections_app.models import (
    Account,
    Attestation,
    Collection,
    Connection,
    Run,
    ScopeOption,
    WorkUnit,
)
from collections_app.reports import lender_terms
from collections_app.reports.books import Books
from collections_app.reports.build import Reports, build
from collections_app.reports.figures import (
    Account as AccountFigure,
)
from collections_app.reports.figures import (
    Heading,
    MonthlyTrialBalance,
    Scope,
)
from collections_app.reports.remarks import NO_REMARKS, Remarks
from collections_app.reports.remarks import Attestation as AttestationFigure
from collections_app.reports.transfers import Transfer
from collections_app.stored_tables import (
    StoredJournal,
    stored_entities,
    stored_entity_books,
    stored_journal,
    stored_subledger,
)
from collections_app.systems import SAGE_INTACCT


def statements_of(collection: Collection) -> Reports:
    """The statements of a collection from its stored balances alone: quick enough for a page.

    Raises BooksRefused when they do not fit.
    """
    return build(_balances(collection))


def reports_of(collection: Collection, terms: str | None = None) -> Reports:
    """All reports of a collection, the general ledger and the subledgers among them.

    `terms` is a document of terms; for None it is the one that the lender has now. Raises BooksRefused when
    the books do not fit, and TermsRefused when the terms do not.
    """
    books = books_of(collection)
    return build(books if terms is None else replace(books, terms=lender_terms.from_json(terms)))


def books_of(collection: Collection) -> Books:
    """Everything the reports of a collection are made from."""
    books = _balances(collection)
    return replace(
        books,
        journal=stored_journal(collection, _main_book(books.heading)),
        receivables=stored_subledger(collection, "receivable"),
        payables=stored_subledger(collection, "payable"),
        entities=stored_entity_books(collection),
        transfers=tuple(_transfers(collection)),
        entity_of_location=stored_entities(collection),
    )


def journal_of(collection: Collection) -> StoredJournal | None:
    """The general ledger of a collection, None where it was not collected."""
    return stored_journal(collection, _main_book(heading_of(collection)))


def _balances(collection: Collection) -> Books:
    return Books(
        heading=heading_of(collection),
        accounts=tuple(account_figure(account) for account in collection.accounts.all().in_order()),
        months=tuple(_months(collection)),
        wanted=frozenset(collection.reports),
        mapping=collection.mapping.layout if collection.mapping else None,
        terms=collection.lender.applied_terms,
        remarks=remarks_of(collection),
    )


def remarks_of(collection: Collection) -> Remarks:
    """What the borrower said about the reports; nothing before they were shared that way."""
    attested = Attestation.objects.filter(collection=collection).first()
    if attested is None:
        return NO_REMARKS
    return Remarks(
        explanations={given.check_id: given.words for given in collection.explanations.all()},
        attestation=AttestationFigure(
            name=attested.name,
            title=attested.title,
            at=attested.at,
            text_version=attested.text_version,
            recorded_by=attested.recorded_by,
        ),
    )


def _transfers(collection: Collection) -> Iterator[Transfer]:
    """What arrived of each table. The client raises unless it is as much as the gateway counted."""
    for table in collection.tables.all():
        yield Transfer(
            table=table.name.replace("_", " ").capitalize(),
            received=table.row_count,
            announced=table.row_count,
            start=table.start,
            part=table.part,
            checksum=table.sha256,
        )


def _main_book(heading: Heading) -> str:
    """The book id on the lines of the main book: a consolidation book's own, else the accounting method."""
    return heading.scope.id if heading.scope.kind == "book" else heading.basis.upper()


def heading_of(collection: Collection) -> Heading:
    """What every report states about itself."""
    connection = Connection.objects.get(collection=collection)
    option = collection.scope_options.get(pk=collection.chosen_scope_id or 0)
    return Heading(
        reference=collection.reference,
        lender=collection.lender.name,
        borrower=collection.borrower_name,
        company_id=connection.company_id,
        company_name=connection.company_name,
        scope=Scope(kind=collection.scope_kind, id=option.identifier, name=option.name),  # type: ignore[arg-type]
        basis=basis_of(collection, connection, option),
        currency=option.currency,
        date_from=collection.date_from,
        date_to=collection.date_to,
        first_fiscal_month=option.first_fiscal_month,
        collected_at=collected_at(collection),
        source=f"{SAGE_INTACCT.name}, {connection.gateway_host}",
    )


def basis_of(collection: Collection, connection: Connection, option: ScopeOption) -> str:
    """Accrual or cash: the book's own, else what was asked for, else the company's default book."""
    return option.basis or collection.basis or ("cash" if connection.default_book == "CASH" else "accrual")


def collected_at(collection: Collection) -> datetime:
    """When the last figure was read, in the lender's zone."""
    read = WorkUnit.objects.filter(
        run__collection=collection, run__kind=Run.Kind.COLLECT, kind=WorkUnit.Kind.TRIAL_BALANCE
    )
    last: datetime = read.aggregate(last=Max("done_at"))["last"]
    return last.astimezone(ZoneInfo(collection.lender.time_zone))


def account_figure(account: Account) -> AccountFigure:
    """The account for the arithmetic, with the borrower's category where it has one."""
    answered = bool(account.assigned_category)
    source = "borrower" if answered else "intacct" if account.category else "none"
    return AccountFigure(
        number=account.number,
        title=account.title,
        account_type=account.account_type,  # type: ignore[arg-type]
        normal_balance=account.normal_balance,  # type: ignore[arg-type]
        closing_type=account.closing_type,
        closes_to=account.closes_to,
        category=account.assigned_category or account.category,
        category_source=source,  # type: ignore[arg-type]
        control=account.control,  # type: ignore[arg-type]
        active=account.active,
    )


def _months(collection: Collection) -> list[MonthlyTrialBalance]:
    return [
        MonthlyTrialBalance(start=month.start, end=month.end, rows=month.rows)
        for month in collection.trial_balances.all()
    ]
