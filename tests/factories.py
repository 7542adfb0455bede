"""Rows to test with, made without the services whose work a test is not about."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from collections_app import data_keys, links, sealed_files, tables, vault
from collections_app.models import (
    Account,
    ApiKey,
    Collection,
    Connection,
    Delivery,
    Document,
    Event,
    FiguresGrant,
    Lender,
    RequestTemplate,
    Run,
    ScopeOption,
    StaffMember,
    TrialBalance,
    Webhook,
    WorkUnit,
)
from collections_app.reports.figures import REPORT_TITLES, TrialBalanceRow
from collections_app.reports.periods import Window, collection_windows
from collections_app.services import credentials, reporting
from tests.uploaded_files import PDF

# Large enough that an id is found in a page only where it is meant.
# In steps, because the database gives the rows that services make the next numbers.
numbers = itertools.count(700_001, 100)

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


def make_request_template(lender: Lender, **fields: Any) -> RequestTemplate:
    number = next(numbers)
    named = {"pk": number, "lender": lender, "name": f"Template {number}", "reports": list(REPORT_TITLES)}
    return RequestTemplate.objects.create(**named | fields)


def make_grant(collection: Collection, operator: User | None = None, **fields: Any) -> FiguresGrant:
    """An operator who may look at what was shared, for an hour."""
    return FiguresGrant.objects.create(
        **{
            "pk": next(numbers),
            "collection": collection,
            "operator": operator or User.objects.filter(is_superuser=True).first() or make_operator(),
            "granted_by": "manager@staff.test",
            "ends_at": timezone.now() + timedelta(hours=1),
            "reason": "A figure is missing",
        }
        | fields
    )


def make_api_key(lender: Lender, **fields: Any) -> ApiKey:
    number = next(numbers)
    named = {"pk": number, "lender": lender, "name": f"System {number}", "scopes": ["read"]}
    key_hash = number.to_bytes(32, "big")
    ends = timezone.now() + timedelta(days=30)
    return ApiKey.objects.create(**named | {"key_hash": key_hash, "expires_at": ends} | fields)


def make_webhook(lender: Lender, **fields: Any) -> Webhook:
    """An address with one thing that it was told and did not take."""
    number = next(numbers)
    named = {"pk": number, "lender": lender, "url": f"https://loans-{number}.example/hook", "secret": b"x"}
    webhook = Webhook.objects.create(**named | fields)
    body = f'{{"reference": "HOOK-{number}"}}'
    Delivery.objects.create(
        pk=next(numbers), webhook=webhook, event="collection.started", body=body, tries=2, answer="500"
    )
    return webhook


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
    data_keys.data_key_create(collection.pk)
    if linked:
        links.issue(collection)
    Event.objects.create(collection=collection, actor_kind=Event.Actor.STAFF, action="collection.invited")
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
    seal_password(connection)
    return connection


def seal_password(connection: Connection) -> None:
    connection.secret = vault.seal(PASSWORD, place=credentials.place(connection, "secret"))
    connection.save(update_fields=["secret"])


def make_run(collection: Collection, kind: str, *, status: str = Run.Status.DONE, **fields: Any) -> Run:
    """A run with its units, done if the run is."""
    done_at = timezone.now() if status == Run.Status.DONE else None
    run = Run.objects.create(collection=collection, kind=kind, status=status, finished_at=done_at, **fields)
    units = [WorkUnit(kind=WorkUnit.Kind.COMPANY)]
    if kind == Run.Kind.COLLECT:
        units = [
            WorkUnit(kind=WorkUnit.Kind.TRIAL_BALANCE, start=start, end=end)
            for start, end in collection_windows(collection.date_from, collection.date_to, 1)
        ] + [WorkUnit(kind=WorkUnit.Kind.REPORTS, subject=name) for name in reporting.WRITERS]
    for position, unit in enumerate(units, start=1):
        unit.run, unit.position, unit.done_at = run, position, done_at
        unit.row_count = len(CHART) if done_at else None
    WorkUnit.objects.bulk_create(units)
    return run


def collected_collection(lender: Lender | None = None, **fields: Any) -> Collection:
    """A complete collection: chart, trial balances, files. The password is destroyed."""
    collection = make_collection(lender)
    collect_at_once(collection, **fields)
    return collection


def collect_at_once(collection: Collection, **fields: Any) -> None:
    """Makes a request complete: chart, trial balances, files. The password is destroyed."""
    now = timezone.now()
    answers: dict[str, Any] = {
        "status": Collection.Status.SUBMITTED,
        "accounting_system": "sage-intacct",
        "reviewed_at": now,
        "consent_version": "2026-11-26",
        "consent_name": "Robin Birch",
        "consent_title": "Controller",
        "own_basis": Collection.OwnBasis.CASH,
        "permission_type": Collection.PermissionType.ROLE_BASED,
        "scope_kind": Collection.ScopeKind.COMPANY,
        "submitted_at": now,
        "shared_at": now,
    }
    for name, value in (answers | fields).items():
        setattr(collection, name, value)
    make_connection(collection, verified_at=now, destroyed_at=now)
    Connection.objects.filter(collection=collection).update(secret=None)
    collection.chosen_scope = ScopeOption.holding(
        collection=collection,
        position=1,
        kind="company",
        identifier="",
        name="Acme Incorporated",
        currency="USD",
    )
    collection.chosen_scope.save()
    collection.save()
    make_run(collection, Run.Kind.VERIFY)
    _make_ledger(collection)
    run = make_run(collection, Run.Kind.COLLECT)
    for unit in run.units.filter(kind=WorkUnit.Kind.REPORTS):
        reporting.reports_prepare(collection, unit)()


def make_document(collection: Collection, name: str = "tax return.pdf") -> Document:
    """A file that the borrower uploaded, in the storage too."""
    with sealed_files.writing(collection, "document") as (target, stored):
        target.write(PDF)
    document = Document.holding(
        collection=collection,
        storage_name=stored.storage_name,
        size=len(PDF),
        name=name,
        sha256=sha256(PDF).hexdigest(),
    )
    document.save(force_insert=True)
    return document


def _make_ledger(collection: Collection) -> None:
    Account.objects.bulk_create(
        Account(collection=collection, **dict(zip(CHART_COLUMNS, account, strict=True))) for account in CHART
    )
    windows = collection_windows(collection.date_from, collection.date_to, 1)
    TrialBalance.objects.bulk_create(_trial_balances(collection, windows))


def _trial_balances(collection: Collection, windows: tuple[Window, ...]) -> Iterator[TrialBalance]:
    balances = {account[0]: OPENING.get(account[0], Decimal(0)) for account in CHART}
    for start, end in windows:
        rows = tuple(_row(number, opening) for number, opening in balances.items())
        balances = {row.account: row.closing for row in rows}
        yield TrialBalance.holding(
            collection=collection, start=start, end=end, row_count=len(rows), rows=rows
        )


def _row(number: str, opening: Decimal) -> TrialBalanceRow:
    debits = sum((amount for debit, _, amount in POSTINGS if debit == number), Decimal(0))
    credits = sum((amount for _, credit, amount in POSTINGS if credit == number), Decimal(0))
    return TrialBalanceRow(number, opening, debits, credits, closing=opening + debits - credits)


LEDGER_COLUMNS = (
    "RECORDNO",
    "BATCHKEY",
    "BATCH_DATE",
    "BATCH_TITLE",
    "SYMBOL",
    "BOOKID",
    "MODULEKEY",
    "LINE_NO",
    "ENTRY_DATE",
    "ACCOUNTNO",
    "DEBITAMOUNT",
    "CREDITAMOUNT",
    "ADJ",
    "STATISTICAL",
    "CURRENCY",
    "TRX_AMOUNT",
    "LOCATIONID",
    "DEPARTMENTID",
    "CUSTOMERID",
    "VENDORID",
    "DOCUMENT",
    "DESCRIPTION",
)


def make_journal(collection: Collection, lines_of_each: int = 1) -> None:
    """The lines behind POSTINGS: each posting of a month is one entry, split into so many pairs of lines."""
    windows = collection_windows(collection.date_from, collection.date_to, 1)
    for start, end in windows:
        with tables.writing(collection, "general_ledger", start, end, columns=LEDGER_COLUMNS) as table:
            for number, (debit, credit, amount) in enumerate(POSTINGS, start=1):
                part = (amount / lines_of_each).quantize(Decimal("0.01"))
                parts = [part] * (lines_of_each - 1) + [amount - part * (lines_of_each - 1)]
                for place, value in enumerate(parts):
                    for account, sides in ((debit, (value, 0)), (credit, (0, value))):
                        given = {
                            "RECORDNO": f"{start:%m}{number:02}{place:03}{account}",
                            "BATCHKEY": f"{start:%m}{number}",
                            "BATCH_TITLE": f"Entry {number}",
                            "SYMBOL": "GJ",
                            "BOOKID": "ACCRUAL",
                            "MODULEKEY": "2.GL",
                            "ENTRY_DATE": start,
                            "ACCOUNTNO": account,
                            "DEBITAMOUNT": sides[0],
                            "CREDITAMOUNT": sides[1],
                            "ADJ": "false",
                            "STATISTICAL": "false",
                            "DESCRIPTION": f"Memo of {account}",
                        }
                        table.write([str(given.get(column, "")) for column in LEDGER_COLUMNS])
        tables.keep(table.whole())
