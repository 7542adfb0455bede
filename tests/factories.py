"""Rows to test with, made without the services whose work a test is not about."""

import itertools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from collections_app import links, vault
from collections_app.models import (
    Account,
    Collection,
    Connection,
    Event,
    Lender,
    Run,
    ScopeOption,
    StaffMember,
    TrialBalanceLine,
    WorkUnit,
)
from collections_app.reports.figures import REPORT_TITLES
from collections_app.reports.periods import Window, collection_windows
from collections_app.services import credentials, reporting

# Large enough that an id is found in a page only where it is meant.
numbers = itertools.count(700_001)

PASSWORD = "the password of a borrower, a canary"
CHART_COLUMNS = (
    "number",
    "title",
    "account_type",
    "normal_balance",
    "closing_type",
    "category",
    "assigned_category",
)
CHART = (
    ("100", "Bank", "balancesheet", "debit", "non-closing account", "Cash and Cash Equivalents", ""),
    ("120", "Customers", "balancesheet", "debit", "non-closing account", "Accounts Receivable", ""),
    ("150", "Old suspense", "balancesheet", "debit", "non-closing account", "", ""),
    ("200", "Suppliers", "balancesheet", "credit", "non-closing account", "Accounts Payable", ""),
    ("300", "Shares", "balancesheet", "credit", "non-closing account", "Common Stock", ""),
    ("390", "Earnings kept", "balancesheet", "credit", "closed to account", "Retained Earnings", ""),
    ("400", "Sales", "incomestatement", "credit", "closing account", "Revenue", ""),
    ("500", "Wages", "incomestatement", "debit", "closing account", "", "Payroll Expense"),
    ("510", "Rent", "incomestatement", "debit", "closing account", "Rent Expense", ""),
)
OPENING = {"100": Decimal(5000), "300": Decimal(-5000)}
# What is posted in each month: debit, credit, amount.
POSTINGS = (
    ("120", "400", Decimal("12345.67")),
    ("100", "120", Decimal("10000.00")),
    ("500", "100", Decimal("20000.00")),
    ("510", "200", Decimal("150.05")),
    ("150", "100", Decimal("1.10")),
)


def make_lender(name: str = "", **fields: Any) -> Lender:
    number = next(numbers)
    return Lender.objects.create(
        pk=number, slug=f"lender-{number}", name=name or f"Lender {number}", **fields
    )


def make_user(**fields: Any) -> User:
    number = next(numbers)
    return User.objects.create(pk=number, username=f"user-{number}@staff.test", is_staff=True, **fields)


def make_operator() -> User:
    return make_user(is_superuser=True)


def make_staff(lender: Lender, role: str = StaffMember.Role.MANAGER) -> User:
    """A user of the lender's staff."""
    user = make_user()
    StaffMember.objects.create(pk=next(numbers), user=user, lender=lender, role=role)
    return user


def make_collection(lender: Lender | None = None, *, linked: bool = True, **fields: Any) -> Collection:
    """A request, with a link that nobody has opened yet."""
    number = next(numbers)
    collection = Collection.objects.create(
        **{
            "pk": number,
            "reference": f"TEST-{number}",
            "lender": lender or make_lender(),
            "borrower_name": f"Borrower {number}",
            "borrower_email": f"borrower-{number}@borrower.test",
            "date_from": date(2026, 1, 1),
            "date_to": date(2026, 3, 31),
            "reports": list(REPORT_TITLES),
        }
        | fields
    )
    if linked:
        links.issue(collection)
    Event.objects.create(
        collection=collection, actor_kind=Event.Actor.STAFF, action="collection.invited", data={}
    )
    return collection


def make_connection(collection: Collection, **fields: Any) -> Connection:
    """A sign-in whose password is still kept."""
    connection = Connection.objects.create(
        **{
            "collection": collection,
            "company_id": "ACME",
            "user_id": "xml_reader",
            "saved_at": timezone.now(),
            "company_name": "Acme Incorporated",
            "base_currency": "USD",
            "gateway_host": "api.intacct.com",
        }
        | fields
    )
    connection.secret = vault.seal(PASSWORD, place=credentials.place(connection, "secret"))
    connection.save(update_fields=["secret"])
    return connection


def make_run(collection: Collection, kind: str, *, status: str = Run.Status.DONE, **fields: Any) -> Run:
    """A run with its units, done if the run is."""
    done_at = timezone.now() if status == Run.Status.DONE else None
    run = Run.objects.create(collection=collection, kind=kind, status=status, finished_at=done_at, **fields)
    units = [WorkUnit(kind=WorkUnit.Kind.COMPANY)]
    if kind == Run.Kind.COLLECT:
        units = [
            WorkUnit(kind=WorkUnit.Kind.TRIAL_BALANCE, start=start, end=end)
            for start, end in collection_windows(collection.date_from, collection.date_to, 1)
        ] + [WorkUnit(kind=WorkUnit.Kind.REPORTS)]
    for position, unit in enumerate(units, start=1):
        unit.run, unit.position, unit.done_at = run, position, done_at
        unit.row_count = len(CHART) if done_at else None
    WorkUnit.objects.bulk_create(units)
    return run


def collected_collection(lender: Lender | None = None, **fields: Any) -> Collection:
    """A complete collection: chart, trial balances, files. The password is destroyed."""
    now = timezone.now()
    answers: dict[str, Any] = {
        "status": Collection.Status.SUBMITTED,
        "accounting_system": "sage-intacct",
        "reviewed_at": now,
        "consent_version": "2026-11",
        "permission_type": Collection.PermissionType.ROLE_BASED,
        "scope_kind": Collection.ScopeKind.COMPANY,
        "scope_name": "Acme Incorporated",
        "submitted_at": now,
    }
    collection = make_collection(lender, **(answers | fields))
    make_connection(collection, verified_at=now, destroyed_at=now)
    Connection.objects.filter(collection=collection).update(secret=None)
    ScopeOption.objects.create(
        collection=collection, position=1, kind="company", name="Acme Incorporated", currency="USD"
    )
    make_run(collection, Run.Kind.VERIFY)
    _make_ledger(collection)
    run = make_run(collection, Run.Kind.COLLECT)
    reporting.reports_prepare(collection, run.units.get(kind=WorkUnit.Kind.REPORTS))()
    return collection


def _make_ledger(collection: Collection) -> None:
    Account.objects.bulk_create(
        Account(collection=collection, **dict(zip(CHART_COLUMNS, account, strict=True))) for account in CHART
    )
    windows = collection_windows(collection.date_from, collection.date_to, 1)
    TrialBalanceLine.objects.bulk_create(_trial_balance_lines(collection, windows))


def _trial_balance_lines(collection: Collection, windows: tuple[Window, ...]) -> Iterator[TrialBalanceLine]:
    balances = {account[0]: OPENING.get(account[0], Decimal(0)) for account in CHART}
    for start, end in windows:
        for number, opening in balances.items():
            debits = sum((amount for debit, _, amount in POSTINGS if debit == number), Decimal(0))
            credits = sum((amount for _, credit, amount in POSTINGS if credit == number), Decimal(0))
            balances[number] = opening + debits - credits
            yield TrialBalanceLine(
                collection=collection,
                start=start,
                end=end,
                account=number,
                opening=opening,
                debits=debits,
                credits=credits,
                adjusting_debits=Decimal(0),
                adjusting_credits=Decimal(0),
                closing=balances[number],
            )
