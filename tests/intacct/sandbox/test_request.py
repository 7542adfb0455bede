"""Which orders, numbers and names of elements the functions take."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import BIRCHWOOD, Answer, envelope, login, post, query

START = "<startdate><year>2026</year><month>04</month><day>01</day></startdate>"
END = "<enddate><year>2026</year><month>04</month><day>30</day></enddate>"
AS_OF = "<asofdate><year>2026</year><month>04</month><day>30</day></asofdate>"
BOOK = "<reportingbook>ACCRUAL</reportingbook>"
PLACE = "<locationid>E100</locationid>"
DEPARTMENT = "<departmentid/>"
ACCOUNT = "<glaccountno>1000</glaccountno>"
BALANCES = f"<get_accountbalances>{START}{END}{{}}</get_accountbalances>"
DIMENSIONS = f"<get_accountbalancesbydimensions>{START}{END}{{}}</get_accountbalancesbydimensions>"
SCAN = "<readByQuery><object>GLACCOUNT</object><fields>RECORDNO</fields><query/>{}</readByQuery>"
ONE = "<equalto><field>RECORDNO</field><value>11</value></equalto>"


def signed_in(sandbox: Sandbox, function: str) -> Answer:
    return post(sandbox.endpoint, envelope(login(*BIRCHWOOD), function))


def is_refused_by_the_schema(answer: Answer) -> bool:
    return answer.text("errormessage/error/errorno") == "XL03000003"


def filtered(conditions: str) -> str:
    return query("GLACCOUNT", "RECORDNO", rest=f"<filter>{conditions}</filter>")


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        (BALANCES.format(ACCOUNT + PLACE + BOOK), BALANCES.format(ACCOUNT + BOOK + PLACE)),
        (
            BALANCES.format(PLACE + "<showzerobalances>true</showzerobalances>"),
            BALANCES.format(BOOK + ACCOUNT),
        ),
        (DIMENSIONS.format(ACCOUNT + BOOK + PLACE), DIMENSIONS.format(ACCOUNT + PLACE + BOOK)),
        (
            DIMENSIONS.format(PLACE + "<groupby>location</groupby>"),
            DIMENSIONS.format("<groupby>location</groupby>" + PLACE),
        ),
        (f"<get_araging>{PLACE}{AS_OF}</get_araging>", f"<get_araging>{AS_OF}{PLACE}</get_araging>"),
    ],
)
def test_the_order_of_parameters_differs_by_function(taken: str, refused: str, sandbox: Sandbox) -> None:
    assert signed_in(sandbox, taken).text("operation/result/status") == "success"
    assert is_refused_by_the_schema(signed_in(sandbox, refused))


@pytest.mark.parametrize(
    "function",
    [
        SCAN.format("<offset>0</offset>"),
        SCAN.format("<orderby><order><field>RECORDNO</field></order></orderby>"),
        SCAN.format("<pagesize>1001</pagesize>"),
        "<readByQuery><object>GLACCOUNT</object></readByQuery>",
    ],
)
def test_a_scan_has_neither_order_nor_offset_and_needs_its_query_text(
    function: str, sandbox: Sandbox
) -> None:
    assert signed_in(sandbox, SCAN.format("")).text("operation/result/status") == "success"
    assert is_refused_by_the_schema(signed_in(sandbox, function))


@pytest.mark.parametrize(
    "function",
    [
        filtered(ONE + ONE),
        filtered(f"<and>{ONE}</and>"),
        filtered("<between><field>RECORDNO</field><value>1</value></between>"),
        filtered("<isnull><field>TITLE</field><value/></isnull>"),
        filtered("<equalto><value>11</value><field>RECORDNO</field></equalto>"),
        filtered("<expression><field>RECORDNO</field><operator>=</operator><value>1</value></expression>"),
    ],
    ids=["two", "and of one", "between one", "a value of null", "value first", "an older filter"],
)
def test_a_filter_is_one_condition_in_its_own_form(function: str, sandbox: Sandbox) -> None:
    assert signed_in(sandbox, filtered(f"<and>{ONE}{ONE}</and>")).text("operation/result/status") == "success"
    assert is_refused_by_the_schema(signed_in(sandbox, function))


@pytest.mark.parametrize(
    "function",
    ["<get_apaging/>", "<queryMore><resultId>1</resultId></queryMore>", "<readRelated/>", "<readView/>"],
)
def test_a_function_that_does_not_exist_here_is_refused(function: str, sandbox: Sandbox) -> None:
    assert is_refused_by_the_schema(signed_in(sandbox, function))


def test_all_fields_cannot_be_selected_by_a_star(sandbox: Sandbox) -> None:
    assert signed_in(sandbox, query("GLACCOUNT", "*")).text("operation/result/status") == "failure"


def test_the_company_is_named_before_the_password(sandbox: Sandbox) -> None:
    company, user, password = BIRCHWOOD
    wrong = (
        f"<login><userid>{user}</userid><password>{password}</password>"
        f"<companyid>{company}</companyid></login>"
    )
    assert is_refused_by_the_schema(post(sandbox.endpoint, envelope(wrong, "<getAPISession/>")))


def test_a_control_id_of_a_function_holds_at_most_256_characters(sandbox: Sandbox) -> None:
    body = envelope(login(*BIRCHWOOD), "<getAPISession/>")
    for length, refused in ((256, False), (257, True)):
        answer = post(sandbox.endpoint, body.replace('"f1"', f'"{"x" * length}"'))
        assert is_refused_by_the_schema(answer) is refused


def test_a_reply_is_xml_with_a_declaration_and_says_so(sandbox: Sandbox) -> None:
    answer = signed_in(sandbox, "<getAPISession/>")
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert answer.text("control/controlid") == "test"
    assert answer.text("operation/authentication/locationid") == ""
