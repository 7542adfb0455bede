"""What a unit reads from the ledger, and how its rows are stored: whole, once, whatever was there before."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import astuple
from functools import partial

from django.utils import timezone

from collections_app.ledger import AccountFact, CompanyFacts, Ledger, Selection
from collections_app.models import Account, Collection, Connection, ScopeOption, TrialBalanceLine, WorkUnit
from collections_app.reports.figures import TrialBalanceRow

Store = Callable[[], None]

BOOKS = {Collection.Basis.ACCRUAL: "ACCRUAL", Collection.Basis.CASH: "CASH"}
CHART_FIELDS = (
    "title",
    "account_type",
    "normal_balance",
    "closing_type",
    "closes_to",
    "active",
    "category",
)


def selection_of(collection: Collection) -> Selection:
    """The part of the ledger that the chosen scope, the basis and the adjustment books name."""
    return Selection(
        scope_kind=collection.scope_kind,
        scope_id=collection.scope_id,
        book=BOOKS.get(Collection.Basis(collection.basis), ""),
        adjustment_books=tuple(collection.adjustment_books),
    )


def company_read(ledger: Ledger, collection: Collection, unit: WorkUnit) -> Store:
    """The company's facts and the scopes to choose from."""
    facts = ledger.facts()
    _count(unit, facts.scopes)
    return partial(_store_company, collection, facts)


def chart_read(ledger: Ledger, collection: Collection, unit: WorkUnit) -> Store:
    """The chart of accounts."""
    accounts = {account.number: account for account in ledger.chart()}
    _count(unit, accounts.values())
    return partial(_store_chart, collection, accounts)


def period_balance_read(ledger: Ledger, collection: Collection, unit: WorkUnit) -> Store:
    """The trial balance of the whole period, which says which accounts are in use."""
    rows = list(ledger.trial_balance(*unit.window, selection_of(collection)))
    _count(unit, rows)
    return partial(_store_period_balance, collection, rows)


def trial_balance_read(ledger: Ledger, collection: Collection, unit: WorkUnit) -> Store:
    """The trial balance of one window."""
    rows = list(ledger.trial_balance(*unit.window, selection_of(collection)))
    _count(unit, rows)
    return partial(_store_trial_balance, collection, unit, rows)


def _count(unit: WorkUnit, rows: Iterable[object]) -> None:
    """Notes how many rows were read and a checksum over them."""
    digest = hashlib.sha256()
    unit.row_count = 0
    for row in rows:
        unit.row_count += 1
        digest.update(repr(astuple(row)).encode())  # type: ignore[call-overload]
    unit.checksum = digest.hexdigest()


def _store_company(collection: Collection, facts: CompanyFacts) -> None:
    Connection.objects.filter(collection=collection).update(
        verified_at=timezone.now(),
        company_name=facts.name,
        base_currency=facts.base_currency,
        default_book=facts.default_book,
        first_fiscal_month=facts.first_fiscal_month,
        gateway_host=facts.gateway_host,
    )
    collection.scope_options.all().delete()
    ScopeOption.objects.bulk_create(
        ScopeOption(
            collection=collection,
            position=position,
            kind=scope.kind,
            identifier=scope.id,
            name=scope.name,
            currency=scope.currency,
            first_fiscal_month=scope.first_fiscal_month,
            basis=scope.basis,
        )
        for position, scope in enumerate(facts.scopes, start=1)
    )
    still_there = {(scope.kind, scope.id) for scope in facts.scopes}
    if collection.scope_kind and (collection.scope_kind, collection.scope_id) not in still_there:
        Collection.objects.filter(pk=collection.pk).update(scope_kind="", scope_id="", scope_name="")


def _store_chart(collection: Collection, accounts: dict[str, AccountFact]) -> None:
    collection.accounts.exclude(number__in=accounts).delete()
    rows = [
        Account(
            collection=collection,
            number=account.number,
            **{field: getattr(account, field) for field in CHART_FIELDS},
        )
        for account in accounts.values()
    ]
    # The borrower's own answers stay: assigned_category is not among the fields renewed.
    Account.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["collection", "number"], update_fields=CHART_FIELDS
    )


def _store_period_balance(collection: Collection, rows: list[TrialBalanceRow]) -> None:
    balances = {row.account: row for row in rows}
    nothing = TrialBalanceRow("")
    accounts = list(collection.accounts.all())
    for account in accounts:
        row = balances.get(account.number, nothing)
        account.opening, account.closing = row.opening, row.closing
        account.debits = row.debits + row.adjusting_debits
        account.credits = row.credits + row.adjusting_credits
    Account.objects.bulk_update(accounts, ["opening", "debits", "credits", "closing"], batch_size=200)


def _store_trial_balance(collection: Collection, unit: WorkUnit, rows: list[TrialBalanceRow]) -> None:
    start, end = unit.window
    collection.trial_balance_lines.filter(start=start).delete()
    TrialBalanceLine.objects.bulk_create(
        [
            TrialBalanceLine(
                collection=collection,
                start=start,
                end=end,
                account=row.account,
                opening=row.opening,
                debits=row.debits,
                credits=row.credits,
                adjusting_debits=row.adjusting_debits,
                adjusting_credits=row.adjusting_credits,
                closing=row.closing,
            )
            for row in rows
        ],
        batch_size=500,
    )
