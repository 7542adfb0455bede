"""A company that never chose a category: accounts as bookkeepers name them, in several branches."""

import itertools
from decimal import Decimal

from django.utils import timezone

from collections_app.models import Account, Collection, Run, ScopeOption
from collections_app.services import intake
from tests import factories
from tests.collecting import BORROWER

BRANCHES = ("", " North", " South", " East", " Online")
# Type, usual side, titles.
TITLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "balancesheet",
        "debit",
        ("Operating bank", "Petty cash", "Trade receivables", "Prepaid insurance", "Inventory", "Machinery")
        + ("Vehicles", "Furniture", "Deposits", "Suspense"),
    ),
    (
        "balancesheet",
        "credit",
        ("Trade payables", "Accrued wages", "Sales tax payable", "Bank loan", "Shareholder loan")
        + ("Common stock", "Retained earnings", "Accum. depr. vehicles"),
    ),
    (
        "incomestatement",
        "debit",
        ("Office rent", "Warehouse rent", "Utilities", "Wages", "Payroll taxes", "Health insurance")
        + ("Advertising", "Travel", "Meals", "Office supplies", "Telephone", "Legal fees", "Bank charges")
        + ("Depreciation", "Repairs and maintenance", "Fuel", "Property taxes", "Software subscriptions")
        + ("Bad debts", "Interest on loan", "Cost of bicycles", "Freight out", "Clearing", "Xyzzy"),
    ),
    ("incomestatement", "credit", ("Sales of bicycles", "Sales of parts", "Service revenue", "Discounts")),
)


def make_accounts(collection: Collection, count: int) -> None:
    """So many accounts without a category, each in use, no two with the same amount."""
    named = (
        (kind, side, title + branch)
        for branch in BRANCHES
        for kind, side, titles in TITLES
        for title in titles
    )
    projects = (("incomestatement", "debit", f"Project {number}") for number in itertools.count(10))
    accounts = []
    for position, (kind, side, title) in enumerate(itertools.islice(itertools.chain(named, projects), count)):
        amount = Decimal(1_000_000 + 7919 * position % 900_000) / 100
        account = Account.holding(collection=collection, number=str(1000 + 10 * position), title=title)
        account.account_type, account.normal_balance = kind, side
        account.debits = account.closing = amount
        accounts.append(account)
    Account.objects.bulk_create(accounts)


def make_unanswered(collection: Collection, count: int) -> None:
    """Everything before the categories is answered; that many accounts wait for one."""
    intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=collection, by=BORROWER)
    intake.connect_confirm(collection=collection, by=BORROWER)
    intake.permission_type_choose(collection=collection, permission_type="role-based", by=BORROWER)
    factories.make_connection(collection, verified_at=timezone.now())
    scope = ScopeOption.holding(collection=collection, position=1, kind="company", identifier="", name="Acme")
    scope.save()
    collection.scope_kind, collection.chosen_scope = "company", scope
    collection.save(update_fields=["scope_kind", "chosen_scope"])
    factories.make_run(collection, Run.Kind.VERIFY)
    factories.make_run(collection, Run.Kind.EXAMINE)
    make_accounts(collection, count)
