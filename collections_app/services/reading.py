"""What a unit reads from the ledger, and how its rows are stored: whole, once, whatever was there before."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, astuple
from functools import partial

from django.utils import timezone

from collections_app import datasets
from collections_app.leases import Hold
from collections_app.ledger import AccountFact, CompanyFacts, Ledger, ScopeFact, Selection
from collections_app.models import Account, Collection, Connection, ScopeOption, TrialBalance, WorkUnit
from collections_app.reports.figures import TrialBalanceRow
from collections_app.services import choosing

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
    "control",
)


def selection_of(collection: Collection) -> Selection:
    """The part of the ledger that the chosen scope, the basis and the adjustment books name."""
    return Selection(
        scope_kind=collection.scope_kind,
        scope_id=collection.scope_id,
        book=BOOKS.get(Collection.Basis(collection.basis), ""),
        adjustment_books=tuple(collection.adjustment_books),
    )


def company_read(ledger: Ledger, hold: Hold) -> Store:
    """The company's facts and the scopes to choose from."""
    facts = ledger.facts(datasets.wanted(hold.run.collection.reports))
    _count(hold.unit, facts.scopes)
    return partial(_store_company, hold.run.collection, facts)


def chart_read(ledger: Ledger, hold: Hold) -> Store:
    """The chart of accounts."""
    accounts = {account.number: account for account in ledger.chart()}
    _count(hold.unit, accounts.values())
    return partial(_store_chart, hold.run.collection, accounts)


def period_balance_read(ledger: Ledger, hold: Hold) -> Store:
    """The trial balance of the whole period, which says which accounts are in use."""
    rows = _trial_balance(ledger, hold)
    return partial(_store_period_balance, hold.run.collection, rows)


def trial_balance_read(ledger: Ledger, hold: Hold) -> Store:
    """The trial balance of one window."""
    rows = _trial_balance(ledger, hold)
    return partial(_store_trial_balance, hold.run.collection, hold.unit, rows)


def _trial_balance(ledger: Ledger, hold: Hold) -> list[TrialBalanceRow]:
    rows = []
    for row in ledger.trial_balance(*hold.unit.window, selection_of(hold.run.collection)):
        rows.append(row)
        hold.count()
    _count(hold.unit, rows)
    return rows


def _count(unit: WorkUnit, rows: Iterable[object]) -> None:
    """Notes how many rows were read and a checksum over them."""
    digest = hashlib.sha256()
    unit.row_count = 0
    for row in rows:
        unit.row_count += 1
        digest.update(repr(astuple(row)).encode())  # type: ignore[call-overload]
    unit.checksum = digest.hexdigest()


def _store_company(collection: Collection, facts: CompanyFacts) -> None:
    connection = Connection.objects.get(collection=collection)
    connection.verified_at = timezone.now()
    connection.company_name = facts.name
    connection.base_currency = facts.base_currency
    connection.default_book = facts.default_book
    connection.first_fiscal_month = facts.first_fiscal_month
    connection.gateway_host = facts.gateway_host
    connection.applications = list(facts.applications)
    connection.closed_through = facts.closed_through
    connection.findings = asdict(facts.findings)
    connection.save(update_fields=["verified_at", "sealed"])
    _store_scopes(collection, facts.scopes)


def _store_scopes(collection: Collection, scopes: Sequence[ScopeFact]) -> None:
    """Renews the scopes on offer; a choice that is still among them stays."""
    earlier = {(option.kind, option.identifier): option for option in collection.scope_options.all()}
    for position, scope in enumerate(scopes, start=1):
        option = earlier.pop((scope.kind, scope.id), None)
        option = option or ScopeOption.holding(collection=collection, kind=scope.kind, identifier=scope.id)
        option.position = position
        option.name, option.currency, option.basis = scope.name, scope.currency, scope.basis
        option.first_fiscal_month = scope.first_fiscal_month
        option.save()
    gone = {option.pk for option in earlier.values()}
    if collection.chosen_scope_id in gone:
        choosing.scope_forget(collection=collection)
    collection.scope_options.filter(pk__in=gone).delete()


def _store_chart(collection: Collection, facts: dict[str, AccountFact]) -> None:
    """Renews the chart. The borrower's own answers and the balances of accounts that are still there stay."""
    earlier = {account.number: account for account in collection.accounts.all()}
    new = []
    for fact in facts.values():
        account = earlier.pop(fact.number, None) or Account.holding(collection=collection, number=fact.number)
        for field in CHART_FIELDS:
            setattr(account, field, getattr(fact, field))
        new.append(account)
    collection.accounts.filter(pk__in=[account.pk for account in earlier.values()]).delete()
    Account.objects.bulk_update([account for account in new if account.pk], ["sealed"], batch_size=200)
    Account.objects.bulk_create([account for account in new if not account.pk], batch_size=200)


def _store_period_balance(collection: Collection, rows: list[TrialBalanceRow]) -> None:
    balances = {row.account: row for row in rows}
    nothing = TrialBalanceRow("")
    accounts = list(collection.accounts.all())
    for account in accounts:
        row = balances.get(account.number, nothing)
        account.opening, account.closing = row.opening, row.closing
        account.debits = row.debits + row.adjusting_debits
        account.credits = row.credits + row.adjusting_credits
    Account.objects.bulk_update(accounts, ["sealed"], batch_size=200)


def _store_trial_balance(collection: Collection, unit: WorkUnit, rows: list[TrialBalanceRow]) -> None:
    start, end = unit.window
    collection.trial_balances.filter(start=start).delete()
    month = TrialBalance(
        collection=collection, start=start, end=end, row_count=len(rows), checksum=unit.checksum
    )
    month.rows = tuple(sorted(rows, key=lambda row: row.account))
    month.save()
