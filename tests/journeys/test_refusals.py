"""What goes wrong at the gateway: one plain sentence at the shell, and no secret anywhere."""

import json
from pathlib import Path

import pytest

from tests.installation import SENDER_PASSWORD, Installation, token_of

PASSWORD = "Maple-Reader-1!"
WRONG_PASSWORD = "Canary-Wrong-Password-77!"


def collect(installation: Installation, link: str, company: str, password: str) -> str:
    """Runs `collect`, which has to fail; returns its last word."""
    answers = ["--company", company, "--user", "ws_strongbox", "--inline"]
    finished = installation.manage("collect", "--link", link, *answers, given=password)
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr + finished.stdout
    assert password not in finished.stderr + finished.stdout
    return finished.stderr.splitlines()[-1]


@pytest.fixture
def link(installation: Installation) -> str:
    installation.prepare()
    return installation.invite("2020-01-01", "2020-03-31")


def test_a_wrong_password_is_said_and_not_tried_again(
    installation: Installation, maple: Path, link: str
) -> None:
    sandbox = installation.sandbox(maple)
    said = collect(installation, link, "MAPLE", WRONG_PASSWORD)
    assert "did not accept this company ID, user ID and password" in said
    assert sandbox.log.read_text().count("getAPISession") <= 1


def test_an_unknown_company_is_told_apart_from_a_wrong_password(
    installation: Installation, maple: Path, link: str
) -> None:
    installation.sandbox(maple)
    said = collect(installation, link, "BIRCH", PASSWORD)
    assert "does not know an active company with this company ID" in said


def test_a_company_that_has_not_authorized_us_is_told_how(
    installation: Installation, maple: Path, link: str, tmp_path: Path
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    for path in maple.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    company = json.loads((folder / "company.json").read_text())
    (folder / "company.json").write_text(json.dumps(company | {"authorized_senders": ["somebody-else"]}))
    installation.sandbox(folder)
    said = collect(installation, link, "MAPLE", PASSWORD)
    assert "has not yet allowed our sender ID" in said
    assert "Web Services authorizations" in said


def test_a_gateway_that_is_down_is_nobodys_fault_and_the_next_try_works(
    installation: Installation, maple: Path, link: str
) -> None:
    said = collect(installation, link, "MAPLE", PASSWORD)
    assert "Sage Intacct is not answering at the moment" in said
    installation.sandbox(maple)
    answers = ["--company", "MAPLE", "--user", "ws_strongbox", "--categories", str(maple / "assignments.csv")]
    printed = installation.must("collect", "--link", link, *answers, "--inline", given=PASSWORD)
    assert printed.splitlines()[-1].endswith(": complete")


def test_no_secret_is_written_anywhere(installation: Installation, maple: Path, link: str) -> None:
    """Password, sender password, link token, keys: not in a log, a table, a message, a mail or a report."""
    sandbox = installation.sandbox(maple)
    installation.worker()
    with installation.web():
        collect(installation, link, "MAPLE", WRONG_PASSWORD)
        answers = ["--company", "MAPLE", "--user", "ws_strongbox"]
        answers += ["--categories", str(maple / "assignments.csv")]
        printed = installation.must("collect", "--link", link, *answers, given=PASSWORD)
    session_ids = sandbox.log.read_text().count("sessionid")
    assert session_ids == 0

    secrets = {
        "password": PASSWORD,
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
