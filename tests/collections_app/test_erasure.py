"""What lies at rest tells nothing by itself, and nothing to anybody once its key is destroyed."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from collections_app import books, tables
from collections_app.data_keys import KeyDestroyed
from collections_app.models import (
    Account,
    CollectedTable,
    Collection,
    Connection,
    DataKey,
    Event,
    ScopeOption,
    TrialBalance,
)
from collections_app.services import invitations, reporting
from collections_app.services.erasing import data_key_destroy
from collections_app.services.lenders import lender_create
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import GROUP, OPERATOR, USER, actions, started, submitted, work

pytestmark = pytest.mark.slow

CUSTOMER = "Zoë Lindqvist Ångström Bikes"


@pytest.fixture
def collected(transactional_db: None, gateway: Sandbox) -> Collection:
    """Collected from the gateway, with a table of customers beside; nothing is left of earlier tests."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    lender = lender_create(slug="harbor", name="Harbor Community Bank")
    collection = started(lender, borrower_name="The borrower", borrower_email="owner@borrower.example")
    work(submitted(collection, GROUP))
    with tables.writing(collection, "customers", columns=("CUSTOMERID", "NAME", "TOTALDUE")) as table:
        table.write(("C-77001", CUSTOMER, "98765.43"))
    assert table.stored
    tables.keep(table.stored)
    collection.refresh_from_db()
    return collection


def confidential_words(collection: Collection) -> set[str]:
    own = Connection.objects.get(collection=collection)
    accounts = list(collection.accounts.all())
    words = {CUSTOMER, "C-77001", "98765.43", GROUP, USER, own.company_name, own.gateway_host}
    words |= {account.title for account in accounts} | {account.number for account in accounts}
    words |= {str(row.closing) for month in collection.trial_balances.all() for row in month.rows}
    words |= {option.name for option in collection.scope_options.all()}
    return {word for word in words if len(word) >= 4 and word != "0.00"}


def found(words: Iterable[str], content: bytes) -> list[str]:
    """Those that stand in `content` as words: by chance a short number is part of many a time or checksum."""
    before, after = rb"(?<![\w.:-])", rb"(?![\w.:-])"
    return [word for word in words if re.search(before + re.escape(word.encode()) + after, content)]


def at_rest(folder: Path) -> dict[str, bytes]:
    """The raw bytes of the database, of its log, and of every stored file."""
    database = Path(settings.DATABASES["default"]["TEST"]["NAME"])
    files = [*database.parent.glob(f"{database.name}*"), *folder.rglob("*")]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


def test_nothing_confidential_is_in_the_raw_bytes_of_database_and_storage(
    collected: Collection, reports_folder: Path, tmp_path: Path
) -> None:
    words = confidential_words(collected)
    assert len(words) > 30
    raw = at_rest(reports_folder)
    assert any(name.endswith(".sealed") for name in raw)
    # The name of a test's database says which of several test processes has it.
    assert {name.endswith("-wal") for name in raw if ".sqlite3" in name} == {True, False}
    assert {name: found(words, content) for name, content in raw.items() if found(words, content)} == {}
    assert any(b"The borrower" in content for content in raw.values())
    # The same search finds them in what is handed out.
    exported = tmp_path / "exported"
    reporting.collection_export(collection=collected, folder=exported, by=OPERATOR)
    handed_out = b"".join(path.read_bytes() for path in exported.iterdir())
    assert len(found(words, handed_out)) > len(words) * 3 // 4


READS: dict[str, Callable[[Collection], object]] = {
    "an account": lambda collection: collection.accounts.all()[0].title,
    "the chart": lambda collection: collection.accounts.all().in_order(),
    "an account by its number": lambda collection: Account.objects.numbered(collection, "1000"),
    "a trial balance": lambda collection: TrialBalance.objects.filter(collection=collection)[0].rows,
    "a scope": lambda collection: ScopeOption.objects.filter(collection=collection)[0].name,
    "the chosen scope": lambda collection: collection.scope_name,
    "the connection": lambda collection: Connection.objects.get(collection=collection).company_name,
    "an event": lambda collection: Event.objects.filter(action="scope.chosen")[0].data,
    "the reports": lambda collection: books.reports_of(collection),
    "a table": lambda collection: list(tables.read(CollectedTable.objects.all()[0])),
    "a file": lambda collection: reporting.file_open(file=collection.files.all()[0], by=OPERATOR),
    "all files": lambda collection: list(reporting.files_of(collection)),
}


def test_without_the_key_nothing_can_be_read_and_the_stub_of_the_record_stays(
    collected: Collection, reports_folder: Path
) -> None:
    wrapped = bytes(DataKey.objects.get().wrapped or b"")
    assert any(wrapped in content for content in at_rest(reports_folder).values())
    before = actions(collected)
    assert data_key_destroy(collection=collected, by=OPERATOR, why="the lender asked for it")
    for what, read in READS.items():
        with pytest.raises(KeyDestroyed, match="was erased on 20.* and cannot be read any more"):
            read(Collection.objects.get(pk=collected.pk))
            pytest.fail(f"{what} can still be read")
    assert not any(wrapped in content for content in at_rest(reports_folder).values())
    assert DataKey.objects.get().destroyed_why == "the lender asked for it"
    assert actions(collected) == [*before, "collection.erased"]
    erased = collected.events.get(action="collection.erased")
    assert (erased.actor, erased.data) == (OPERATOR.name, {})
    assert all(event.data_still_kept() == {} for event in collected.events.all())


def test_a_key_is_destroyed_once_and_the_password_with_it(collected: Collection) -> None:
    factories.seal_password(Connection.objects.get(collection=collected))
    assert data_key_destroy(collection=collected, by=OPERATOR, why="asked")
    assert Connection.objects.defer("sealed").get(collection=collected).secret is None
    assert not data_key_destroy(collection=collected, by=OPERATOR, why="asked again")
    assert DataKey.objects.get().destroyed_why == "asked"


def test_another_collection_is_not_touched(collected: Collection) -> None:
    other = factories.collected_collection()
    data_key_destroy(collection=collected, by=OPERATOR, why="asked")
    assert books.reports_of(other).heading.company_name == "Acme Incorporated"


def test_the_pages_of_an_erased_collection_say_so(collected: Collection, client: Client) -> None:
    link = invitations.link_reissue(collection=collected, by=OPERATOR)
    address = "/" + link.url.split("/", 3)[3]
    client.post(address)
    done = client.get("/collection/", follow=True)
    assert done.status_code == 200
    data_key_destroy(collection=collected, by=OPERATOR, why="asked")
    told = client.get("/collection/", follow=True)
    assert told.status_code == 410
    assert "has been erased" in told.content.decode()
    client.force_login(factories.make_staff(collected.lender))
    desk = client.get(f"/admin/collections_app/collection/{collected.pk}/change/")
    assert desk.status_code == 200
    assert "Erased what was collected" in desk.content.decode()
    download = client.get(f"/admin/collections_app/collection/{collected.pk}/files/report.xlsx")
    assert download.status_code == 404
