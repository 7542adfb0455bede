import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from collections_app.reports.books import Books
from collections_app.reports.figures import Scope
from tests.collections_app.reports import integer_ledger
from tests.collections_app.reports.cast import HEADING
from tests.collections_app.reports.integer_ledger import IntegerLedger


class MapleBooks(Protocol):
    """Makes Maple's books for a request."""

    def __call__(self, date_from: date, date_to: date, *, rule: str = ..., assigned: bool = ...) -> Books: ...


class CompanyBooks(Protocol):
    """Makes the books of a company folder for a request: of some of its books and locations, or of all."""

    def __call__(
        self,
        folder: Path,
        date_from: date,
        date_to: date,
        first_month: int,
        *,
        books: tuple[str, ...] = ...,
        locations: frozenset[str] | None = ...,
    ) -> Books: ...


class _Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def broken_checks() -> Iterator[list[str]]:
    """Fails every test in which a check breaks, because the result alone calls that inconclusive.

    A test that breaks one on purpose empties the list.
    """
    logger, kept = logging.getLogger("collections_app.reports.checks.run"), _Kept()
    logger.addHandler(kept)
    yield kept.messages
    logger.removeHandler(kept)
    assert kept.messages == []


@pytest.fixture(scope="session")
def maple_ledger(maple: Path) -> Iterator[IntegerLedger]:
    ledger = integer_ledger.company_ledger(maple, first_month=3)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def maple_books(maple: Path, maple_ledger: IntegerLedger) -> MapleBooks:
    def books(date_from: date, date_to: date, *, rule: str = "fiscal year", assigned: bool = True) -> Books:
        made = books_of(maple, maple_ledger, date_from, date_to, rule=rule, assigned=assigned)
        heading = replace(
            made.heading,
            borrower="Maple Consulting",
            company_id="MAPLE",
            company_name="Maple Consulting",
            scope=Scope("company", "", "Maple Consulting"),
            currency="CAD",
        )
        return replace(made, heading=heading)

    return books


@pytest.fixture(scope="session")
def company_books() -> CompanyBooks:
    @cache
    def books(
        folder: Path,
        date_from: date,
        date_to: date,
        first_month: int,
        *,
        books: tuple[str, ...] = ("ACCRUAL",),
        locations: frozenset[str] | None = None,
    ) -> Books:
        ledger = integer_ledger.company_ledger(folder, first_month, books=books, locations=locations)
        made = books_of(folder, ledger, date_from, date_to)
        ledger.close()
        return made

    return books


def books_of(
    folder: Path,
    ledger: IntegerLedger,
    date_from: date,
    date_to: date,
    *,
    rule: str = "fiscal year",
    assigned: bool = True,
) -> Books:
    """The books of a company folder for a request, with the borrower's answers unless told otherwise."""
    answers = integer_ledger.read_csv(folder / "assignments.csv") if assigned else []
    given = {row["ACCOUNTNO"]: row["CATEGORY"] for row in answers}
    first_month = ledger.first_month
    heading = replace(HEADING, date_from=date_from, date_to=date_to, first_fiscal_month=first_month)
    first = integer_ledger.year_start(date_from, first_month)
    months = integer_ledger.months_between(first, date_to)
    return Books(
        heading,
        integer_ledger.company_accounts(folder, given),
        tuple(ledger.trial_balance(start, end, rule) for start, end in months),
    )
