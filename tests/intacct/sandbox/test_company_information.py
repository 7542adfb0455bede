"""What the company says about itself and about its users."""

import pytest
from lxml import etree

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import SignedIn, rows, sign_in


@pytest.fixture
def opened(sandbox: Sandbox) -> SignedIn:
    return sign_in(sandbox.endpoint)


def data(opened: SignedIn, function: str) -> etree._Element:
    found = opened.call(function).xml.find("operation/result/data")
    assert found is not None
    return found


def test_the_applications_are_the_subscriptions(opened: SignedIn) -> None:
    codes = [element.text for element in data(opened, "<get_applications/>")]
    assert codes == ["CO", "CM", "GL", "AR", "AP", "ME", "CS"]


def test_the_closing_date_is_given_in_parts(opened: SignedIn) -> None:
    assert rows(opened.call("<get_closedbooksdate/>")) == [{"year": "2026", "month": "03", "day": "31"}]


def test_formatting_is_found_by_name_and_by_record_number(opened: SignedIn) -> None:
    by_name = rows(opened.call("<readUserFormatting><userId>ws_shops</userId></readUserFormatting>"))
    by_key = rows(opened.call("<readUserFormatting><key>3</key></readUserFormatting>"))
    assert by_name == by_key
    assert by_name[0]["dateformat"] == ".dmY"
    assert by_name[0]["clock"] == "12"


def test_the_fiscal_month_is_among_the_general_preferences(opened: SignedIn) -> None:
    preferences = rows(opened.call('<get_companyprefs application="GEN"/>'))
    values = {row["preference"]: row["prefvalue"] for row in preferences}
    assert values["FISCAL_FIRST_MONTH"] == "4"
    assert values["PRIMARY_ACCTNO_LENGTH"] == "4"


def test_the_permissions_of_a_narrow_role_name_only_what_it_holds(opened: SignedIn) -> None:
    found = data(opened, "<getUserPermissions><userId>ws_narrow</userId></getUserPermissions>")
    held = [policy.findtext("policyName") for policy in found.iter("policy")]
    applications = [name.text for name in found.iter("applicationName")]
    assert held == ["Accounts"]
    assert "Consolidation" in applications


def test_permissions_need_a_known_user_and_the_right_to_see_users(sandbox: Sandbox, opened: SignedIn) -> None:
    function = "<getUserPermissions><userId>{}</userId></getUserPermissions>"
    error = "operation/result/errormessage/error/errorno"
    narrow = sign_in(sandbox.endpoint, ("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"))
    assert opened.call(function.format("nobody")).text(error) == "BL03000025"
    assert narrow.call(function.format("ws_lender")).text(error) == "PL04000005"
