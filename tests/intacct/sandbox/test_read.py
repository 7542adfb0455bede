"""The older ways to read: readByQuery with readMore, read, readByName, lookup."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import Answer, SignedIn, attributes, rows, sign_in


@pytest.fixture
def opened(sandbox: Sandbox) -> SignedIn:
    return sign_in(sandbox.endpoint)


def read_by_query(object_name: str, query: str, fields: str = "*", size: int = 1000) -> str:
    given = query.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<readByQuery><object>{object_name}</object><fields>{fields}</fields><query>{given}</query>"
        f"<pagesize>{size}</pagesize></readByQuery>"
    )


def error(answer: Answer) -> str:
    return answer.text("operation/result/errormessage/error/errorno")


def test_pages_follow_each_other_by_result_id_until_nothing_remains(opened: SignedIn) -> None:
    answer = opened.call(read_by_query("GLACCOUNT", "", "ACCOUNTNO", 3))
    seen = [row["ACCOUNTNO"] for row in rows(answer)]
    data = answer.xml.find("operation/result/data")
    assert data is not None and {child.tag for child in data} == {"glaccount"}
    assert attributes(answer)["listtype"] == "glaccount"
    while attributes(answer)["numremaining"] != "0":
        answer = opened.call(f"<readMore><resultId>{attributes(answer)['resultId']}</resultId></readMore>")
        seen += [row["ACCOUNTNO"] for row in rows(answer)]
    assert len(seen) == len(set(seen)) == int(attributes(answer)["totalcount"]) == 8
    assert attributes(answer)["resultId"] == ""


def test_a_result_id_is_refused_when_it_is_unknown_or_another_users(
    sandbox: Sandbox, opened: SignedIn
) -> None:
    assert error(opened.call("<readMore><resultId>12345</resultId></readMore>")) == "DL02000001"
    begun = attributes(opened.call(read_by_query("GLACCOUNT", "", "ACCOUNTNO", 2)))["resultId"]
    narrow = sign_in(sandbox.endpoint, ("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"))
    assert error(narrow.call(f"<readMore><resultId>{begun}</resultId></readMore>")) == "DL02000001"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ACCOUNTNO = '4000'", ["4000"]),
        ("STATUS = 'F'", ["6100"]),
        ("STATUS = 'active'", []),
        ("ACCOUNTTYPE = 'I' AND STATUS = 'T'", ["4000", "6000"]),
        ("ACCOUNTNO = '1000' OR ACCOUNTNO = '1200' AND STATUS = 'F'", ["1000"]),
        ("RECORDNO >= 13 AND RECORDNO < '15'", ["2000", "3000"]),
        ("TITLE like 'Owner\\'s%'", ["3000"]),
        ("ACCOUNTNO in ('1000', '2000')", ["1000", "2000"]),
        ("ACCOUNTNO not in ('1000', '2000') AND CLOSINGACCOUNTNO IS NULL", ["1200", "3000", "3900"]),
        ("CLOSINGACCOUNTNO IS NOT NULL AND TITLE not like 'Work%'", ["4000", "6100"]),
    ],
)
def test_the_query_text_selects_by_database_codes(query: str, expected: list[str], opened: SignedIn) -> None:
    found = rows(opened.call(read_by_query("GLACCOUNT", query)))
    assert sorted(row["ACCOUNTNO"] for row in found) == expected


@pytest.mark.parametrize(
    "query",
    [
        "NOFIELD = '1'",
        "RECORDNO > 1 ORDER BY RECORDNO",
        "ACCOUNTNO ==",
        "in (",
        "WHENMODIFIED > '2026-01-01'",
        ";",
    ],
)
def test_what_the_query_text_cannot_say_is_one_error_for_everything(query: str, opened: SignedIn) -> None:
    assert error(opened.call(read_by_query("GLACCOUNT", query))) == "DL02000001"


def test_records_are_read_by_key_and_by_name_under_the_upper_case_name(opened: SignedIn) -> None:
    by_key = opened.call(
        "<read><object>GLACCOUNT</object><keys>31,11</keys><fields>ACCOUNTNO</fields></read>"
    )
    by_name = opened.call(
        "<readByName><keys>0950</keys><fields>RECORDNO</fields><object>GLACCOUNT</object></readByName>"
    )
    assert rows(by_key) == [{"ACCOUNTNO": "0950"}, {"ACCOUNTNO": "1000"}]
    assert rows(by_name) == [{"RECORDNO": "31"}]
    assert attributes(by_key) == {"listtype": "GLACCOUNT", "count": "2"}


def test_a_missing_record_and_an_unknown_field_are_refused_differently(opened: SignedIn) -> None:
    missing = opened.call("<read><object>GLACCOUNT</object><keys>999</keys></read>")
    unknown = opened.call("<read><object>GLACCOUNT</object><keys>11</keys><fields>NOFIELD</fields></read>")
    assert error(missing) == "DL02000001"
    assert error(unknown) == "Invalid fields list NOFIELD"


def test_lookup_names_every_field_even_those_a_query_refuses(sandbox: Sandbox) -> None:
    narrow = sign_in(sandbox.endpoint, ("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"))
    answer = narrow.call("<lookup><object>ARINVOICE</object></lookup>")
    fields = [
        field.findtext("ID") for field in answer.xml.iterfind("operation/result/data/Type/Fields/Field")
    ]
    assert {"RECORDNO", "TOTALDUE", "INVOICENO"} <= set(fields)
