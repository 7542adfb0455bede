"""Collections at every stage, made through the product's own services against a gateway on this machine."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.core.mail.backends import locmem
from django.db.models.signals import post_save
from django.test import override_settings

from collections_app import links
from collections_app.events import Who
from collections_app.models import Collection, Event, Lender, Run
from collections_app.reports.build import Reports
from collections_app.reports.statement_pack import write_pack
from collections_app.reports.workbook import write_workbook
from collections_app.services import collecting, connecting, intake, reporting
from collections_app.services.asking import CollectionRequest
from collections_app.services.invitations import Invitation, collection_invite
from collections_app.services.lenders import lender_create
from intacct.sandbox import Sandbox

EXCHANGES = Path(__file__).parent / "intacct" / "exchanges"
SENDER_ID, SENDER_PASSWORD = "lenderportal", "sender-secret-1"
USER, PASSWORD = "ws_lender", "Reader-Secret-1"
# One company has entities and a consolidation book; the other is the same ledger without them.
GROUP, SINGLE = "BIRCHWOOD", "BIRCHSOLO"
# This one has not let our sender in.
CLOSED = "ELMWOOD"
# The one account without a category, in use since March.
UNASSIGNED = "0950"

BORROWER = Who.borrower()
OPERATOR = Who.operator("a test")


@pytest.fixture(scope="session")
def running_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A gateway that serves GROUP, SINGLE and a company that has not let our sender in."""
    single = tmp_path_factory.mktemp("companies") / "single"
    shutil.copytree(EXCHANGES / "company", single)
    description = json.loads((single / "company.json").read_text())
    changes = {"companyid": SINGLE, "name": "Birchwood Repairs", "multi_entity": False}
    (single / "company.json").write_text(json.dumps(description | changes))
    folders = [EXCHANGES / "company", single, EXCHANGES / "unauthorized"]
    with Sandbox(folders, sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        yield sandbox


@pytest.fixture
def gateway(running_gateway: Sandbox) -> Iterator[Sandbox]:
    """The gateway, as the one that the product asks."""
    with override_settings(
        INTACCT_ENDPOINT=running_gateway.endpoint,
        INTACCT_SENDER_ID=SENDER_ID,
        INTACCT_SENDER_PASSWORD=SENDER_PASSWORD,
    ):
        yield running_gateway
    running_gateway.faults.clear()


@pytest.fixture(autouse=True)
def reports_folder(settings: Any, tmp_path: Path) -> Path:
    """Report files of a test are gone with it."""
    folder = tmp_path / "reports"
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": str(folder)}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }
    return folder


@pytest.fixture(autouse=True)
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF takes seconds to lay out and the workbook tenths of one: a test makes them only if it is about
    them, see `pack` and `workbook`.
    """
    monkeypatch.delitem(reporting.WRITERS, reporting.PACK)
    monkeypatch.setitem(reporting.WRITERS, reporting.WORKBOOK, write_signature)


def write_signature(reports: Reports, target: BinaryIO) -> None:
    """The first bytes of a workbook, and nothing else of it."""
    target.write(b"PK\x03\x04")


@pytest.fixture
def pack(quick_files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is made after all."""
    monkeypatch.setitem(reporting.WRITERS, reporting.PACK, write_pack)


@pytest.fixture
def workbook(quick_files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook is a real one."""
    monkeypatch.setitem(reporting.WRITERS, reporting.WORKBOOK, write_workbook)


@pytest.fixture
def broken_mail(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """A mail server that answers every message with this failure."""

    def break_with(failure: Exception) -> None:
        def refuse(*args: Any) -> int:
            raise failure

        monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)

    return break_with


@contextmanager
def after_event(action: str, act: Callable[[], object]) -> Iterator[None]:
    """Somebody else does this as soon as the first such event was recorded, within the block."""
    left = [act]

    def look(instance: Event, **_: Any) -> None:
        if instance.action == action and left:
            left.pop()()

    post_save.connect(look, sender=Event)
    try:
        yield
    finally:
        post_save.disconnect(look, sender=Event)


@pytest.fixture
def lender(db: None) -> Lender:
    lender = lender_create(slug="harbor", name="Harbor Community Bank", time_zone="America/Toronto")
    lender.contact_email = "lending@harbor.example"
    lender.save(update_fields=["contact_email"])
    return lender


@pytest.fixture
def collection(lender: Lender) -> Collection:
    """A request whose link was opened and whose first three steps are answered."""
    return started(lender)


def invite(lender: Lender, *, send_mail: bool = False, **changes: Any) -> Invitation:
    """A request for the first quarter of a fiscal year, nothing mailed: three months to collect."""
    request: dict[str, Any] = {
        "lender": lender,
        "borrower_name": "Birchwood Bicycle Works",
        "borrower_email": "owner@birchwood.example",
        "date_from": date(2026, 4, 1),
        "date_to": date(2026, 6, 30),
    }
    return collection_invite(CollectionRequest(**request | changes), by=OPERATOR, send_mail=send_mail)


def token_of(invitation: Invitation) -> str:
    return invitation.url.rstrip("/").rpartition("/")[2]


def started(lender: Lender, **changes: Any) -> Collection:
    invitation = invite(lender, **changes)
    link = links.find(token_of(invitation))
    assert link
    intake.link_open(link=link, by=BORROWER)
    collection = Collection.objects.get(pk=link.collection_id)
    intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=collection, by=BORROWER)
    intake.connect_confirm(collection=collection, by=BORROWER)
    return collection


def sign_in(
    collection: Collection, company: str = SINGLE, *, user: str = USER, password: str = PASSWORD
) -> Run:
    return connecting.connection_save(
        collection=collection, company_id=company, user_id=user, password=password, by=BORROWER
    )


def step(run: Run) -> Run:
    """One unit, and no more."""
    collecting.unit_advance(run_id=run.pk)
    run.refresh_from_db()
    return run


def work(run: Run) -> Run:
    """Does what a worker does until the run, and whatever follows it, stands still."""
    while collecting.unit_advance():
        pass
    run.refresh_from_db()
    return run


def examined(collection: Collection, company: str = SINGLE) -> Collection:
    """Signed in, the whole company chosen, its chart read."""
    work(sign_in(collection, company))
    collection.refresh_from_db()
    if not collection.scope_kind:
        work(intake.scope_choose(collection=collection, kind="company", identifier="", by=BORROWER))
    collection.refresh_from_db()
    return collection


def ready(collection: Collection, company: str = SINGLE) -> Collection:
    """Everything answered: only Connect is left."""
    examined(collection, company)
    answers = {UNASSIGNED: "Cash and Cash Equivalents"}
    intake.categories_assign(collection=collection, answers=answers, by=BORROWER)
    return collection


def submitted(collection: Collection, company: str = SINGLE) -> Run:
    """Connect was pressed; nothing is collected yet."""
    return intake.collection_submit(collection=ready(collection, company), by=BORROWER)


def actions(collection: Collection) -> list[str]:
    """The names of the collection's events, oldest first."""
    return list(collection.events.values_list("action", flat=True))
