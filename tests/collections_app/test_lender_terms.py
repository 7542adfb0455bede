"""A lender's terms reach the reports of its own collections through storage, and nobody else's."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from collections_app import books
from collections_app.models import Collection, Lender
from collections_app.reports.borrowing_base_terms import BorrowingBaseTerms
from collections_app.reports.export import statements_json
from collections_app.reports.lender_settings import base_settings, definition_settings
from collections_app.reports.lender_terms import USUAL_TERMS
from collections_app.services import rebuilding, reporting
from collections_app.services.lenders import lender_terms_set
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import OPERATOR, submitted, work
from tests.collections_app.lender_terms import DOCUMENT, document

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def complete(collection: Collection, gateway: Sandbox) -> Collection:
    work(submitted(collection))
    return again(collection)


def again(collection: Collection) -> Collection:
    return Collection.objects.get(pk=collection.pk)


def exported(collection: Collection) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(statements_json(books.reports_of(collection)))
    return made


def advance(schedule: dict[str, Any]) -> tuple[str, Decimal]:
    """The rate as it is printed, and what may be borrowed against a hundred of eligible receivables."""
    lines = {line["key"]: line for line in schedule["lines"]}
    eligible = Decimal(lines["eligible_receivables"]["amount"])
    assert eligible > 0
    line = lines["receivables_advance"]
    return line["definition"], Decimal(line["amount"]) * 100 / eligible


def test_a_lenders_terms_change_the_schedule_of_its_collections(complete: Collection) -> None:
    assert advance(exported(complete)["borrowing_base"]) == ("80 % of eligible", Decimal(80))
    own = document(borrowing_base={"receivables_advance_percent": "85", "concentration_percent": 100})
    lender_terms_set(lender=complete.lender, text=own)
    assert advance(exported(again(complete))["borrowing_base"]) == ("85 % of eligible", Decimal(85))
    lender_terms_set(lender=complete.lender, text="")
    assert advance(exported(again(complete))["borrowing_base"]) == ("80 % of eligible", Decimal(80))


def test_a_rebuild_makes_the_stored_files_by_the_new_terms(workbook: None, complete: Collection) -> None:
    lender_terms_set(lender=complete.lender, text=DOCUMENT)
    before = reporting.file_read(complete.files.get(name=reporting.WORKBOOK)).read()
    assert "Covenants" not in cells(before, "Ratios")
    work(rebuilding.reports_rebuild(collection=complete, template=None, by=OPERATOR))
    after = reporting.file_read(complete.files.get(name=reporting.WORKBOOK)).read()
    assert {"Covenants", "Liquidity", "Debt service"} <= cells(after, "Ratios")
    assert {"85 % of eligible", "lender's own", "usual"} <= cells(after, "Borrowing base")


def test_all_files_of_a_run_are_made_by_the_terms_it_began_with(complete: Collection) -> None:
    run = rebuilding.reports_rebuild(collection=complete, template=None, by=OPERATOR)
    lender_terms_set(lender=complete.lender, text=DOCUMENT)
    work(run)
    made = json.loads(reporting.file_read(complete.files.get(name=reporting.STATEMENTS)).read())
    assert {setting["source"] for setting in made["borrowing_base"]["terms"]} == {"usual"}


def cells(workbook: bytes, sheet: str) -> set[object]:
    rows = load_workbook(io.BytesIO(workbook), read_only=True)[sheet].iter_rows(values_only=True)
    return {cell for row in rows for cell in row}


def test_another_lenders_terms_never_apply(lender: Lender) -> None:
    lender_terms_set(lender=factories.make_lender("Southern Trust"), text=DOCUMENT)
    terms = books.books_of(factories.collected_collection(lender)).terms
    assert terms.borrowing_base == BorrowingBaseTerms()
    assert (terms.covenants, terms.own) == ((), frozenset())


def test_the_example_in_the_documentation_can_be_kept_and_names_every_setting(lender: Lender) -> None:
    section = (ROOT / "docs" / "lenders.md").read_text(encoding="utf-8").partition("## Your own terms")[2]
    lender_terms_set(lender=lender, text=section.partition("```json\n")[2].partition("```")[0])
    assert [covenant.name for covenant in lender.applied_terms.covenants] == ["Debt service", "Leverage"]
    settings = (*base_settings(USUAL_TERMS), *definition_settings(USUAL_TERMS))
    assert [each.key for each in settings if f"`{each.key}`" not in section] == []
