"""From stored rows to the figures that reports are made of."""

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Max

from collections_app.models import Account, Collection, Connection, Run, ScopeOption, WorkUnit
from collections_app.reports.build import Reports, build
from collections_app.reports.figures import (
    Account as AccountFigure,
)
from collections_app.reports.figures import (
    Books,
    Heading,
    MonthlyTrialBalance,
    Scope,
    TrialBalanceRow,
)
from collections_app.systems import SAGE_INTACCT


def reports_of(collection: Collection) -> Reports:
    """The statements of a collection, computed from its stored rows.

    Raises BooksRefused when they do not fit.
    """
    return build(books_of(collection))


def books_of(collection: Collection) -> Books:
    """Everything the reports of a collection are made from."""
    return Books(
        heading=heading_of(collection),
        accounts=tuple(_account(account) for account in collection.accounts.all()),
        months=tuple(_months(collection)),
        wanted=frozenset(collection.reports),
    )


def heading_of(collection: Collection) -> Heading:
    """What every report states about itself."""
    connection = Connection.objects.get(collection=collection)
    option = collection.scope_options.get(kind=collection.scope_kind, identifier=collection.scope_id)
    return Heading(
        reference=collection.reference,
        lender=collection.lender.name,
        borrower=collection.borrower_name,
        company_id=connection.company_id,
        company_name=connection.company_name,
        scope=Scope(kind=collection.scope_kind, id=collection.scope_id, name=collection.scope_name),  # type: ignore[arg-type]
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


def _account(account: Account) -> AccountFigure:
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
    )


def _months(collection: Collection) -> list[MonthlyTrialBalance]:
    lines = collection.trial_balance_lines.order_by("start", "account")
    return [
        MonthlyTrialBalance(
            start=start,
            end=end,
            rows=tuple(
                TrialBalanceRow(
                    account=line.account,
                    opening=line.opening,
                    debits=line.debits,
                    credits=line.credits,
                    adjusting_debits=line.adjusting_debits,
                    adjusting_credits=line.adjusting_credits,
                    closing=line.closing,
                )
                for line in month
            ),
        )
        for (start, end), month in groupby(lines, key=lambda line: (line.start, line.end))
    ]
