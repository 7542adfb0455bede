from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from collections_app.reports.figures import Books, Scope
from tests.collections_app.reports import integer_ledger
from tests.collections_app.reports.cast import HEADING
from tests.collections_app.reports.integer_ledger import IntegerLedger


class MapleBooks(Protocol):
    """Makes Maple's books for a request."""

    def __call__(self, date_from: date, date_to: date, *, rule: str = ..., assigned: bool = ...) -> Books: ...


@pytest.fixture(scope="session")
def maple_ledger(maple: Path) -> Iterator[IntegerLedger]:
    ledger = integer_ledger.company_ledger(maple, first_month=3)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def maple_books(maple: Path, maple_ledger: IntegerLedger) -> MapleBooks:
    answers = integer_ledger.read_csv(maple / "assignments.csv")
    given = {row["ACCOUNTNO"]: row["CATEGORY"] for row in answers}

    def books(date_from: date, date_to: date, *, rule: str = "fiscal year", assigned: bool = True) -> Books:
        heading = replace(
            HEADING,
            borrower="Maple Consulting",
            company_id="MAPLE",
            company_name="Maple Consulting",
            scope=Scope("company", "", "Maple Consulting"),
            currency="CAD",
            date_from=date_from,
            date_to=date_to,
            first_fiscal_month=3,
        )
        first = integer_ledger.year_start(date_from, 3)
        months = integer_ledger.months_between(first, date_to)
        return Books(
            heading,
            integer_ledger.company_accounts(maple, given if assigned else {}),
            tuple(maple_ledger.trial_balance(start, end, rule) for start, end in months),
        )

    return books
