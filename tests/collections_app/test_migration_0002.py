"""What an earlier version kept in the open is sealed by the migration, and reads as before."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from collections_app.models import Account, Collection, Connection
from collections_app.models.connection import company_key_of
from collections_app.reports.figures import TrialBalanceRow
from collections_app.services import reporting

pytestmark = pytest.mark.slow

BEFORE = [("collections_app", "0001_initial")]


def migrate(to: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return executor.loader.project_state(to).apps


@pytest.fixture
def earlier(transactional_db: None) -> Any:
    """The models of the earlier version, on its tables; the newest tables are back afterwards."""
    yield migrate(BEFORE)
    migrate(newest())


def newest() -> list[tuple[str, str]]:
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes("collections_app"))


def fill(apps: Any) -> None:
    """A collection as the earlier version left it."""

    def of(name: str) -> Any:
        return apps.get_model("collections_app", name).objects

    lender = of("Lender").create(slug="harbor", name="Harbor")
    collection = of("Collection").create(
        reference="ABCD-EFGH",
        lender=lender,
        borrower_name="B",
        borrower_email="b@b.example",
        date_from=date(2026, 4, 1),
        date_to=date(2026, 4, 30),
        scope_kind="entity",
        scope_id="E100",
        scope_name="North",
    )
    fill_answers(of, collection)
    fill_books(of, collection)


def fill_answers(of: Callable[[str], Any], collection: Any) -> None:
    """What the borrower could choose from, chose, and signed in with."""
    for position, name in ((1, "E100"), (2, "E200")):
        of("ScopeOption").create(
            collection=collection,
            position=position,
            kind="entity",
            identifier=name,
            name="North" if name == "E100" else "South",
            first_fiscal_month=4,
            currency="CAD",
        )
    of("Connection").create(
        collection=collection,
        company_id="ACME",
        user_id="reader",
        company_name="Acme",
        saved_at=timezone.now(),
    )
    of("Event").create(
        collection=collection, actor_kind="borrower", action="scope.chosen", data={"name": "North"}
    )


def fill_books(of: Callable[[str], Any], collection: Any) -> None:
    """What was read, and the report of it."""
    of("Account").create(
        collection=collection,
        number="1000",
        title="Bank",
        account_type="balancesheet",
        normal_balance="debit",
        closing_type="non-closing account",
        active=False,
        assigned_category="Inventory",
        closing=Decimal("1234567890123456.78"),
    )
    for number, closing in (("2000", "-1.50"), ("1000", "1.50")):
        amounts = dict.fromkeys(
            ("opening", "debits", "credits", "adjusting_debits", "adjusting_credits"), Decimal(0)
        )
        of("TrialBalanceLine").create(
            collection=collection,
            start=date(2026, 4, 1),
            end=date(2026, 4, 30),
            account=number,
            closing=Decimal(closing),
            **amounts,
        )
    plain = default_storage.save("ABCD-EFGH/0123456789ab/report.xlsx", ContentFile(b"PK figures"))
    of("ReportFile").create(
        collection=collection, name="report.xlsx", storage_name=plain, size=10, sha256="0" * 64
    )


def test_rows_and_files_in_the_open_are_carried_over(earlier: Any, reports_folder: Path) -> None:
    fill(earlier)
    migrate(newest())
    collection = Collection.objects.get()
    assert (collection.scope_kind, collection.scope_id, collection.scope_name) == ("entity", "E100", "North")
    assert [(option.name, option.first_fiscal_month) for option in collection.scope_options.all()] == [
        ("North", 4),
        ("South", 4),
    ]
    own = Connection.objects.get()
    assert (own.company_id, own.user_id, own.company_name) == ("ACME", "reader", "Acme")
    assert own.company_key == company_key_of("acme")
    account = Account.objects.numbered(collection, "1000")
    assert (account.title, account.active, account.assigned_category) == ("Bank", False, "Inventory")
    assert account.closing == Decimal("1234567890123456.78")
    assert collection.events.get().data == {"name": "North"}
    month = collection.trial_balances.get()
    assert month.rows == (
        TrialBalanceRow("1000", closing=Decimal("1.50")),
        TrialBalanceRow("2000", closing=Decimal("-1.50")),
    )
    (file,) = collection.files.all()
    with reporting.file_read(file) as content:
        assert content.read() == b"PK figures"
    (stored,) = [path for path in reports_folder.rglob("*") if path.is_file()]
    assert b"figures" not in stored.read_bytes()
