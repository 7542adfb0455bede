"""A real company's ledger, collected through the gateway and exported: the figures its accountant knows."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from collections_app.models import Lender
from collections_app.services.lenders import lender_create
from intacct.sandbox import Sandbox
from tests.collecting import invite

pytestmark = pytest.mark.slow

PASSWORD = "Maple-Reader-1!"

Statements = dict[str, Any]
Collect = Callable[..., Statements]


@pytest.fixture(scope="module")
def real_gateway(maple: Path) -> Iterator[Sandbox]:
    with Sandbox([maple], sender_id="strongbox", sender_password="sandbox-sender-1") as sandbox:
        yield sandbox


@pytest.fixture
def lender(transactional_db: None) -> Lender:
    return lender_create(slug="harbor", name="Harbor Community Bank")


@pytest.fixture
def collect(
    real_gateway: Sandbox, maple: Path, lender: Lender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Collect]:
    """`collect`, then `export`, for a period; returns the machine's copy of the reports."""
    monkeypatch.setenv("INTACCT_PASSWORD", PASSWORD)

    def run(date_from: date, date_to: date, *more: str) -> Statements:
        invitation = invite(lender, date_from=date_from, date_to=date_to)
        answers = ["--link", invitation.url, "--company", "MAPLE", "--user", "ws_strongbox", "--inline"]
        call_command("collect", *answers, *more)
        call_command("export", invitation.collection.reference, "--to", str(tmp_path))
        statements: Statements = json.loads((tmp_path / "statements.json").read_bytes())
        return statements

    with override_settings(INTACCT_ENDPOINT=real_gateway.endpoint):
        yield run


@pytest.fixture(scope="module")
def collected() -> dict[tuple[date, ...], Statements]:
    """Copies that were collected before in this module: a year of a real company takes its time."""
    return {}


@pytest.fixture
def answered(collect: Collect, maple: Path, collected: dict[tuple[date, ...], Statements]) -> Collect:
    """The same, with the answers of the company's owner for the accounts without a category."""

    def run(*period: date) -> Statements:
        if period not in collected:
            collected[period] = collect(*period, "--categories", str(maple / "assignments.csv"))
        return collected[period]

    return run


def values(statement: dict[str, Any], key: str) -> list[Decimal]:
    (line,) = [line for line in statement["lines"] if line["key"] == key]
    return [Decimal(value) for value in line["values"]]


def account(statements: Statements, number: str) -> list[dict[str, str]]:
    """One account's row in each month's trial balance."""
    months = statements["trial_balance"]
    return [next(row for row in month["rows"] if row["account"] == number) for month in months]


def test_the_calendar_year_2020_agrees_with_the_source(answered: Collect) -> None:
    statements = answered(date(2020, 1, 1), date(2020, 12, 31))
    income, balance = statements["income_statement"], statements["balance_sheet"]

    assert income["columns"] == [*(f"2020-{month:02}" for month in range(1, 13)), "total"]
    assert values(income, "net_income")[-1] == Decimal("369541.45")
    assert values(income, "revenue")[-1] == Decimal("403763.84")
    # The source calls 2,733.58 direct cost and 31,488.81 expenses; categories divide the same sum otherwise.
    spent = (
        "cost_of_revenue",
        "total_operating_expenses",
        "interest_expense",
        "other_expenses",
        "income_tax",
    )
    earned = values(income, "other_income")[-1] + values(income, "unassigned_income_statement")[-1]
    assert sum(values(income, key)[-1] for key in spent) - earned == Decimal("2733.58") + Decimal("31488.81")

    bank = account(statements, "100")
    assert (bank[0]["opening"], bank[-1]["closing"]) == ("9474.28", "114449.43")
    for month in statements["trial_balance"]:
        assert sum(Decimal(row["opening"]) for row in month["rows"]) == 0
        assert sum(Decimal(row["closing"]) for row in month["rows"]) == 0

    assert len(balance["columns"]) == 12
    assert values(balance, "total_assets") == values(balance, "total_liabilities_and_equity")
    # Fiscal years begin on 1 March: January and February belong to the year before.
    year_to_date, months = values(balance, "current_year_net_income"), values(income, "net_income")
    assert year_to_date[2] == months[2]
    assert year_to_date[11] == sum(months[2:12])


def test_the_copy_says_what_it_is_and_which_checks_failed(answered: Collect) -> None:
    statements = answered(date(2020, 1, 1), date(2020, 12, 31))
    assert statements["company"] == {"id": "MAPLE", "name": "Maple Consulting"}
    assert statements["scope"] == {"kind": "company", "id": "", "name": "Maple Consulting"}
    assert (statements["basis"], statements["currency"]) == ("accrual", "CAD")
    assert (statements["from"], statements["to"]) == ("2020-01-01", "2020-12-31")
    assert statements["first_fiscal_month"] == 3
    borrowers = [row["number"] for row in statements["accounts"] if row["category_source"] == "borrower"]
    assert borrowers == ["099", "437", "469", "497", "498", "499", "640", "840", "850", "877"]
    # Bills are dated in other months than they were posted in.
    failed = {check["id"] for check in statements["checks"] if check["outcome"] == "fail"}
    assert failed == {"R11"}


def test_cash_runs_from_the_bank_account_of_the_source_to_that_of_a_year_later(answered: Collect) -> None:
    cash = answered(date(2020, 1, 1), date(2020, 12, 31))["cash_flow"]
    assert values(cash, "net_income")[-1] == Decimal("369541.45")
    assert values(cash, "opening_cash")[-1] == Decimal("9474.28")
    assert values(cash, "closing_cash")[-1] == Decimal("114449.43")
    assert values(cash, "net_change_in_cash")[-1] == Decimal("104975.15")


def test_the_fiscal_year_to_february_2021_agrees_with_the_source(answered: Collect) -> None:
    statements = answered(date(2020, 3, 1), date(2021, 2, 28))
    balance = statements["balance_sheet"]
    assert values(statements["income_statement"], "net_income")[-1] == Decimal("415454.68")
    assert values(balance, "current_year_net_income")[-1] == Decimal("415454.68")
    assert values(balance, "total_assets") == values(balance, "total_liabilities_and_equity")


def test_accounts_in_use_without_a_category_stop_the_collection_in_words(collect: Collect) -> None:
    with pytest.raises(CommandError) as refusal:
        collect(date(2020, 1, 1), date(2020, 12, 31))
    said = str(refusal.value)
    assert "need a category: 099 Business American Express" in said
    assert all(number in said for number in ("499", "640"))
    assert "840" not in said, "840 was active in 2019 alone: in this period it is optional"
