"""Company folders: the short form of entities, and what is said about a folder that cannot be served."""

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intacct.sandbox import CompanyFolderError, Sandbox
from tests.intacct.sandbox.gateway_client import (
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    SignedIn,
    envelope,
    login,
    post,
    query,
    rows,
    sign_in,
)

USER = {"userid": "u", "password": "p"}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes a company folder from settings and files."""

    def made(files: dict[str, str] | None = None, **settings: Any) -> Path:
        everything = {
            "companyid": "TINY",
            "name": "Tiny",
            "users": [USER],
            "subscriptions": ["CO", "GL"],
        } | settings
        (tmp_path / "company.json").write_text(json.dumps(everything), "utf-8")
        for name, text in (files or {}).items():
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        return tmp_path

    return made


def served(folder: Path) -> Sandbox:
    return Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD)


def opened(sandbox: Sandbox) -> SignedIn:
    return sign_in(sandbox.endpoint, ("TINY", "u", "p"))


def test_entities_may_be_given_in_short_form(write: Write) -> None:
    entities = ["E1", {"id": "E2", "name": "Second", "currency": "EUR", "first_fiscal_month": 4}]
    with served(write(entities=entities)) as sandbox:
        found = rows(opened(sandbox).call("<readEntityDetails/>"))
    assert [(row["id"], row["name"], row["currency"], row["firstfiscalmonth"]) for row in found] == [
        ("E1", "E1", "", ""),
        ("E2", "Second", "EUR", "4"),
    ]


def test_an_entity_with_its_own_fiscal_year_closes_at_its_own_start(write: Write) -> None:
    chart = "ACCOUNTNO,CLOSINGTYPE,CLOSINGACCOUNTNO\n10,,\n30,closed to account,\n40,closing account,30\n"
    lines = "BOOKID,ACCOUNTNO,LOCATIONID,ENTRY_DATE,TR_TYPE,AMOUNT\n"
    for place in ("E1", "E2"):
        lines += f"ACCRUAL,10,{place},02/01/2025,1,5\nACCRUAL,40,{place},02/01/2025,-1,-5\n"
    entities = ["E1", {"id": "E2", "first_fiscal_month": 4}]
    period = (
        "<startdate><year>2025</year><month>4</month><day>1</day></startdate>"
        "<enddate><year>2025</year><month>4</month><day>30</day></enddate>"
    )
    folder = write({"GLACCOUNT": chart, "GLDETAIL": lines}, entities=entities, first_fiscal_month=1)
    with served(folder) as sandbox:
        session = opened(sandbox)
        result = {}
        for place in ("E1", "E2"):
            function = f"<get_trialbalance>{period}<locationid>{place}</locationid></get_trialbalance>"
            result[place] = [row["glaccountno"] for row in rows(session.call(function))]
    assert result == {"E1": ["10", "40"], "E2": ["10", "30"]}


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"companyid": ""}, "has no 'companyid'; add it"),
        ({"users": [{"userid": "u"}]}, "has no 'password'"),
        ({"faults": [{"kind": "unheard-of"}]}, "has a fault that is none"),
    ],
)
def test_settings_that_cannot_be_served_are_named(
    settings: dict[str, Any], complaint: str, write: Write
) -> None:
    with pytest.raises(CompanyFolderError, match=complaint):
        served(write(**settings))


def test_one_company_twice_is_refused(write: Write) -> None:
    folder = write()
    with pytest.raises(CompanyFolderError, match="are both company TINY"):
        Sandbox([folder, folder])


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("ACCRUAL,10,2025-02-01,1,5", "has the date '2025-02-01'"),
        ("ACCRUAL,10,02/01/2025,1,5,5", "line 2 has 6 values"),
        ('ACCRUAL,10,02/01/2025,1,"1,000.00"', "has the amount '1,000.00'"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_logged_and_answered_as_a_failure_of_the_server(
    line: str, complaint: str, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write({"GLDETAIL": f"BOOKID,ACCOUNTNO,ENTRY_DATE,TR_TYPE,AMOUNT\n{line}\n"})
    period = (
        "<startdate><year>2025</year><month>4</month><day>1</day></startdate>"
        "<enddate><year>2025</year><month>4</month><day>30</day></enddate>"
    )
    with served(folder) as sandbox, caplog.at_level(logging.ERROR):
        answer = opened(sandbox).call(f"<get_trialbalance>{period}</get_trialbalance>")
    assert answer.status == 500
    assert complaint in caplog.text


def test_a_company_without_web_services_says_so_and_a_user_can_be_made_to_fail(write: Write) -> None:
    request = envelope(login("TINY", "u", "p"), "<getAPISession/>")
    with served(write(web_services=False)) as sandbox:
        answer = post(sandbox.endpoint, request)
        assert answer.text("operation/authentication/status") == "failure"
        description = answer.text("operation/errormessage/error/description")
        assert description == "Company not authorized for XML transactions"
    with served(write(faults=[{"kind": "down", "user": "u"}])) as sandbox:
        assert post(sandbox.endpoint, request).status == 503


def test_a_user_of_some_entities_sees_no_more_than_theirs_and_that_there_are_others(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    shutil.copytree(EXCHANGES / "company", folder)
    with (folder / "LOCATIONENTITY.csv").open("a", encoding="utf-8") as file:
        file.write("3,E300,Birchwood Abroad,,active,USD,,E\n")
    with (folder / "GLACCOUNT.csv").open("a", encoding="utf-8") as file:
        file.write("41,1900,Abroad,balancesheet,debit,non-closing account,,active,,E300\n")
    settings = json.loads((folder / "company.json").read_text("utf-8"))
    settings["users"] = [{"userid": "two", "password": "p", "entities": ["E100", "E200"]}]
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    private = "<options><showprivate>true</showprivate></options>"
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        opened = sign_in(sandbox.endpoint, ("BIRCHWOOD", "two", "p"))
        enterable = [row["id"] for row in rows(opened.call("<readEntityDetails/>"))]
        existing = {row["LOCATIONID"] for row in rows(opened.call(query("LOCATIONENTITY", "LOCATIONID")))}
        accounts = rows(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest=private)))
    assert (enterable, existing) == (["E100", "E200"], {"E100", "E200", "E300"})
    assert {"0950", "1900"} & {row["ACCOUNTNO"] for row in accounts} == {"0950"}
