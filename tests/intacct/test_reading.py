"""The rest of what a company answers, through the sandbox: older reads, totals, rights, a probe."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

import intacct
from intacct.functions import Aggregate, Query, Read, ReadByQuery
from intacct.menus import MENUS, menu_words
from intacct.probing import beyond_reading
from intacct.sandbox import Sandbox
from intacct.sensitive import is_sensitive
from tests.intacct.conftest import EXCHANGES, Connect
from tests.intacct.wire import ScriptedServer, answer, opened_session, success

APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def test_what_a_company_has_is_read(connect: Connect) -> None:
    with connect() as company:
        assert "GL" in company.applications()
        assert {preference.application for preference in company.preferences()} == {"GEN"}
        assert company.closed_books_date() == date(2026, 3, 31)
        assert company.lookup("GLACCOUNT").name == "GLACCOUNT"


def test_balances_of_chosen_accounts_agree_with_the_trial_balance(connect: Connect) -> None:
    with connect() as company:
        whole = {row.account_number: row.closing for row in company.trial_balance(*APRIL)}
        one = company.account_balances(*APRIL, accounts=intacct.AccountChoice(number="1000"))
        split = company.account_balances_by_dimension(*APRIL, ["location"])
    assert [(row.account_number, row.closing) for row in one] == [("1000", whole["1000"])]
    assert sum(row.closing for row in split if row.account_number == "1000") == whole["1000"]
    assert all(dict(row.dimensions)["locationid"] for row in split)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "1", "group": "G"},
        {"first": "1"},
        {"last": "1"},
        {"number": "1", "first": "1", "last": "2"},
    ],
)
def test_accounts_are_chosen_in_one_way(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Choose"):
        intacct.AccountChoice(**wrong)


def test_receivables_are_read_by_age(connect: Connect) -> None:
    with connect() as company:
        aged = company.receivables_aging(date(2026, 3, 31), location="E100")
    assert [(row.customer_id, row.period, row.amount) for row in aged] == [
        ("C-1", "31-60", Decimal("1250.50"))
    ]


def test_records_are_counted_and_summed_by_the_gateway(connect: Connect) -> None:
    posted = intacct.filters.equal_to("STATE", "Posted")
    with connect() as company:
        assert company.count("GLACCOUNT") == len(list(company.accounts()))
        assert company.count("GLACCOUNT", where=intacct.filters.equal_to("ACCOUNTNO", "none")) == 0
        totals = company.totals(
            "GLDETAIL", [("sum", "AMOUNT"), ("count", "RECORDNO")], by=["BOOKID"], where=posted
        )
    assert all(row.text("BOOKID") for row in totals)
    assert sum(row.whole_number("COUNT.RECORDNO") or 0 for row in totals) > 0


def test_records_are_read_by_key_by_name_and_by_a_condition(connect: Connect) -> None:
    with connect() as company:
        assert [row.text("RECORDNO") for row in company.read("ARINVOICE", ["2", "1"], ["RECORDNO"])] == [
            "2",
            "1",
        ]
        petty = company.read("GLACCOUNT", ["0950"], ["TITLE"], by_name=True)
        assert petty[0].text("TITLE") == "Petty cash"
        scanned = list(company.read_by_query("GLACCOUNT", ["RECORDNO", "TITLE"], "STATUS = 'T'", page_size=3))
        shared = [one for one in company.accounts() if one.status == "active" and not one.entity_id]
        assert {row.text("TITLE") for row in scanned} == {one.title for one in shared}
        assert list(company.read_by_query("GLACCOUNT", ["RECORDNO"], "STATUS = 'active'")) == []


@pytest.mark.parametrize("keys", [[], [""], ["1,2"], ["1"] * 101])
def test_keys_are_one_to_a_hundred_and_hold_no_comma(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        Read("GLACCOUNT", tuple(keys), ("TITLE",))


def scan_page(count: int, total: int, remaining: int, result: str, rows: str) -> bytes:
    counts = f'count="{count}" totalcount="{total}" numremaining="{remaining}"'
    function = "readByQuery" if total == count + remaining else "readMore"
    return success(function, f'<data listtype="t" {counts} resultId="{result}">{rows}</data>')


@pytest.mark.parametrize(
    "pages",
    [
        [scan_page(1, 3, 2, "r", "<t><A>1</A></t>"), scan_page(1, 3, 0, "", "<t><A>2</A></t>")],
        [
            scan_page(1, 3, 2, "r", "<t><A>1</A></t>"),
            scan_page(2, 3, 0, "", "<t><A>2</A></t><t><A>1</A></t>"),
        ],
        [scan_page(1, 3, 2, "r", "<t><A>1</A></t>"), scan_page(2, 3, 0, "", "<t><A>2</A></t>")],
        [scan_page(0, 3, 3, "r", "")],
    ],
)
def test_a_scan_that_does_not_add_up_is_incomplete(
    pages: list[bytes], sender: intacct.Sender, login: intacct.Login
) -> None:
    formatting = (
        "<data><userformatting><dateformat>/mdY</dateformat><gmtoffset>+00:00</gmtoffset><clock>24</clock>"
        "</userformatting></data>"
    )
    with ScriptedServer(answer(b"")) as server:
        start = [opened_session(server.endpoint), success("readUserFormatting", formatting)]
        server.script = [answer(body) for body in (*start, *pages)]
        with (
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True) as company,
            pytest.raises(intacct.IncompleteRead),
        ):
            list(company.read_by_query("T", ["A"]))


def test_an_entity_is_entered_without_the_password(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        inner = company.enter("E100")
        assert inner.session.entity_id == "E100"
        assert company.session.entity_id == ""
        assert list(inner.trial_balance(*APRIL))
        assert list(company.trial_balance(*APRIL))


@pytest.mark.parametrize(
    "field",
    [
        *(
            "TAXID",
            "VENDOR.TAXID",
            "taxid",
            "TAX_ID",
            "VATID",
            "FEDERALID",
            "SSN",
            "IBAN",
            "CARDNUM",
            "PASSWORD",
        ),
        *(
            "ACHACCOUNTNUMBER",
            "WIREACCOUNTNUMBER",
            "ACHBANKROUTINGNUMBER",
            "WIREBANKROUTING",
            "BANKACCOUNTNO",
        ),
    ],
)
def test_bank_and_tax_numbers_are_never_read(field: str, connect: Connect, sandbox: Sandbox) -> None:
    assert is_sensitive(field)
    for make in (
        lambda: Query("VENDOR", ("NAME", field)),
        lambda: Read("VENDOR", ("1",), (field,)),
        lambda: ReadByQuery("VENDOR", (field,)),
        lambda: Aggregate("VENDOR", (("max", field),)),
        lambda: Aggregate("VENDOR", (("count", "RECORDNO"),), (field,)),
    ):
        with pytest.raises(ValueError, match="never read"):
            make()
    with connect() as company:
        with pytest.raises(ValueError, match="never read"):
            list(company.query("VENDOR", [field]))
        assert "query" not in sandbox.requests


def test_a_field_in_small_letters_is_refused_because_its_answer_would_be_missed() -> None:
    with pytest.raises(ValueError, match="capital letters: TITLE"):
        Query("GLACCOUNT", ("title",))


def test_a_field_whose_name_xml_cannot_write_is_refused() -> None:
    with pytest.raises(ValueError, match="XML has no name for the field DEPT#"):
        Query("CHECKINGACCOUNT", ("DEPT#",))


def test_all_fields_at_once_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="one by one"):
        ReadByQuery("VENDOR", ("*",))


@pytest.mark.parametrize(
    "field", ["ACCOUNTNO", "CLOSINGACCOUNTNO", "TAXABLE", "RECORDNO", "BANKNAME", "VENDORID"]
)
def test_ordinary_fields_are_not_taken_for_secrets(field: str) -> None:
    assert not is_sensitive(field)


def test_a_probe_names_what_is_missing_in_the_words_of_the_menu(connect: Connect) -> None:
    login = intacct.Login("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1")
    with connect(login=login) as company:
        found = company.probe(["GLACCOUNT", "ARINVOICE", "GLDETAIL", "ARINVOICE"])
    assert found.missing == (
        "Accounts Receivable, Invoices, List and View",
        "General Ledger, General Ledger, Run",
    )
    assert [refusal.object_name for refusal in found.refused] == ["ARINVOICE", "GLDETAIL"]
    assert all(refusal.error.support_id for refusal in found.refused)
    assert found.unavailable == ()


def test_a_probe_tells_what_the_company_does_not_have(connect: Connect) -> None:
    with connect() as company:
        found = company.probe(["GLACCOUNT", "NOSUCHOBJECT"])
    assert found.missing == ()
    assert [refusal.object_name for refusal in found.unavailable] == ["NOSUCHOBJECT"]


def test_a_probe_warns_of_entities_that_the_user_may_not_enter(connect: Connect) -> None:
    with connect() as company:
        assert company.probe([]).hidden_entities == ()
    with connect(login=intacct.Login("BIRCHWOOD", "ws_shops", "Shops-Secret-1")) as company:
        assert company.probe([]).hidden_entities == ("E200",)


def test_a_probe_asks_for_one_row_of_each_object(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        company.probe(["GLACCOUNT", "GLDETAIL", "GCBOOK"])
    assert sandbox.requests["query"] <= 4


def test_rights_beyond_reading_are_found() -> None:
    assert beyond_reading(intacct.Grant("GL", "Accounts", ("List", "View", "Run"))) == ()
    assert beyond_reading(intacct.Grant("GL", "Accounts", ("List", "Add", "Delete"))) == ("Add", "Delete")


def test_every_permission_is_named_by_module_permission_and_right() -> None:
    for words in MENUS.values():
        assert len(words.split(", ")) == 3
    assert menu_words("glaccount") == "General Ledger, Accounts, List and View"
    assert menu_words("CUSTOMTHING") == "CUSTOMTHING, List and View"


def test_a_probe_says_nothing_of_what_the_user_may_not_look_at(connect: Connect) -> None:
    with connect(login=intacct.Login("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1")) as company:
        found = company.probe(["GLACCOUNT"])
    assert found == intacct.Findings((), (), None, None)


def test_a_probe_finds_rights_that_reading_does_not_need(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    grants = (intacct.Grant("General Ledger", "Journal entries", ("List", "View", "Add", "Edit")),)
    with connect() as company:
        monkeypatch.setattr(company, "permissions", lambda: grants)
        assert company.probe([]).excessive == (("General Ledger, Journal entries", ("Add", "Edit")),)


def test_a_user_of_a_single_entity_lands_in_it(connect: Connect) -> None:
    with connect(login=intacct.Login("BIRCHWOOD", "ws_shops", "Shops-Secret-1")) as company:
        assert company.session.entity_id == "E100"
        assert [entity.id for entity in company.entities()] == ["E100"]


def test_fields_of_a_related_record_are_read_by_their_path(connect: Connect) -> None:
    with connect() as company:
        rows = list(company.query("ARINVOICE", ["CUSTOMER.NAME"], page_size=1))
    assert [row.text("CUSTOMER.NAME") for row in rows] == ["Łódź Velo & Søn"] * 2


def test_an_entity_holds_the_postings_of_its_locations(connect: Connect) -> None:
    with connect() as company:
        entity = {row.account_number: row.closing for row in company.trial_balance(*APRIL, location="E100")}
        split = company.account_balances_by_dimension(*APRIL, ["location"])
    below = {row.account_number: row.closing for row in split if ("locationid", "L110") in row.dimensions}
    assert entity["1000"] == below["1000"] == Decimal("10850.50")


def test_a_company_of_several_currencies_needs_an_entity_or_a_book(
    tmp_path: Path, sender: intacct.Sender, login: intacct.Login
) -> None:
    folder = copytree(EXCHANGES / "company", tmp_path / "company")
    settings = json.loads((folder / "company.json").read_text("utf-8")) | {"multi_base_currency": True}
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    with (
        Sandbox([folder], sender_id=sender.id, sender_password=sender.password, port=0) as several,
        intacct.connect(sender, login, endpoint=several.endpoint, allow_sandbox=True) as company,
    ):
        assert company.financial_setup().multi_base_currency
        with pytest.raises(intacct.FunctionFailed) as caught:
            list(company.trial_balance(*APRIL))
        assert caught.value.errorno == "BL01001973"
        assert list(company.trial_balance(*APRIL, book="USDCONS"))
        assert list(company.trial_balance(*APRIL, location="E200"))
