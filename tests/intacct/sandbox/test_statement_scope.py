"""What the statement functions share: the period, the columns of turnover, and the right to run them."""

import shutil
from collections.abc import Iterator
from decimal import Decimal

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    APRIL,
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    SignedIn,
    rows,
    sign_in,
)

NAMED = "<reportingperiodname>{}</reportingperiodname>"
BALANCE = "<get_trialbalance>{}</get_trialbalance>"
GROSS = "<debitcreditbalance>true</debitcreditbalance>"
ERRORNO = "operation/result/errormessage/error/errorno"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedIn]:
    """A session in a company that has named April."""
    folder = tmp_path_factory.mktemp("companies") / "company"
    shutil.copytree(EXCHANGES / "company", folder)
    period = "RECORDNO,NAME,START_DATE,END_DATE\n1,Our April,04/01/2026,04/30/2026\n"
    (folder / "REPORTINGPERIOD.csv").write_text(period, "utf-8")
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield sign_in(running.endpoint)


def test_a_period_is_given_by_its_dates_or_by_the_companys_name_for_it(opened: SignedIn) -> None:
    assert rows(opened.call(BALANCE.format(NAMED.format("Our April")))) == rows(
        opened.call(BALANCE.format(APRIL))
    )
    assert opened.call(BALANCE.format(NAMED.format("Their April"))).text(ERRORNO) == "BL01001973"
    both = opened.call(BALANCE.format(NAMED.format("Our April") + APRIL))
    assert both.text("errormessage/error/errorno") == "XL03000003"


def test_the_periods_turnover_is_added_to_the_gross_columns_without_its_adjusting_entries(
    opened: SignedIn,
) -> None:
    plain = rows(opened.call(BALANCE.format(APRIL)))
    gross = rows(opened.call(BALANCE.format(APRIL + GROSS)))
    added = {"startbalancedebit", "startbalancecredit", "endbalancedebit", "endbalancecredit"}
    assert set(gross[0]) - set(plain[0]) == added
    for row in gross:
        assert Decimal(row["startbalance"]) == Decimal(row["startbalancedebit"]) - Decimal(
            row["startbalancecredit"]
        )
        for side in ("debit", "credit"):
            before, after = (Decimal(row[f"{edge}balance{side}"]) for edge in ("start", "end"))
            assert after == before + Decimal(row[f"{side}s"])
    (rent,) = (row for row in gross if row["glaccountno"] == "6000")
    assert Decimal(rent["adjdebits"]) == 10
    assert Decimal(rent["endbalance"]) == Decimal(rent["endbalancedebit"]) + 10


def test_a_row_of_a_trial_balance_names_neither_title_nor_category(opened: SignedIn) -> None:
    assert set(rows(opened.call(BALANCE.format(APRIL)))[0]) == {
        "glaccountno",
        "startbalance",
        "debits",
        "credits",
        "adjdebits",
        "adjcredits",
        "endbalance",
        "reportingbook",
        "currency",
    }


@pytest.mark.parametrize("name", ["get_accountbalances", "get_accountbalancesbydimensions"])
def test_balances_take_the_right_to_run_the_trial_balance(name: str, sandbox: Sandbox) -> None:
    narrow = sign_in(sandbox.endpoint, ("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1"))
    answer = narrow.call(f"<{name}>{APRIL}</{name}>")
    assert answer.text("operation/result/status") == "failure"
    assert sign_in(sandbox.endpoint).call(f"<{name}>{APRIL}</{name}>").text("operation/result/status") == (
        "success"
    )


def test_a_dimension_is_named_by_its_id_and_its_name(opened: SignedIn) -> None:
    call = f"<get_accountbalancesbydimensions>{APRIL}<groupby>location</groupby>"
    found = rows(opened.call(call + "</get_accountbalancesbydimensions>"))
    assert all(row["locationid"] and row["locationname"] for row in found)
