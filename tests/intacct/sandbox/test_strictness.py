"""What the schema does not allow is refused as a whole, with line and column."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import BIRCHWOOD, Answer, envelope, login, post, query

BALANCE = "<get_trialbalance>{}</get_trialbalance>"
START = "<startdate><year>2026</year><month>04</month><day>01</day></startdate>"
END = "<enddate><year>2026</year><month>04</month><day>30</day></enddate>"


def schema_error(answer: Answer) -> str:
    """The text of a schema violation; fails where the reply says anything else."""
    assert answer.status == 200
    assert answer.text("control/status") == "failure"
    assert answer.text("errormessage/error/errorno") == "XL03000003"
    assert answer.xml.find("operation") is None
    text = answer.text("errormessage/error/description2")
    assert "Line: " in text and "column: " in text
    return text


BOOK_FIRST = "<reportingbook>ACCRUAL</reportingbook><showzerobalances>true</showzerobalances>"
LOCATION_FIRST = "<locationid>E100</locationid><statistical>exclude</statistical>"
PRIVATE_FIRST = "<options><showprivate>true</showprivate><caseinsensitive>true</caseinsensitive></options>"


def page(rest: str) -> str:
    return query("GLACCOUNT", "RECORDNO", rest=rest)


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        ("<getTrialBalance/>", "Element 'getTrialBalance': This element is not expected."),
        ("<getFinancialSetup><all/></getFinancialSetup>", "Element 'all': This element is not expected."),
        (BALANCE.format(END + START), "Element 'enddate'"),
        (BALANCE.format(START), "Missing child element(s). Expected is ( enddate )."),
        (BALANCE.format(START + END + BOOK_FIRST), "Element 'showzerobalances'"),
        (BALANCE.format(START + END + LOCATION_FIRST), "Element 'statistical'"),
        (BALANCE.format(START + END + "<projectid>10</projectid>"), "Element 'projectid'"),
        (
            BALANCE.format(START + END + "<showzerobalances>yes</showzerobalances>"),
            "not an element of the set",
        ),
        (
            BALANCE.format(START.replace("<day>01</day>", "") + END),
            "Missing child element(s). Expected is ( day ).",
        ),
        (BALANCE.format("<startdate>2026-04-01</startdate>" + END), "Character content"),
        (page("<pagesize>2001</pagesize>"), "maxInclusive"),
        (page("<pagesize>0</pagesize>"), "minInclusive"),
        (page("<filter><and/></filter>"), "Missing child element(s)."),
        (page("<filter/><filter/>"), "Element 'filter'"),
        (page(f"<filter><in><field>RECORDNO</field>{'<value>1</value>' * 1001}</in></filter>"), "'value'"),
        (page(PRIVATE_FIRST), "Element 'caseinsensitive'"),
        (query("GLACCOUNT"), "Element 'select': Missing child element(s)."),
        ('<get_list object="company_info" maxitems="1" order="x"/>', "The attribute 'order' is not allowed."),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(function: str, complaint: str, sandbox: Sandbox) -> None:
    assert complaint in schema_error(post(sandbox.endpoint, envelope(login(*BIRCHWOOD), function)))


def test_the_children_of_a_query_may_come_in_any_order(sandbox: Sandbox) -> None:
    selected = "<select><field>RECORDNO</field></select>"
    function = f"<query><pagesize>3</pagesize>{selected}<object>GLACCOUNT</object></query>"
    answer = post(sandbox.endpoint, envelope(login(*BIRCHWOOD), function))
    assert answer.text("operation/result/status") == "success"


def test_a_function_without_control_id_is_refused(sandbox: Sandbox) -> None:
    body = envelope(login(*BIRCHWOOD), "<getAPISession/>").replace(' controlid="f1"', "")
    assert "The attribute 'controlid' is required" in schema_error(post(sandbox.endpoint, body))


def test_the_line_of_the_complaint_is_that_of_the_element(sandbox: Sandbox) -> None:
    body = envelope(login(*BIRCHWOOD), "\n\n<getAPISession>\n<entity/></getAPISession>")
    assert "Line: 5 column" in schema_error(post(sandbox.endpoint, body))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not xml",
        "<request><control>",
        "<other/>",
        '<!DOCTYPE request [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + envelope(login("&e;", "ws_lender", "x"), "<getAPISession/>").split("\n", 1)[1],
        '<!DOCTYPE request SYSTEM "http://127.0.0.1:1/x.dtd"><request/>',
    ],
    ids=["empty", "text", "cut off", "another root", "an entity", "a document type"],
)
def test_anything_malformed_or_with_a_document_type_is_refused_without_being_followed(
    body: str, sandbox: Sandbox
) -> None:
    schema_error(post(sandbox.endpoint, body))


def test_comments_and_white_space_are_no_part_of_the_order(sandbox: Sandbox) -> None:
    body = envelope(login(*BIRCHWOOD), "<!-- a comment --><getAPISession>\n</getAPISession>")
    assert post(sandbox.endpoint, body).text("operation/result/status") == "success"


def test_more_about_an_error_is_told_only_where_it_is_asked_for(sandbox: Sandbox) -> None:
    wanted = query("NOSUCHOBJECT", "RECORDNO")
    plain = post(sandbox.endpoint, envelope(login(*BIRCHWOOD), wanted))
    asked = envelope(login(*BIRCHWOOD), wanted).replace(
        "</includewhitespace>",
        "</includewhitespace><showadditionalerrorinfo>true</showadditionalerrorinfo>",
    )
    error = "operation/result/errormessage/error"
    assert plain.xml.find(f"{error}/additionalinfo") is None
    assert post(sandbox.endpoint, asked).text(f"{error}/additionalinfo/messageid") == "IA.QUERY_FAILED"
