"""Books, entities, statistical accounts and periods of a trial balance."""

import json
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    BIRCHWOOD,
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    Answer,
    SignedIn,
    query,
    rows,
    sign_in,
)

APRIL = (
    "<startdate><year>2026</year><month>4</month><day>1</day></startdate>"
    "<enddate><year>2026</year><month>4</month><day>30</day></enddate>"
)
APRIL_LINES = "<filter><greaterthan><field>ENTRY_DATE</field><value>03/31/2026</value></greaterthan></filter>"
ZERO = "<showzerobalances>true</showzerobalances>"


@pytest.fixture
def opened(sandbox: Sandbox) -> SignedIn:
    return sign_in(sandbox.endpoint)


def call(opened: SignedIn, rest: str, period: str = APRIL) -> Answer:
    return opened.call(f"<get_trialbalance>{period}{rest}</get_trialbalance>")


def ends(answer: Answer) -> dict[str, Decimal]:
    return {row["glaccountno"]: Decimal(row["endbalance"]) for row in rows(answer)}


def refusal(answer: Answer) -> str:
    return answer.text("operation/result/errormessage/error/errorno")


def test_statistical_accounts_are_included_unless_they_are_excluded(opened: SignedIn) -> None:
    assert ends(call(opened, ""))["9000"] == 4
    assert "9000" not in ends(call(opened, "<statistical>exclude</statistical>"))
    assert ends(call(opened, "<statistical>only</statistical>")) == {"9000": Decimal(4)}


def test_an_adjustment_book_comes_alone_or_with_the_main_book(opened: SignedIn) -> None:
    books = "<adjbooks><adjbook>GAAP</adjbook></adjbooks>"
    exclude = "<statistical>exclude</statistical>"
    alone = ends(call(opened, ZERO + books + exclude))
    both = ends(call(opened, ZERO + books + "<includereportingbook>true</includereportingbook>" + exclude))
    main = ends(call(opened, ZERO + exclude))
    assert {account: amount for account, amount in alone.items() if amount} == {"6000": -5, "2000": 5}
    assert both == {account: amount + alone[account] for account, amount in main.items()}


@pytest.mark.parametrize(
    "rest",
    [
        "<reportingbook>GAAP</reportingbook>",
        "<reportingbook>NO-BOOK</reportingbook>",
        "<adjbooks><adjbook>GAAPACCRUAL</adjbook></adjbooks>",
        "<locationid>E999</locationid>",
    ],
)
def test_an_unknown_book_or_location_fails_the_function(rest: str, opened: SignedIn) -> None:
    assert refusal(call(opened, rest)) == "BL01001973"


def test_a_day_that_does_not_exist_and_a_reversed_period_fail_the_function(opened: SignedIn) -> None:
    assert refusal(call(opened, "", APRIL.replace("<day>30</day>", "<day>31</day>"))) == "BL01001973"
    assert refusal(
        call(opened, "", APRIL.replace("<month>4</month><day>30</day>", "<month>3</month><day>1</day>"))
    )


def test_an_entity_holds_its_child_locations_unless_they_are_left_out(opened: SignedIn) -> None:
    exclude = "<statistical>exclude</statistical>"
    with_children = ends(call(opened, exclude + "<locationid>E100</locationid>"))
    alone = ends(call(opened, exclude + "<locationid>E100</locationid><loc_subs>false</loc_subs>"))
    assert with_children["1000"] == Decimal("10850.50")
    assert alone == {}


def test_entities_add_up_to_the_company_and_a_session_sees_its_own(
    sandbox: Sandbox, opened: SignedIn
) -> None:
    rest = ZERO + "<statistical>exclude</statistical>"
    parts = [ends(call(sign_in(sandbox.endpoint, location=entity), rest)) for entity in ("E100", "E200")]
    whole = ends(call(opened, rest))
    assert whole == {account: sum(part[account] for part in parts) for account in whole}
    shops = sign_in(sandbox.endpoint, location="E100")
    assert refusal(call(shops, "<locationid>E200</locationid>")) == "BL01001973"


def test_a_company_of_several_currencies_needs_a_location_or_a_consolidation_book(tmp_path: Path) -> None:
    folder = copytree(EXCHANGES / "company", tmp_path / "company")
    settings = json.loads((folder / "company.json").read_text("utf-8")) | {"multi_base_currency": True}
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    places = (
        (folder / "LOCATIONENTITY.csv").read_text("utf-8").replace("Parts,,active,USD", "Parts,,active,EUR")
    )
    (folder / "LOCATIONENTITY.csv").write_text(places, "utf-8")
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        opened = sign_in(sandbox.endpoint, BIRCHWOOD)
        assert refusal(call(opened, "")) == "BL01001973"
        book = call(opened, "<reportingbook>USDCONS</reportingbook>")
        entity = call(opened, "<locationid>E200</locationid>")
    assert {row["currency"] for row in rows(book)} == {"USD"}
    assert {row["currency"] for row in rows(entity)} == {"EUR"}


def test_a_consolidation_book_knows_nothing_of_what_came_after_its_last_run(tmp_path: Path) -> None:
    folder = tmp_path / "stale"
    copytree(EXCHANGES / "company", folder)
    settings = json.loads((folder / "company.json").read_text("utf-8"))
    settings["consolidated_through"] = {"USDCONS": "2026-03-31"}
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as stale:
        bank = ends(call(sign_in(stale.endpoint), "<reportingbook>USDCONS</reportingbook>"))["1000"]
        lines = sign_in(stale.endpoint).call(query("GLDETAIL", "RECORDNO", "BOOKID", rest=APRIL_LINES))
        books = {row["BOOKID"] for row in rows(lines)}
    assert (bank, books) == (Decimal("11500.00"), {"ACCRUAL", "GAAPACCRUAL"})
