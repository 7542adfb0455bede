"""Trial balances of a real ledger, against a plain sum over its lines."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import Answer, SignedIn, rows, sign_in

MAPLE = ("MAPLE", "ws_strongbox", "Maple-Reader-1!")
Lines = list[tuple[date, str, Decimal]]


def day(tag: str, when: date) -> str:
    return f"<{tag}><year>{when.year}</year><month>{when.month:02}</month><day>{when.day:02}</day></{tag}>"


def balance(start: date, end: date, rest: str = "<showzerobalances>true</showzerobalances>") -> str:
    return f"<get_trialbalance>{day('startdate', start)}{day('enddate', end)}{rest}</get_trialbalance>"


def by_account(answer: Answer) -> dict[str, dict[str, Decimal]]:
    """The amounts of each row; fails where the reply is not a trial balance."""
    assert answer.text("operation/result/status") == "success", answer.body.decode()
    names = ("startbalance", "debits", "credits", "adjdebits", "adjcredits", "endbalance")
    return {row["glaccountno"]: {name: Decimal(row[name]) for name in names} for row in rows(answer)}


@pytest.fixture(scope="module")
def opened(maple_gateway: Sandbox) -> SignedIn:
    return sign_in(maple_gateway.endpoint, MAPLE)


@pytest.fixture(scope="module")
def lines(maple: Path) -> Lines:
    with (maple / "GLDETAIL.csv").open(encoding="utf-8", newline="") as file:
        return [
            (date(int(text[6:]), int(text[:2]), int(text[3:5])), row["ACCOUNTNO"], Decimal(row["AMOUNT"]))
            for row in csv.DictReader(file)
            for text in (row["ENTRY_DATE"],)
            if row["STATE"] == "Posted" and row["BOOKID"] == "ACCRUAL"
        ]


@pytest.fixture(scope="module")
def income_accounts(maple: Path) -> frozenset[str]:
    with (maple / "GLACCOUNT.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(
            r["ACCOUNTNO"] for r in csv.DictReader(file) if r["ACCOUNTTYPE"] == "incomestatement"
        )


def month_windows(first: date, last: date) -> list[tuple[date, date]]:
    windows, start = [], first
    while start <= last:
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        windows.append((start, following - timedelta(days=1)))
        start = following
    return windows


def summed(lines: Lines, start: date, end: date) -> Mapping[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for when, account, amount in lines:
        if start <= when <= end:
            sums[account] += amount
    return sums


def test_every_month_of_a_real_ledger_is_the_sum_of_its_lines(
    opened: SignedIn, lines: Lines, income_accounts: frozenset[str]
) -> None:
    for start, end in month_windows(date(2019, 10, 1), date(2021, 3, 31)):
        found = by_account(opened.call(balance(start, end)))
        year = date(start.year if start.month >= 3 else start.year - 1, 3, 1)
        before, early = (
            summed(lines, date.min, start - timedelta(1)),
            summed(lines, date.min, year - timedelta(1)),
        )
        during = summed(lines, start, end)
        assert sum(row["startbalance"] for row in found.values()) == 0
        assert sum(row["endbalance"] for row in found.values()) == 0
        for account, row in found.items():
            assert row["debits"] - row["credits"] == during.get(account, 0)
            assert row["startbalance"] + row["debits"] - row["credits"] == row["endbalance"]
            closed = early.get(account, 0) if account in income_accounts else 0
            if account != "960":
                assert row["startbalance"] == before.get(account, 0) - closed


def test_the_virtual_close_moves_a_years_result_to_retained_earnings_on_the_first_of_march(
    opened: SignedIn, lines: Lines, income_accounts: frozenset[str]
) -> None:
    february = by_account(opened.call(balance(date(2020, 2, 1), date(2020, 2, 29))))
    march = by_account(opened.call(balance(date(2020, 3, 1), date(2020, 3, 31))))
    result = sum((february[account]["endbalance"] for account in income_accounts), Decimal(0))
    assert result == Decimal("-88712.97")
    assert all(march[account]["startbalance"] == 0 for account in income_accounts)
    assert march["960"]["startbalance"] == february["960"]["endbalance"] + result


def test_the_figures_stated_for_the_real_ledger_come_out(
    opened: SignedIn, income_accounts: frozenset[str]
) -> None:
    months = [
        by_account(opened.call(balance(*window)))
        for window in month_windows(date(2020, 1, 1), date(2020, 12, 31))
    ]
    flows = sum(month[a]["debits"] - month[a]["credits"] for month in months for a in income_accounts)
    assert flows == Decimal("-369541.45")
    assert months[0]["100"]["startbalance"] == Decimal("9474.28")
    assert months[-1]["100"]["endbalance"] == Decimal("114449.43")
    year = by_account(opened.call(balance(date(2020, 3, 1), date(2021, 2, 28))))
    assert sum(year[account]["endbalance"] for account in income_accounts) == Decimal("-415454.68")


def test_rows_are_in_the_order_of_account_numbers_and_every_account_is_there(opened: SignedIn) -> None:
    found = [row["glaccountno"] for row in rows(opened.call(balance(date(2020, 1, 1), date(2020, 1, 31))))]
    assert found == sorted(found)
    assert len(found) == 71


def test_accounts_that_end_at_zero_vanish_without_show_zero_balances(opened: SignedIn) -> None:
    window = (date(2020, 1, 1), date(2020, 1, 31))
    everything, shown = (
        by_account(opened.call(balance(*window))),
        by_account(opened.call(balance(*window, ""))),
    )
    assert shown == {account: row for account, row in everything.items() if row["endbalance"]}


def test_decimals_are_trimmed_without_a_rule_and_the_same_way_every_time(opened: SignedIn) -> None:
    function = balance(date(2020, 1, 1), date(2020, 6, 30))
    first, second = opened.call(function), opened.call(function)
    texts = {value for row in rows(first) for value in row.values()}
    assert {"0", "0.00"} <= texts
    assert rows(first) == rows(second)
