"""A real company's ledger, collected through the gateway and exported: the figures its accountant knows."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation

PASSWORD = "Maple-Reader-1!"


def collect(installation: Installation, maple: Path, start: str, end: str) -> dict[str, Any]:
    installation.prepare()
    installation.sandbox(maple)
    link = installation.invite(start, end, "--no-email")
    answers = ["--company", "MAPLE", "--user", "ws_strongbox", "--categories", str(maple / "assignments.csv")]
    printed = installation.must("collect", "--link", link, *answers, "--inline", given=PASSWORD)
    assert printed.splitlines()[-1] == f"Collection {installation.reference()}: complete"
    return installation.statements()


def values(statement: dict[str, Any], key: str) -> list[Decimal]:
    (line,) = [line for line in statement["lines"] if line["key"] == key]
    return [Decimal(value) for value in line["values"]]


@pytest.fixture
def calendar_2020(installation: Installation, maple: Path) -> dict[str, Any]:
    return collect(installation, maple, "2020-01-01", "2020-12-31")


def test_the_calendar_year_2020_agrees_with_the_source(calendar_2020: dict[str, Any]) -> None:
    income = calendar_2020["income_statement"]
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

    cash = [
        next(row for row in month["rows"] if row["account"] == "100")
        for month in calendar_2020["trial_balance"]
    ]
    assert (cash[0]["opening"], cash[-1]["closing"]) == ("9474.28", "114449.43")

    for month in calendar_2020["trial_balance"]:
        assert sum(Decimal(row["opening"]) for row in month["rows"]) == 0
        assert sum(Decimal(row["closing"]) for row in month["rows"]) == 0

    balance = calendar_2020["balance_sheet"]
    assert values(balance, "total_assets") == values(balance, "total_liabilities_and_equity")
    assert len(balance["columns"]) == 12
    # Fiscal years begin on 1 March: January and February belong to the year before.
    year_to_date = values(balance, "current_year_net_income")
    months = values(income, "net_income")
    assert year_to_date[2] == months[2]
    assert year_to_date[11] == sum(months[2:12])

    assert calendar_2020["company"] == {"id": "MAPLE", "name": "Maple Consulting"}
    assert calendar_2020["scope"] == {"kind": "company", "id": "", "name": "Maple Consulting"}
    assert (calendar_2020["basis"], calendar_2020["currency"]) == ("accrual", "CAD")
    assert calendar_2020["first_fiscal_month"] == 3
    borrowers = [row["number"] for row in calendar_2020["accounts"] if row["category_source"] == "borrower"]
    assert borrowers == ["099", "437", "469", "497", "498", "499", "640", "840", "850", "877"]
    assert not {"cash_flow", "ar_aging", "ap_aging", "checks"} & calendar_2020.keys()


def test_the_fiscal_year_to_february_2021_agrees_with_the_source(
    installation: Installation, maple: Path
) -> None:
    statements = collect(installation, maple, "2020-03-01", "2021-02-28")
    assert values(statements["income_statement"], "net_income")[-1] == Decimal("415454.68")
    balance = statements["balance_sheet"]
    assert values(balance, "current_year_net_income")[-1] == Decimal("415454.68")
    assert values(balance, "total_assets") == values(balance, "total_liabilities_and_equity")


def test_accounts_in_use_without_a_category_stop_the_collection_in_words(
    installation: Installation, maple: Path
) -> None:
    installation.prepare()
    installation.sandbox(maple)
    link = installation.invite("2020-01-01", "2020-12-31", "--no-email")
    answers = ["--company", "MAPLE", "--user", "ws_strongbox", "--inline"]
    refused = installation.manage("collect", "--link", link, *answers, given=PASSWORD)
    assert refused.returncode == 1
    last = refused.stderr.splitlines()[-1]
    assert "need a category: 099 Business American Express" in last
    assert all(number in last for number in ("499", "640"))
    assert "840" not in last, "840 was active in 2019 alone: in this period it is optional"
