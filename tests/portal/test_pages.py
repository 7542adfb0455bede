"""The pages around the steps: guides, the end, and the borrower's copy."""

import pytest
from django.test import Client

from collections_app.models import Collection, Lender
from collections_app.reports import categories
from collections_app.services import intake
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, UNASSIGNED, actions, invite, submitted, work
from tests.portal.conftest import Open

pytestmark = pytest.mark.slow


@pytest.fixture
def finished(borrower: Client, asked: Collection, gateway: Sandbox) -> Collection:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=asked, by=BORROWER)
    intake.connect_confirm(collection=asked, by=BORROWER)
    work(submitted(asked))
    asked.refresh_from_db()
    return asked


@pytest.mark.parametrize("kind", ["role-based", "user-based"])
def test_the_guide_is_open_before_any_step_and_holds_the_sender_id(
    client: Client, lender: Lender, gateway: Sandbox, kind: str
) -> None:
    page = client.get(f"/guide/harbor/{kind}/")
    assert page.status_code == 200
    assert "lenderportal" in page.content.decode()
    assert "Harbor Community Bank" in page.content.decode()


@pytest.mark.parametrize(
    "address", ["/guide/harbor/both/", "/guide/nobody/role-based/", "/guide/nobody/quickstart-categories/"]
)
def test_a_guide_that_is_not_there_is_not_found(client: Client, lender: Lender, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_page_about_categories_lists_them_all(client: Client, lender: Lender) -> None:
    sections = client.get("/guide/harbor/quickstart-categories/").context["sections"]
    assert sum(len(names) for names in sections.values()) == len(categories.STANDARD)


def test_the_end_says_what_was_shared_and_what_to_mend(borrower: Client, finished: Collection) -> None:
    response = borrower.get("/collection/done/")
    page = response.content.decode()
    assert [account.number for account in response.context["assigned"]] == [UNASSIGNED]
    for part in (
        "Harbor Community Bank",
        "Petty cash",
        "Cash and Cash Equivalents",
        "report.xlsx",
        "statements.json",
    ):
        assert part in page


@pytest.mark.parametrize("name", ["report.xlsx", "statements.json"])
def test_the_copy_is_the_file_that_was_made_and_the_download_is_recorded(
    borrower: Client, finished: Collection, name: str
) -> None:
    response = borrower.get(f"/collection/download/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="{finished.reference}-{name}"'
    content = b"".join(response)
    assert len(content) == finished.files.get(name=name).size
    assert actions(finished)[-1] == "report.downloaded"


@pytest.mark.parametrize("name", ["report.pdf", "../settings.py", "%2e%2e%2fsettings.py", ""])
def test_a_file_that_was_not_made_is_not_found(borrower: Client, finished: Collection, name: str) -> None:
    assert borrower.get(f"/collection/download/{name}").status_code == 404


def test_anothers_file_is_not_found(finished: Collection, lender: Lender, open_link: Open) -> None:
    stranger: Invitation = invite(lender)
    assert open_link(stranger).get("/collection/download/report.xlsx").status_code == 404
