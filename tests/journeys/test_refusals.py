"""What goes wrong at the gateway: one plain sentence and a way on; and no secret anywhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from collections_app.models import Connection, Lender
from collections_app.services.lenders import lender_create
from intacct.sandbox import Sandbox
from tests.collecting import CLOSED, PASSWORD, SINGLE, UNASSIGNED, USER, invite
from tests.installation import SENDER_PASSWORD, Installation, token_of
from tests.servers import free_port

pytestmark = pytest.mark.slow

MAPLE_PASSWORD = "Maple-Reader-1!"
WRONG_PASSWORD = "Canary-Wrong-Password-77!"

Collect = Callable[..., None]


@pytest.fixture
def lender(transactional_db: None) -> Lender:
    return lender_create(slug="harbor", name="Harbor Community Bank")


@pytest.fixture
def collect(lender: Lender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collect:
    """`collect` for one request, as often as it is called."""
    invitation = invite(lender)
    categories = tmp_path / "categories.csv"
    categories.write_text(f"ACCOUNTNO,CATEGORY\n{UNASSIGNED},Cash and Cash Equivalents\n")

    def run(company: str = SINGLE, password: str = PASSWORD) -> None:
        monkeypatch.setenv("INTACCT_PASSWORD", password)
        answers = ["--company", company, "--user", USER, "--categories", str(categories)]
        call_command("collect", "--link", invitation.url, *answers, "--inline")

    return run


def refused(collect: Collect, **answers: str) -> str:
    with pytest.raises(CommandError) as refusal:
        collect(**answers)
    return str(refusal.value)


def test_a_wrong_password_is_said_and_tried_once(collect: Collect, gateway: Sandbox) -> None:
    before = gateway.requests.get("getAPISession", 0)
    said = refused(collect, password=WRONG_PASSWORD)
    assert "did not accept this company ID, user ID and password" in said
    assert WRONG_PASSWORD not in said
    assert gateway.requests["getAPISession"] == before + 1
    collect()


def test_an_unknown_company_is_told_apart_from_a_wrong_password(collect: Collect, gateway: Sandbox) -> None:
    assert "does not know an active company with this company ID" in refused(collect, company="BIRCH")
    collect()


def test_a_company_that_has_not_let_us_in_is_told_how(collect: Collect, gateway: Sandbox) -> None:
    said = refused(collect, company=CLOSED)
    assert "has not yet allowed our sender ID" in said
    assert "Web Services authorizations" in said
    collect()


def test_a_gateway_that_is_down_is_nobodys_fault_and_the_next_try_works(
    collect: Collect, gateway: Sandbox
) -> None:
    with override_settings(INTACCT_ENDPOINT=f"http://127.0.0.1:{free_port()}/ia/xml/xmlgw.phtml"):
        assert "Sage Intacct is not answering at the moment" in refused(collect)
    collect()
    assert Connection.objects.get().secret is None


def collect_in_vain(installation: Installation, link: str) -> None:
    answers = ["--company", "MAPLE", "--user", "ws_strongbox"]
    finished = installation.manage("collect", "--link", link, *answers, given=WRONG_PASSWORD)
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr + finished.stdout


@pytest.mark.slow
def test_no_secret_is_written_anywhere(installation: Installation, maple: Path) -> None:
    """Password, sender password, link token, keys: not in a log, a table, a message, a mail or a report."""
    installation.prepare()
    link = installation.invite("2020-01-01", "2020-03-31")
    sandbox = installation.sandbox(maple)
    installation.worker()
    with installation.web():
        collect_in_vain(installation, link)
        answers = ["--company", "MAPLE", "--user", "ws_strongbox"]
        answers += ["--categories", str(maple / "assignments.csv")]
        printed = installation.must("collect", "--link", link, *answers, given=MAPLE_PASSWORD)
    session_ids = sandbox.log.read_text().count("sessionid")
    assert session_ids == 0

    secrets = {
        "password": MAPLE_PASSWORD,
        "wrong password": WRONG_PASSWORD,
        "sender password": SENDER_PASSWORD,
        "vault key": installation.environment["VAULT_KEYS"],
        "secret key": installation.environment["SECRET_KEY"],
        "token": token_of(link),
    }
    found = {
        f"{name} in {path.relative_to(installation.data)}"
        for path, content in installation.everything_written()
        for name, secret in secrets.items()
        if secret.encode() in content
    }
    # The invitation is the one place that has to hold the link.
    assert {place for place in found if "mail/" not in place} == set()
    assert all(place.startswith("token in mail/") for place in found)
    assert not any(secret in printed for name, secret in secrets.items())
