"""query: rows, pages, filters, and who sees what."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import Answer, SignedIn, attributes, query, rows, sign_in

PRIVATE = "<options><showprivate>true</showprivate></options>"
BY_KEY = "<orderby><order><field>RECORDNO</field><ascending/></order></orderby>"


@pytest.fixture
def opened(sandbox: Sandbox) -> SignedIn:
    return sign_in(sandbox.endpoint)


def numbers(answer: Answer) -> list[str]:
    return [row["ACCOUNTNO"] for row in rows(answer)]


def condition(operator: str, field: str, *values: str) -> str:
    given = "".join(f"<value>{value}</value>" for value in values)
    return f"<{operator}><field>{field}</field>{given}</{operator}>"


def test_offset_pages_of_an_unordered_table_overlap_and_leave_gaps(opened: SignedIn) -> None:
    seen: list[str] = []
    for offset in range(0, 60, 5):
        rest = f"<pagesize>5</pagesize><offset>{offset}</offset>"
        seen += [row["RECORDNO"] for row in rows(opened.call(query("GLDETAIL", "RECORDNO", rest=rest)))]
    assert len(seen) != len(set(seen))


def test_keyset_pages_in_order_hold_every_row_once(opened: SignedIn) -> None:
    seen: list[str] = []
    last, remaining = "0", -1
    while remaining:
        key = f"<filter>{condition('greaterthan', 'RECORDNO', last)}</filter>"
        rest = key + BY_KEY + PRIVATE + "<pagesize>2</pagesize>"
        answer = opened.call(query("GLACCOUNT", "RECORDNO", rest=rest))
        page = [row["RECORDNO"] for row in rows(answer)]
        seen, last, remaining = seen + page, page[-1], int(attributes(answer)["numremaining"])
    assert seen == ["11", "12", "13", "14", "15", "21", "22", "23", "31"]


def test_numbers_order_as_numbers_and_account_numbers_as_text(opened: SignedIn) -> None:
    order = "<orderby><order><field>ACCOUNTNO</field><descending/></order></orderby>"
    found = numbers(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest=order + PRIVATE)))
    assert found[0] == "6100"
    assert found[-1] == "0950"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (condition("equalto", "STATUS", "inactive"), ["6100"]),
        (condition("notequalto", "CATEGORY", "Rent Expense"), 7),
        (condition("isnull", "CATEGORY"), ["0950"]),
        (condition("isnotnull", "CATEGORY"), 8),
        (condition("in", "ACCOUNTNO", "1000", "4000", "nothing"), ["1000", "4000"]),
        (condition("notin", "ACCOUNTNO", "1000", "4000"), 7),
        (condition("between", "RECORDNO", "12", "14"), ["1200", "2000", "3000"]),
        (condition("like", "TITLE", "Accounts %"), ["1200", "2000"]),
        (condition("like", "TITLE", "accounts %"), []),
        (condition("notlike", "TITLE", "%o%"), ["0950", "1000", "3000", "3900", "4000"]),
        (condition("lessthan", "RECORDNO", "12"), ["1000"]),
        (condition("lessthanorequalto", "RECORDNO", "12"), ["1000", "1200"]),
        (
            f"<or>{condition('equalto', 'ACCOUNTNO', '0950')}{condition('like', 'TITLE', 'Owner_s%')}</or>",
            ["0950", "3000"],
        ),
        (
            f"<and>{condition('equalto', 'STATUS', 'active')}{condition('isnull', 'CLOSINGACCOUNTNO')}"
            f"{condition('greaterthanorequalto', 'RECORDNO', '15')}</and>",
            ["0950", "3900"],
        ),
    ],
)  # fmt: skip
def test_filters_select_what_they_say(test: str, expected: list[str] | int, opened: SignedIn) -> None:
    found = numbers(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest=f"<filter>{test}</filter>{PRIVATE}")))
    assert len(found) == expected if isinstance(expected, int) else sorted(found) == expected


def test_text_compares_without_case_only_when_asked(opened: SignedIn) -> None:
    test = f"<filter>{condition('equalto', 'TITLE', 'OPERATING BANK')}</filter>"
    options = "<options><caseinsensitive>true</caseinsensitive></options>"
    assert numbers(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest=test))) == []
    assert numbers(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest=test + options))) == ["1000"]


def test_dates_compare_as_dates_and_iso_dates_are_refused(opened: SignedIn) -> None:
    late = f"<filter>{condition('greaterthanorequalto', 'ENTRY_DATE', '04/02/2026')}</filter>"
    found = rows(opened.call(query("GLDETAIL", "ENTRY_DATE", rest=late + "<pagesize>2000</pagesize>")))
    assert found and all(row["ENTRY_DATE"].startswith("04/") for row in found)
    refused = opened.call(query("GLDETAIL", "ENTRY_DATE", rest=late.replace("04/02/2026", "2026-04-02")))
    assert refused.text("operation/result/errormessage/error/errorno") == "DL02000001"


def test_private_rows_appear_at_the_top_level_only_when_asked(sandbox: Sandbox, opened: SignedIn) -> None:
    asked = query("GLACCOUNT", "ACCOUNTNO")
    assert "0950" not in numbers(opened.call(asked))
    assert "0950" in numbers(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest=PRIVATE)))
    assert "0950" in numbers(sign_in(sandbox.endpoint, location="E200").call(asked))
    shops = sign_in(sandbox.endpoint, location="E100")
    assert "0950" not in numbers(shops.call(query("GLACCOUNT", "ACCOUNTNO", rest=PRIVATE)))


def test_an_entity_session_sees_the_postings_of_its_own_locations(sandbox: Sandbox) -> None:
    shops = sign_in(sandbox.endpoint, location="E100")
    answer = shops.call(query("GLDETAIL", "LOCATIONID", rest="<pagesize>2000</pagesize>"))
    assert {row["LOCATIONID"] for row in rows(answer)} == {"E100", "L110"}


def test_aggregates_group_by_the_plain_fields(opened: SignedIn) -> None:
    function = (
        "<query><object>GLACCOUNT</object><select><field>ACCOUNTTYPE</field><count>RECORDNO</count>"
        f"<max>ACCOUNTNO</max></select>{PRIVATE}</query>"
    )
    found = rows(opened.call(function))
    assert found == [
        {"ACCOUNTTYPE": "balancesheet", "COUNT.RECORDNO": "6", "MAX.ACCOUNTNO": "3900"},
        {"ACCOUNTTYPE": "incomestatement", "COUNT.RECORDNO": "3", "MAX.ACCOUNTNO": "6100"},
    ]


def test_a_standard_field_that_the_file_lacks_is_null(opened: SignedIn) -> None:
    assert rows(opened.call(query("VENDOR", "VENDORID", "CURRENCY"))) == [
        {"VENDORID": "V-0042", "CURRENCY": ""}
    ]


def test_a_page_beyond_the_end_is_empty_and_still_counted(opened: SignedIn) -> None:
    answer = opened.call(query("VENDOR", "VENDORID", rest="<offset>5</offset>"))
    expected = {"listtype": "VENDOR", "totalcount": "1", "offset": "5", "count": "0", "numremaining": "0"}
    assert attributes(answer) == expected


def test_functions_of_one_request_fail_apart(opened: SignedIn) -> None:
    answer = opened.call(query("NOTHING", "X"), query("VENDOR", "VENDORID"))
    results = answer.xml.findall("operation/result")
    assert [result.findtext("status") for result in results] == ["failure", "success"]
    assert [result.findtext("controlid") for result in results] == ["f1", "f2"]


def test_a_user_without_any_permission_is_refused_every_object_and_the_trial_balance(
    sandbox: Sandbox,
) -> None:
    narrow = sign_in(sandbox.endpoint, ("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"))
    assert rows(narrow.call(query("GLACCOUNT", "ACCOUNTNO")))
    day = "<year>2026</year><month>1</month><day>1</day>"
    balance = f"<get_trialbalance><startdate>{day}</startdate><enddate>{day}</enddate></get_trialbalance>"
    for function in (query("GLDETAIL", "RECORDNO"), balance):
        assert narrow.call(function).text("operation/result/errormessage/error/errorno") == "PL04000005"
