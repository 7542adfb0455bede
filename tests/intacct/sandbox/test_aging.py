"""get_araging: open on a day, by age."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import Answer, sign_in

AGING = "<get_araging>{}<locationid>E100</locationid>{}</get_araging>"


def as_of(year: int, month: int, day: int) -> str:
    return f"<asofdate><year>{year}</year><month>{month:02}</month><day>{day:02}</day></asofdate>"


def buckets(answer: Answer) -> dict[str, str]:
    found = answer.xml.iterfind("operation/result/data/araging/aging")
    return {aging.findtext("agingperiod", ""): aging.findtext("totalamount", "") for aging in found}


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (as_of(2026, 2, 9), {}),
        (as_of(2026, 2, 10), {"0-30": "1250.50"}),
        (as_of(2026, 3, 31), {"31-60": "1250.50"}),
        (as_of(2026, 3, 31) + "<useduedate>true</useduedate>", {"0-30": "1250.50"}),
        (as_of(2026, 4, 2), {}),
        (as_of(2026, 8, 30), {"121-": "820.00"}),
        (as_of(2026, 4, 30) + "<useglpostdate>true</useglpostdate>", {"0-30": "820.00"}),
    ],
)
def test_what_is_open_on_a_day_stands_in_the_period_of_its_age(
    rest: str, expected: dict[str, str], sandbox: Sandbox
) -> None:
    assert buckets(sign_in(sandbox.endpoint).call(AGING.format("", rest))) == expected


def test_one_customer_can_be_asked_for(sandbox: Sandbox) -> None:
    opened, day = sign_in(sandbox.endpoint), as_of(2026, 4, 30)
    for customer, expected in (("C-1", {"0-30": "820.00"}), ("C-2", {})):
        choice = f"<customerid>{customer}</customerid>"
        assert buckets(opened.call(AGING.format(choice, day))) == expected


def test_a_company_of_several_entities_must_be_asked_for_one(sandbox: Sandbox) -> None:
    answer = sign_in(sandbox.endpoint).call("<get_araging/>")
    assert answer.text("operation/result/errormessage/error/errorno") == "BL01001973"


def test_a_period_that_is_none_is_refused(sandbox: Sandbox) -> None:
    answer = sign_in(sandbox.endpoint).call(AGING.format("<agingperiods>old</agingperiods>", ""))
    assert "old" in answer.text("operation/result/errormessage/error/description2")
