"""Forms of requests that few clients use, answered as the documentation has them."""

import shutil
from collections.abc import Iterator
from decimal import Decimal

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    APRIL,
    BIRCHWOOD,
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    Answer,
    SignedIn,
    attributes,
    envelope,
    login,
    post,
    query,
    rows,
    sign_in,
)

SPRING = APRIL.replace("<month>04</month><day>01</day>", "<month>02</month><day>01</day>", 1)
ERRORNO = "operation/result/errormessage/error/errorno"
TABLES = {
    "GLACCTGRP": "RECORDNO,NAME,TITLE,NORMAL_BALANCE,ASOF,MEMBERTYPE\n"
    "1,Cash,Cash on hand,debit,E,Accounts\n2,Current assets,Current assets,debit,E,Groups\n"
    "3,Receivables,What is owed,debit,E,Category\n",
    "ACCTRANGE": "GLACCTGRPNAME,RANGEFROM,RANGETO\nCash,0900,1099\n",
    "GLCOACATMEMBER": "GLACCTGRPNAME,CATEGORYNAME\nReceivables,Accounts Receivable\n",
    # One group holds the other and is held by it, which must end.
    "GLACCTGRPMEMBER": "GLACCTGRPNAME,CHILDNAME\nCurrent assets,Cash\nCurrent assets,Receivables\n"
    "Cash,Current assets\n",
    "DEPARTMENT": "RECORDNO,DEPARTMENTID,TITLE,PARENTID,STATUS\n1,SHOP,Shop,,active\n2,WEB,Web,SHOP,active\n"
    "3,YARD,Yard,,active\n",
    "ARINVOICEITEM": "RECORDNO,RECORDKEY,ACCOUNTNO,AMOUNT,DEPARTMENTID,LOCATIONID\n"
    "1,1,4000,1000.40,WEB,L110\n2,1,4000,250.10,YARD,L110\n3,2,4000,820.00,SHOP,L110\n",
    "REPORTINGPERIOD": "RECORDNO,NAME,START_DATE,END_DATE,BUDGETING,STATUS\n"
    "1,March 2026,03/01/2026,03/31/2026,true,active\n2,April 2026,04/01/2026,04/30/2026,true,active\n",
    "GLBUDGETITEM": "BUDGETID,ACCOUNTNO,PERIODNAME,AMOUNT,LOCATIONID\n"
    "PLAN,4000,March 2026,-500.00,L110\nPLAN,4000,April 2026,-900.00,L110\n"
    "PLAN,4000,April 2026,-100.00,E200\nPLAN,6000,April 2026,450.00,E200\nOLD,4000,April 2026,-1.00,L110\n",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The company of the exchanges with groups of accounts, lines of invoices and a budget."""
    folder = tmp_path_factory.mktemp("companies") / "company"
    shutil.copytree(EXCHANGES / "company", folder)
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    invoices = (folder / "ARINVOICE.csv").read_text("utf-8").splitlines()
    kinds = ("DOCUMENTTYPE", "Sales Invoice", "")
    lines = [f"{line},{kind}" for line, kind in zip(invoices, kinds, strict=True)]
    (folder / "ARINVOICE.csv").write_text("\n".join(lines) + "\n", "utf-8")
    settings = (folder / "company.json").read_text("utf-8")
    (folder / "company.json").write_text(settings.replace("{", '{"default_budget": "PLAN",', 1), "utf-8")
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        yield sandbox


@pytest.fixture
def opened(running: Sandbox) -> SignedIn:
    return sign_in(running.endpoint)


# Several operations, preferences, tokens


def two_operations(first: str, second: str) -> str:
    """A request whose operations sign in apart, each asking for the applications."""
    whole = envelope(first, "<get_applications/>")
    end = whole.index("</request>")
    other = envelope(second, "<get_applications/>", "<getFinancialSetup/>")
    return whole[:end] + other[other.index("<operation") : other.index("</request>")] + whole[end:]


def test_operations_of_one_request_are_answered_in_their_order(running: Sandbox) -> None:
    answer = post(running.endpoint, two_operations(login(*BIRCHWOOD, "E100"), login(*BIRCHWOOD)))
    first, second = answer.xml.findall("operation")
    assert (first.findtext("authentication/locationid"), len(first.findall("result"))) == ("E100", 1)
    assert (second.findtext("authentication/locationid") or "", len(second.findall("result"))) == ("", 2)


def test_an_operation_that_may_not_sign_in_leaves_the_others_alone(running: Sandbox) -> None:
    wrong = login(BIRCHWOOD[0], BIRCHWOOD[1], "wrong")
    answer = post(running.endpoint, two_operations(wrong, login(*BIRCHWOOD)))
    assert answer.text("control/status") == "success"
    first, second = answer.xml.findall("operation")
    assert first.findtext("authentication/status") == "failure"
    assert first.findtext("errormessage/error/errorno") == "XL03000006"
    assert first.find("result") is None
    assert [result.findtext("status") for result in second.findall("result")] == ["success", "success"]


def test_a_transaction_rolls_back_its_own_operation_only(running: Sandbox) -> None:
    body = two_operations(login(*BIRCHWOOD), login(*BIRCHWOOD))
    failing = body.replace("<getFinancialSetup/>", query("NOSUCHOBJECT", "RECORDNO"))
    answer = post(running.endpoint, failing.replace("<operation>", '<operation transaction="true">'))
    assert [result.findtext("status") for result in answer.xml.iter("result")] == [
        "success",
        "aborted",
        "failure",
    ]


def test_an_operation_may_bring_preferences(running: Sandbox) -> None:
    body = envelope(login(*BIRCHWOOD), "<get_applications/>")
    preference = "<application>GL</application><preference>A</preference><prefvalue>T</prefvalue>"
    given = (
        f"<preferences><companyprefs><companypref>{preference}</companypref></companyprefs>"
        f"<moduleprefs><modulepref>{preference}</modulepref></moduleprefs></preferences>"
    )
    answer = post(running.endpoint, body.replace("<content>", given + "<content>"))
    assert answer.text("operation/result/status") == "success"
    late = post(running.endpoint, body.replace("</content>", f"</content>{given}"))
    assert late.text("errormessage/error/errorno") == "XL03000003"


def test_a_token_that_is_not_known_is_refused_as_any_sign_in(running: Sandbox) -> None:
    answer = post(running.endpoint, envelope("<oauth>eyJ0b2tlbg</oauth>", "<get_applications/>"))
    assert answer.text("control/status") == "success"
    assert answer.text("operation/authentication/status") == "failure"
    assert answer.text("operation/errormessage/error/errorno") == "XL03000006"
    assert b"eyJ0b2tlbg" not in answer.body


# Groups of accounts


def accounts_of(answer: Answer) -> list[str]:
    return [row["glaccountno"] for row in rows(answer)]


@pytest.mark.parametrize(
    ("group", "accounts"),
    [
        ("Cash", ["0950", "1000", "1200"]),
        ("Receivables", ["1200"]),
        ("Current assets", ["0950", "1000", "1200"]),
    ],
)
def test_balances_of_a_group_are_those_of_its_accounts(
    group: str, accounts: list[str], opened: SignedIn
) -> None:
    chosen = f"<accountgroupname>{group}</accountgroupname>"
    zero = "<showzerobalances>true</showzerobalances>"
    of_group = opened.call(f"<get_accountbalances>{APRIL}{chosen}{zero}</get_accountbalances>")
    everything = rows(opened.call(f"<get_accountbalances>{APRIL}{zero}</get_accountbalances>"))
    assert rows(of_group) == [row for row in everything if row["glaccountno"] in accounts]
    assert accounts_of(of_group) == accounts


def test_balances_by_dimension_take_a_group_too_and_an_unknown_one_is_refused(opened: SignedIn) -> None:
    call = f"<get_accountbalancesbydimensions>{APRIL}{{}}</get_accountbalancesbydimensions>"
    found = opened.call(call.format("<accountgroupname>Receivables</accountgroupname>"))
    assert accounts_of(found) == ["1200"]
    unknown = opened.call(call.format("<accountgroupname>receivables</accountgroupname>"))
    assert unknown.text(ERRORNO) == "BL01001973"


@pytest.mark.parametrize(
    "choice",
    [
        "<glaccountno>1000</glaccountno><accountgroupname>Cash</accountgroupname>",
        "<startaccountno>1000</startaccountno>",
        "<endaccountno>1000</endaccountno>",
        "<glaccountno>1000</glaccountno><endaccountno>1000</endaccountno>",
    ],
)
def test_accounts_are_chosen_in_one_way(choice: str, opened: SignedIn) -> None:
    answer = opened.call(f"<get_accountbalances>{APRIL}{choice}</get_accountbalances>")
    assert answer.text("errormessage/error/errorno") == "XL03000003"


def test_a_group_is_described_with_the_groups_and_accounts_inside_it(opened: SignedIn) -> None:
    name = "<accountgroupname>{}</accountgroupname>"
    answer = opened.call(
        f"<get_accountgroupdetails>{name.format('Current assets')}</get_accountgroupdetails>"
    )
    detail = answer.xml.find("operation/result/data/accountgroupdetail")
    assert detail is not None and detail.findtext("accountgroupname") == "Current assets"
    inside = {
        child.findtext("accountgroupname"): [found.text for found in child.iterfind("glaccount/glaccountno")]
        for child in detail.iterfind("accountgroupdetail")
    }
    assert inside == {"Cash": ["0950", "1000"], "Receivables": ["1200"]}
    unknown = opened.call(f"<get_accountgroupdetails>{name.format('Nothing')}</get_accountgroupdetails>")
    assert unknown.text(ERRORNO) == "BL01001973"


def test_the_flattened_view_lists_each_account_of_each_group(opened: SignedIn) -> None:
    found = rows(opened.call(query("GLACCTGRPHIERARCHY", "GLACCTGRPNAME", "ACCOUNTNO", "ACCOUNTTYPE")))
    of_receivables = [row for row in found if row["GLACCTGRPNAME"] == "Receivables"]
    assert of_receivables == [
        {"GLACCTGRPNAME": "Receivables", "ACCOUNTNO": "1200", "ACCOUNTTYPE": "balancesheet"}
    ]
    assert {row["ACCOUNTNO"] for row in found if row["GLACCTGRPNAME"] == "Current assets"} == {
        "0950",
        "1000",
        "1200",
    }


# Lines that a record owns


def test_a_record_that_is_read_whole_brings_its_lines_and_a_query_does_not(opened: SignedIn) -> None:
    whole = opened.call("<read><object>ARINVOICE</object><keys>1</keys></read>")
    lines = whole.xml.findall("operation/result/data/ARINVOICE/ARINVOICEITEMS/arinvoiceitem")
    assert [line.findtext("AMOUNT") for line in lines] == ["1000.40", "250.10"]
    named = opened.call("<read><object>ARINVOICE</object><keys>1</keys><fields>RECORDNO</fields></read>")
    assert rows(named) == [{"RECORDNO": "1"}]
    listed = opened.call(query("ARINVOICE", "RECORDNO"))
    assert listed.xml.find("operation/result/data/ARINVOICE/ARINVOICEITEMS") is None
    private = "<options><showprivate>true</showprivate></options>"
    assert len(rows(opened.call(query("ARINVOICEITEM", "RECORDKEY", rest=private)))) == 3


def test_a_group_that_is_read_brings_its_members(opened: SignedIn) -> None:
    answer = opened.call("<readByName><object>GLACCTGRP</object><keys>Cash</keys></readByName>")
    group = answer.xml.find("operation/result/data/GLACCTGRP")
    assert group is not None
    assert group.findtext("GLACCTRANGES/ACCTRANGE/RANGEFROM") == "0900"
    assert group.findtext("GLACCTGRPS/GLACCTGRPMEMBER/CHILDNAME") == "Current assets"


# Ageing


def aging(opened: SignedIn, month: int, before: str = "", after: str = "") -> Answer:
    day = f"<asofdate><year>2026</year><month>{month}</month><day>30</day></asofdate>"
    return opened.call(f"<get_araging><locationid>E100</locationid>{before}{day}{after}</get_araging>")


def totals(answer: Answer) -> dict[str, Decimal]:
    return {
        customer.findtext("customerid", ""): sum(
            (Decimal(found.text or "0") for found in customer.iterfind("aging/totalamount")), Decimal(0)
        )
        for customer in answer.xml.iterfind("operation/result/data/araging")
    }


@pytest.mark.parametrize(
    ("department", "march", "april"),
    [("SHOP", "1000.40", "820.00"), ("WEB", "1000.40", None), ("YARD", "250.10", None)],
)
def test_a_department_has_its_part_of_what_is_open(
    department: str, march: str, april: str | None, opened: SignedIn
) -> None:
    choice = f"<departmentid>{department}</departmentid>"
    assert totals(aging(opened, 3, choice)) == {"C-1": Decimal(march)}
    assert totals(aging(opened, 4, choice)) == ({"C-1": Decimal(april)} if april else {})
    unknown = aging(opened, 3, "<departmentid>NONE</departmentid>")
    assert unknown.text(ERRORNO) == "BL01001973"


def test_one_kind_of_document_can_be_asked_for(opened: SignedIn) -> None:
    kind = "<documenttype>Sales Invoice</documenttype>"
    assert totals(aging(opened, 3, after=kind)) == {"C-1": Decimal("1250.50")}
    assert totals(aging(opened, 4, after=kind)) == {}


def test_customers_without_balance_appear_where_they_are_asked_for(opened: SignedIn) -> None:
    paid = "<documenttype>Sales Invoice</documenttype>"
    zero = "<showzerowithactivity>true</showzerowithactivity>"
    assert totals(aging(opened, 4, after=paid + zero)) == {"C-1": 0}
    before_any = opened.call(
        "<get_araging><locationid>E100</locationid><asofdate><year>2026</year><month>1</month><day>30</day>"
        f"</asofdate>{zero}</get_araging>"
    )
    assert totals(before_any) == {}


# Budgets

BY_DIMENSIONS = "<get_accountbalancesbydimensions>{}</get_accountbalancesbydimensions>"
BOTH = "<contentselection>Actual and Budget</contentselection>"
SALES = "<glaccountno>4000</glaccountno>"


def amounts(row: dict[str, str]) -> dict[str, Decimal]:
    names = ("budgetbalance", "periodbalance", "difference")
    return {name: Decimal(row[name]) for name in names if name in row}


def test_a_budget_stands_beside_the_actual_balance_with_their_difference(opened: SignedIn) -> None:
    (actual,) = rows(opened.call(BY_DIMENSIONS.format(APRIL + SALES)))
    moved = Decimal(actual["periodbalance"])
    named = "<budgetid>PLAN</budgetid>"
    (row,) = rows(opened.call(BY_DIMENSIONS.format(APRIL + BOTH + named + SALES)))
    assert list(row)[:4] == ["glaccountno", "budgetbalance", "periodbalance", "difference"]
    expected = {"budgetbalance": Decimal(-1000), "periodbalance": moved, "difference": -1000 - moved}
    assert amounts(row) == expected
    other_way = "<budgetcomparison>Actual minus Budget</budgetcomparison>"
    (row,) = rows(opened.call(BY_DIMENSIONS.format(APRIL + BOTH + other_way + SALES)))
    assert amounts(row) == expected | {"difference": moved + 1000}


def test_a_budget_alone_adds_up_its_periods_by_place(opened: SignedIn) -> None:
    alone = "<contentselection>Budget</contentselection>"
    found = rows(opened.call(BY_DIMENSIONS.format(SPRING + alone + SALES + "<groupby>location</groupby>")))
    assert {row["locationid"]: amounts(row) for row in found} == {
        "E200": {"budgetbalance": Decimal(-100)},
        "L110": {"budgetbalance": Decimal(-1400)},
    }


def test_an_unknown_budget_and_the_detail_of_one_are_refused(opened: SignedIn) -> None:
    detail = "<showperiodbalancedetail>true</showperiodbalancedetail>"
    for choice in ("<budgetid>NONE</budgetid>", detail):
        assert opened.call(BY_DIMENSIONS.format(APRIL + BOTH + choice)).text(ERRORNO) == "BL01001973"


# readMore in its four forms, and the report that is run apart


def scan(object_name: str, size: int) -> str:
    return (
        f"<readByQuery><object>{object_name}</object><fields>RECORDNO</fields><query/>"
        f"<pagesize>{size}</pagesize></readByQuery>"
    )


def test_an_object_stands_for_the_sessions_latest_scan_of_it(running: Sandbox, opened: SignedIn) -> None:
    seen = [row["RECORDNO"] for row in rows(opened.call(scan("GLACCOUNT", 3)))]
    more = "<readMore><object>GLACCOUNT</object></readMore>"
    other = sign_in(running.endpoint)
    assert other.call(more).text(ERRORNO) == "DL02000001"
    while True:
        answer = opened.call(more)
        seen += [row["RECORDNO"] for row in rows(answer)]
        if attributes(answer)["numremaining"] == "0":
            break
    assert len(seen) == len(set(seen)) == int(attributes(answer)["totalcount"])
    assert opened.call(more).text(ERRORNO) == "DL02000001"


def test_no_view_is_under_way(opened: SignedIn) -> None:
    assert opened.call("<readMore><view>V1</view></readMore>").text(ERRORNO) == "DL02000001"


@pytest.mark.parametrize("more", ["<view>V1</view><object>GLACCOUNT</object>", "", "<name>GLACCOUNT</name>"])
def test_exactly_one_thing_is_gone_on_with(more: str, opened: SignedIn) -> None:
    answer = opened.call(f"<readMore>{more}</readMore>")
    assert answer.text("errormessage/error/errorno") == "XL03000003"


REPORT = (
    '<readReport type="STANDARD" returnDef="false"><report>get_accountbalancesbydimensions</report>'
    f"<arguments>{BY_DIMENSIONS.format(APRIL)}</arguments><pagesize>2</pagesize></readReport>"
)


def test_a_report_is_pending_then_comes_in_pages_and_then_is_gone(opened: SignedIn) -> None:
    begun = opened.call(REPORT)
    results = "operation/result/data/report_results/"
    assert begun.text(results + "STATUS") == "PENDING"
    more = f"<readMore><reportId>{begun.text(results + 'REPORTID')}</reportId></readMore>"
    found: list[dict[str, str]] = []
    left = 1
    while left:
        answer = opened.call(more)
        report = answer.xml.find("operation/result/data/report")
        assert report is not None and report.findtext("STATUS") == "DONE"
        assert attributes(answer)["listtype"] == "report"
        found += [{str(value.tag): value.text or "" for value in row} for row in report.iterfind("data")]
        left = int(attributes(answer)["numremaining"])
    assert found == rows(opened.call(BY_DIMENSIONS.format(APRIL)))
    assert opened.call(more).text(ERRORNO) == "DL02000001"


def test_a_report_of_the_report_writer_does_not_exist_here(opened: SignedIn) -> None:
    unknown = '<readReport type="interactive"><report>Income statement</report></readReport>'
    assert opened.call(unknown).text(ERRORNO) == "BL01001973"
    without = '<readReport type="STANDARD"><report>get_accountbalancesbydimensions</report></readReport>'
    assert opened.call(without).text(ERRORNO) == "BL01001973"


def test_a_report_belongs_to_the_user_who_ran_it(running: Sandbox, opened: SignedIn) -> None:
    identifier = opened.call(REPORT).text("operation/result/data/report_results/REPORTID")
    narrow = sign_in(running.endpoint, ("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"))
    assert (
        narrow.call(f"<readMore><reportId>{identifier}</reportId></readMore>").text(ERRORNO) == "DL02000001"
    )
