"""The outcome of every check on whole companies, with the reason for each that does not pass."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.reports.books import Books
from collections_app.reports.checks.check import Check
from collections_app.reports.figures import Scope
from collections_app.reports.subledger_rows import payables, receivables
from tests.collections_app.reports.checks.proving import prove
from tests.collections_app.reports.company_books import accounts_of
from tests.collections_app.reports.company_group import BOOK, entity_of_location, group_books
from tests.collections_app.reports.company_rows import company_tables
from tests.collections_app.reports.conftest import CompanyBooks, MapleBooks
from tests.collections_app.reports.folder_journal import FolderJournal

CALENDAR_2020 = (date(2020, 1, 1), date(2020, 12, 31))
FISCAL_2021 = (date(2020, 3, 1), date(2021, 2, 28))
GENERATED = (date(2025, 7, 1), date(2026, 9, 30))


def complete(books: Books, folder: Path) -> Books:
    """The books with the journal and the documents of their folder, read in October 2026."""
    tables = company_tables(folder)
    controls = {account.number: account.control for account in accounts_of(folder)}
    return replace(
        books,
        heading=replace(books.heading, collected_at=datetime(2026, 10, 5, 9, 0, tzinfo=UTC)),
        accounts=tuple(replace(each, control=controls[each.number]) for each in books.accounts),
        journal=FolderJournal(folder),
        receivables=receivables(tables),
        payables=payables(tables),
    )


def not_passing(checks: dict[str, Check]) -> dict[str, str]:
    return {name: check.outcome for name, check in checks.items() if check.outcome != "pass"}


@pytest.fixture(scope="module")
def calendar_2020(maple: Path, maple_books: MapleBooks) -> dict[str, Check]:
    return prove(complete(maple_books(*CALENDAR_2020), maple))


@pytest.fixture(scope="module")
def fiscal_2021(maple: Path, maple_books: MapleBooks) -> dict[str, Check]:
    return prove(complete(maple_books(*FISCAL_2021), maple))


def test_the_real_ledger_of_2020_passes_but_for_bills_dated_in_other_months(
    calendar_2020: dict[str, Check],
) -> None:
    """C4: a folder announces no rows. R11: bills that their documents date a month after the ledger."""
    assert not_passing(calendar_2020) == {"C4": "inconclusive", "R11": "fail"}
    check = calendar_2020["R11"]
    assert (check.difference, check.is_warning) == (Decimal("593.69"), False)
    assert check.evidence[0].place == "31 Jul 2020, payables"
    assert "date in different months" in check.evidence[0].note


def test_the_real_ledger_of_fiscal_2021_has_a_receipt_before_its_customer_paid(
    fiscal_2021: dict[str, Check],
) -> None:
    """R7: one fiscal year alone. R10: the ledger has a receipt of 6,519.23 a month before its payment."""
    assert not_passing(fiscal_2021) == {
        "C4": "inconclusive",
        "R7": "inconclusive",
        "R10": "fail",
        "R11": "fail",
    }
    assert fiscal_2021["R10"].difference == Decimal("6519.24")
    assert Decimal("6519.23") in {row.difference for row in fiscal_2021["R10"].evidence}
    assert fiscal_2021["R11"].difference == Decimal("593.69")


def test_every_line_of_the_real_ledger_adds_up_to_the_cent(calendar_2020: dict[str, Check]) -> None:
    assert calendar_2020["R8"].sentence.startswith("The 3,059 journal lines add up")
    assert calendar_2020["R7"].actual == Decimal("88712.97")
    for name in ("R1", "R2", "R3", "R4", "R6", "R7", "R8", "R9", "R12"):
        assert calendar_2020[name].difference == 0


def test_without_the_borrowers_answers_the_amount_without_a_category_is_told(
    maple: Path, maple_books: MapleBooks
) -> None:
    checks = prove(complete(maple_books(*CALENDAR_2020, assigned=False), maple))
    assert not_passing(checks).keys() == {"C3", "C4", "R11"}
    listed = {row.place.split()[0] for row in checks["C3"].evidence}
    assert "640" in listed
    assert checks["C3"].actual == sum(row.actual or Decimal(0) for row in checks["C3"].evidence)


@pytest.fixture(scope="module")
def generated(small_company: Path, company_books: CompanyBooks) -> Books:
    books = complete(company_books(small_company, *GENERATED, 7), small_company)
    return replace(books, entity_of_location=entity_of_location(small_company))


def test_the_generated_company_passes_but_for_materials_used_before_they_were_bought(
    generated: Books,
) -> None:
    """R16: the generator consumes raw materials evenly and buys them now and then, so they go below zero."""
    checks = prove(generated)
    assert not_passing(checks) == {"C4": "inconclusive", "R16": "fail"}
    assert checks["R16"].is_warning
    assert {row.place.split(",")[0] for row in checks["R16"].evidence} == {"Account 1310 Raw materials"}
    assert "every entity's part of it" in checks["R9"].sentence


def test_the_generated_group_is_explained_by_its_entities(
    small_company: Path, company_books: CompanyBooks
) -> None:
    """R8: a consolidation book holds summaries. R10 and R11: it has no documents of its own."""
    book = group_books(small_company, company_books, *GENERATED, 7)
    group = replace(book, heading=replace(book.heading, scope=Scope("book", BOOK, "Group")))
    checks = prove(group)
    assert checks["C5"].outcome == "pass"
    assert checks["R8"].outcome == "inconclusive"
    short = prove(replace(group, entities=group.entities[1:]))["C5"]
    assert short.outcome == "fail"
    assert short.evidence_count > 0
