"""From the entities to the consolidated book, on a generated group and on planted faults."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.reports.books import Books, EntityBooks
from collections_app.reports.build import build
from collections_app.reports.consistency import MonthMissing
from collections_app.reports.consolidation import Bridge
from collections_app.reports.figures import MonthlyTrialBalance, Scope
from tests.collections_app.reports.cast import JANUARY, row, small_books
from tests.collections_app.reports.company_group import group_books
from tests.collections_app.reports.conftest import CompanyBooks

FROM, TO = date(2025, 7, 1), date(2026, 9, 30)


@pytest.fixture(scope="module")
def group(small_company: Path, company_books: CompanyBooks) -> Books:
    return group_books(small_company, company_books, FROM, TO, 7)


def residuals(bridges: tuple[Bridge, ...]) -> list[tuple[str, str, Decimal]]:
    return [(bridge.statement, line.key, line.residual) for bridge in bridges for line in bridge.residuals]


def test_entities_and_eliminations_explain_the_consolidated_book(group: Books) -> None:
    bridges = build(group).bridges
    assert [bridge.statement for bridge in bridges] == ["balance_sheet", "income_statement", "cash_flow"]
    assert residuals(bridges) == []
    assert all(bridge.is_proof for bridge in bridges)
    assert all(line.translation == 0 for bridge in bridges for line in bridge.lines)
    revenue = next(line for line in bridges[1].lines if line.key == "revenue")
    assert revenue.eliminations < 0
    assert revenue.book == revenue.total + revenue.eliminations
    assert len(revenue.entities) == len(bridges[1].scopes) == 3


def test_an_entity_that_is_left_out_is_the_residual(group: Books) -> None:
    short = replace(group, entities=group.entities[1:])
    lost = next(line for line in build(group).bridges[1].lines if line.key == "net_income").entities[0]
    assert ("income_statement", "net_income", lost) in residuals(build(short).bridges)


def one_entity(
    months: tuple[MonthlyTrialBalance, ...],
    currency: str = "USD",
    translated: tuple[MonthlyTrialBalance, ...] = (),
) -> Books:
    scope = Scope("entity", "E1", "East")
    return replace(small_books(), entities=(EntityBooks(scope, currency, months, translated=translated),))


def half(month: MonthlyTrialBalance) -> MonthlyTrialBalance:
    """The month in a currency that is worth twice the book's."""
    rows = tuple(
        row(each.account, str(each.opening / 2), str(each.debits / 2), str(each.credits / 2))
        for each in month.rows
    )
    return replace(month, rows=rows)


def test_translation_is_what_the_book_holds_for_an_entity_beyond_its_own_figures() -> None:
    bridge = build(one_entity((half(JANUARY),), "EUR", (JANUARY,))).bridges[1]
    sales = next(line for line in bridge.lines if line.key == "revenue")
    assert (sales.total, sales.translation) == (Decimal(50), Decimal(50))
    assert (sales.book, sales.residual) == (Decimal(100), Decimal(0))
    assert bridge.is_proof
    assert bridge.currencies == ("EUR",)


def test_translation_that_can_only_be_taken_as_the_rest_proves_nothing_and_says_so() -> None:
    bridge = build(one_entity((half(JANUARY),), "EUR")).bridges[0]
    cash = next(line for line in bridge.lines if line.key == "cash_and_equivalents")
    assert (cash.total, cash.translation, cash.residual) == (Decimal(280), Decimal(280), Decimal(0))
    assert not bridge.is_proof


def test_in_one_currency_nothing_is_taken_for_translation() -> None:
    bridge = build(one_entity((half(JANUARY),))).bridges[0]
    cash = next(line for line in bridge.lines if line.key == "cash_and_equivalents")
    assert (cash.translation, cash.residual) == (Decimal(0), Decimal(280))


def test_a_book_without_entities_has_no_bridge() -> None:
    assert build(small_books()).bridges == ()


def test_an_entity_whose_months_are_missing_is_refused_by_name() -> None:
    with pytest.raises(MonthMissing, match="trial balance of entity E1 for 2024-01 is missing"):
        build(one_entity(()))
