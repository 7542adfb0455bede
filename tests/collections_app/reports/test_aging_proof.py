"""The aging of whole companies, against whole cents in SQL and against the control accounts."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from collections_app.reports.aging import BY_DUE_DATE, BY_INVOICE_DATE, Aging, age_position
from collections_app.reports.open_items import History, history
from collections_app.reports.subledger_rows import payables, receivables
from tests.collections_app.reports.company_rows import company_tables
from tests.collections_app.reports.integer_ledger import (
    cents,
    gateway_date,
    money,
    months_between,
    read_csv,
)
from tests.collections_app.reports.integer_subledger import IntegerSubledger

SIDES = pytest.mark.parametrize("side", ["receivable", "payable"])
READERS = {"receivable": receivables, "payable": payables}


def months_of(folder: Path) -> list[date]:
    """The month ends from the first to the last posted line of a company, and the day of that line."""
    days = [gateway_date(row["ENTRY_DATE"]) for row in _lines(folder)]
    ends = {end for _, end in months_between(min(days).replace(day=1), max(days))}
    return sorted(ends | {max(days)})


@cache
def _lines(folder: Path) -> list[dict[str, str]]:
    return read_csv(folder / "GLDETAIL.csv")


def balance(folder: Path, accounts: set[str], day: date) -> Decimal:
    """The balance of accounts at the end of a day, debit positive, from the posted lines of the main book."""
    return money(
        sum(
            cents(row["AMOUNT"])
            for row in _lines(folder)
            if row["ACCOUNTNO"] in accounts
            and (row["STATE"], row["BOOKID"]) == ("Posted", "ACCRUAL")
            and gateway_date(row["ENTRY_DATE"]) <= day
        )
    )


def figures(aging: Aging) -> dict[str, tuple[tuple[Decimal, ...], Decimal]]:
    return {row.party: (row.amounts, row.unapplied) for row in aging.rows}


@pytest.fixture(scope="module", params=["maple", "small_company"])
def company(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[[Path, str], tuple[History, IntegerSubledger]]]:
    """A side of a company, by us and by SQL."""
    made: dict[tuple[Path, str], tuple[History, IntegerSubledger]] = {}

    def open_side(folder: Path, side: str) -> tuple[History, IntegerSubledger]:
        if (folder, side) not in made:
            ours = history(READERS[side](company_tables(folder)))
            made[folder, side] = (ours, IntegerSubledger(folder, side))
        return made[folder, side]

    yield open_side
    for _, theirs in made.values():
        theirs.close()


Opened = Callable[[Path, str], tuple[History, IntegerSubledger]]


@SIDES
def test_the_aging_of_every_month_end_agrees_with_sql_to_the_cent(
    company: Path, side: str, opened: Opened
) -> None:
    ours, theirs = opened(company, side)
    days = months_of(company)
    compared = 0
    for position in ours.positions(days):
        for method in (BY_DUE_DATE, BY_INVOICE_DATE):
            expected = theirs.aging(position.as_of, method.by)
            aging = age_position(position, method)
            assert figures(aging) == expected, (position.as_of, method.by)
            assert aging.total == theirs.total(position.as_of) == position.total
            compared += len(expected)
    assert compared > len(days)


def test_open_documents_of_the_real_ledger_are_those_of_its_source(maple: Path, opened: Opened) -> None:
    last = months_of(maple)[-1]
    customers, vendors = (opened(maple, side)[0].position(last) for side in ("receivable", "payable"))
    assert customers.total == Decimal("60596.17")
    assert balance(maple, {"610"}, last) == Decimal("60596.16")
    assert vendors.total == Decimal("88.46")
    assert balance(maple, {"800"}, last) == Decimal("-88.46")


@pytest.mark.parametrize(
    ("side", "accounts"), [("receivable", {"1200", "2210"}), ("payable", {"2010", "1430"})]
)
def test_every_month_of_the_generated_company_ties_to_its_control_accounts(
    small_company: Path, opened: Opened, side: str, accounts: set[str]
) -> None:
    """2210 and 1430 hold the advances that no document has used."""
    ours, _ = opened(small_company, side)
    sign = 1 if side == "receivable" else -1
    for position in ours.positions(months_of(small_company)):
        assert position.total == sign * balance(small_company, accounts, position.as_of)


def test_the_generated_company_holds_what_makes_an_aging_hard(small_company: Path, opened: Opened) -> None:
    for side in ("receivable", "payable"):
        ours, _ = opened(small_company, side)
        states = {document.state for document in ours.subledger.documents}
        assert {"Reversed", "Reversal", "Draft", "Partially Paid"} <= states
        assert any(document.reversed_on for document in ours.subledger.documents)
        assert not ours.undated_reversals and not ours.unmatched
        assert any(application.discount for application in ours.subledger.applications)
        assert any(item.kind == "credit" for item in ours.items)
        assert any(item.due_date is None for item in ours.items if item.kind == "document")
        assert any(item.currency != "USD" for item in ours.items)
        assert any(item.kind == "unapplied" for item, *_ in ours.position(months_of(small_company)[-1]).items)
