"""What the gateway's figures mean, where a sum alone would not show it."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    APRIL,
    BIRCHWOOD,
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    SignedIn,
    attributes,
    envelope,
    login,
    post,
    query,
    rows,
    sign_in,
)
from tests.intacct.test_collecting import table

LATE = (
    "90-1,90,03/28/2026,90,GJ,ACCRUAL,2.GL,1,03/28/2026,1,6000,120.00,120.00,0,L110,USD,USD,F,F,Posted,Late\n"
    "90-2,90,03/28/2026,90,GJ,ACCRUAL,2.GL,2,03/28/2026,-1,2000,-120.00,0,120.00,L110,USD,USD,F,F,Posted,Late\n"
)
DEMO = ("DEMO", "ws_strongbox", "q7Tv-Em2x-Kd9w")


def balances(opened: SignedIn, rest: str = "") -> dict[str, dict[str, Decimal]]:
    more = "<showzerobalances>true</showzerobalances>"
    call = f"<get_trialbalance>{APRIL}{more}{rest}<statistical>exclude</statistical></get_trialbalance>"
    names = ("startbalance", "debits", "credits", "endbalance")
    return {
        row["glaccountno"]: {name: Decimal(row[name]) for name in names} for row in rows(opened.call(call))
    }


def test_a_late_entry_in_a_closed_year_moves_the_close_to_account_of_the_next(tmp_path: Path) -> None:
    found = []
    for name, late in (("before", ""), ("after", LATE)):
        folder = tmp_path / name
        shutil.copytree(EXCHANGES / "company", folder)
        with (folder / "GLDETAIL.csv").open("a", encoding="utf-8") as ledger:
            ledger.write(late)
        with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
            opened = sign_in(sandbox.endpoint)
            found.append(balances(opened))
            closed = opened.call("<get_closedbooksdate/>").xml.find("operation/result/data/closedbooksdate")
            assert closed is not None and [part.text for part in closed] == ["2026", "03", "31"]
    before, after = found
    moved = {
        account: after[account]["startbalance"] - before[account]["startbalance"]
        for account in before
        if after[account] != before[account]
    }
    # The year begins in April: what was spent in March is in retained earnings, and not in the rent.
    assert moved == {"2000": -120, "3900": 120}
    assert after["6000"]["startbalance"] == 0


def test_the_result_of_the_current_year_is_in_no_row_of_equity(sandbox: Sandbox) -> None:
    found = balances(sign_in(sandbox.endpoint))
    income = sum(found[account]["endbalance"] for account in ("4000", "6000", "6100"))
    assert income == -820 + 410
    assert sum(row["endbalance"] for account, row in found.items() if account < "4000") == -income
    for equity in ("3000", "3900"):
        assert found[equity]["startbalance"] == found[equity]["endbalance"]
    assert found["3900"]["endbalance"] == -(Decimal("1250.50") - 400 - Decimal("75.25"))


@pytest.fixture(scope="module")
def group(small_company: Path) -> Iterator[SignedIn]:
    with Sandbox([small_company], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        yield sign_in(sandbox.endpoint, DEMO)


def test_the_top_level_eliminates_nothing_and_the_consolidation_book_does(
    group: SignedIn, small_company: Path
) -> None:
    inner = ("1250", "2250", "4200", "5200")
    top, consolidated = balances(group), balances(group, "<reportingbook>HVCONS</reportingbook>")
    assert all(top[account]["endbalance"] for account in inner)
    assert not any(consolidated[account]["endbalance"] for account in inner)
    eliminated: dict[str, Decimal] = defaultdict(Decimal)
    for row in table(small_company, "GLDETAIL"):
        month, _, year = row["ENTRY_DATE"].split("/")
        if row["BOOKID"] == "HVCONS" and row["LOCATIONID"] == "EE100" and (year, month) <= ("2026", "04"):
            eliminated[row["ACCOUNTNO"]] += Decimal(row["AMOUNT"])
    for account in ("1250", "2250"):
        assert top[account]["endbalance"] + eliminated[account] == 0


def test_every_function_and_every_page_counts(sandbox: Sandbox) -> None:
    opened, before = sign_in(sandbox.endpoint), sandbox.requests.get("query", 0)
    page = query("GLACCOUNT", "RECORDNO", rest="<pagesize>5</pagesize>")
    opened.call(page, page, page)
    assert sandbox.requests["query"] == before + 3
    seen = 0
    while seen < 8:
        answer = opened.call(page.replace("</query>", f"<offset>{seen}</offset></query>"))
        seen += int(attributes(answer)["count"])
    assert sandbox.requests["query"] == before + 3 + 2


@pytest.mark.parametrize(
    ("place", "status"), [(0, 400), (1, 200), (2, 200)], ids=["company", "user", "password"]
)
def test_ids_and_passwords_in_another_case_are_others(place: int, status: int, sandbox: Sandbox) -> None:
    given = [text.swapcase() if number == place else text for number, text in enumerate(BIRCHWOOD)]
    answer = post(sandbox.endpoint, envelope(login(given[0], given[1], given[2]), "<get_applications/>"))
    assert answer.status == status
    assert answer.xml.find("operation/result") is None


def test_ids_in_filters_and_keys_are_sensitive_to_case(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    condition = "<filter><equalto><field>CUSTOMERID</field><value>{}</value></equalto></filter>"
    for customer, found in (("C-1", 1), ("c-1", 0)):
        answer = opened.call(query("CUSTOMER", "RECORDNO", rest=condition.format(customer)))
        assert attributes(answer)["totalcount"] == str(found)
    by_name = "<readByName><object>CUSTOMER</object><keys>c-1</keys><fields>NAME</fields></readByName>"
    assert opened.call(by_name).text("operation/result/errormessage/error/errorno") == "DL02000001"
    entity = "<getAPISession><locationid>e100</locationid></getAPISession>"
    assert opened.call(entity).text("operation/authentication/status") == "failure"
