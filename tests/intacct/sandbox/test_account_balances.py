"""get_accountbalances and get_accountbalancesbydimensions, beside what the trial balance says."""

from decimal import Decimal

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import APRIL, rows, sign_in

BALANCES = "<get_accountbalances>{}</get_accountbalances>"
BY_DIMENSIONS = "<get_accountbalancesbydimensions>{}</get_accountbalancesbydimensions>"


def test_account_balances_say_what_the_trial_balance_says(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    listed = rows(opened.call(BALANCES.format(APRIL + "<showzerobalances>true</showzerobalances>")))
    balance = f"<get_trialbalance>{APRIL}<showzerobalances>true</showzerobalances></get_trialbalance>"
    whole = rows(opened.call(balance))
    assert [(row["glaccountno"], Decimal(row["endbalance"])) for row in listed] == [
        (row["glaccountno"], Decimal(row["endbalance"])) for row in whole
    ]


def test_one_account_can_be_asked_for_alone(sandbox: Sandbox) -> None:
    call = BALANCES.format(APRIL + "<glaccountno>1200</glaccountno>")
    found = rows(sign_in(sandbox.endpoint).call(call))
    assert [(row["glaccountno"], row["currency"]) for row in found] == [("1200", "USD")]


def test_balances_by_location_add_up_to_the_balance(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    parts = rows(opened.call(BY_DIMENSIONS.format(APRIL + "<groupby>location</groupby>")))
    whole = rows(opened.call(BY_DIMENSIONS.format(APRIL)))
    for row in whole:
        same = [part for part in parts if part["glaccountno"] == row["glaccountno"]]
        assert sum(Decimal(part["endbalance"]) for part in same) == Decimal(row["endbalance"])
    assert {part["locationid"] for part in parts} == {"L110", "E200"}


def test_statistical_accounts_are_left_out_by_dimensions_unless_asked_for(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    default = rows(opened.call(BY_DIMENSIONS.format(APRIL)))
    only = rows(opened.call(BY_DIMENSIONS.format(APRIL + "<statistical>only</statistical>")))
    assert "9000" not in {row["glaccountno"] for row in default}
    assert [row["glaccountno"] for row in only] == ["9000"]


def test_detail_of_the_period_adds_its_debits_and_credits(sandbox: Sandbox) -> None:
    detail = "<showperiodbalancedetail>true</showperiodbalancedetail><glaccountno>1200</glaccountno>"
    row = rows(sign_in(sandbox.endpoint).call(BY_DIMENSIONS.format(APRIL + detail)))[0]
    assert (Decimal(row["perioddebit"]), Decimal(row["periodcredit"])) == (Decimal(820), Decimal("1250.50"))
    assert Decimal(row["periodbalance"]) == Decimal("-430.50")


def test_an_unknown_dimension_and_an_unknown_department_are_refused(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    for rest in ("<groupby>colour</groupby>", "<departmentid>NOSUCH</departmentid>"):
        answer = opened.call(BY_DIMENSIONS.format(APRIL + rest))
        assert answer.text("operation/result/errormessage/error/errorno") == "BL01001973"


def test_a_trial_balance_can_be_split_by_location(sandbox: Sandbox) -> None:
    call = f"<get_trialbalance>{APRIL}<showlocdetail>true</showlocdetail></get_trialbalance>"
    found = rows(sign_in(sandbox.endpoint).call(call))
    bank = {row["locationid"]: Decimal(row["endbalance"]) for row in found if row["glaccountno"] == "1000"}
    assert bank == {"L110": Decimal("10850.50"), "E200": 1900}
