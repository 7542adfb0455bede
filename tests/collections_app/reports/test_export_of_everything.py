"""``statements.json`` of books with agings, a journal and entities."""

import json
from dataclasses import replace
from typing import Any

import pytest

from collections_app.reports.books import Books, EntityBooks
from collections_app.reports.build import build
from collections_app.reports.export import statements_json
from collections_app.reports.figures import Scope
from tests.collections_app.reports.checks.sound import RECEIVABLES, sound_books, with_account, without
from tests.collections_app.reports.listed_journal import ListedJournal


@pytest.fixture(scope="module")
def books() -> Books:
    made = sound_books()
    return replace(made, entities=(EntityBooks(Scope("entity", "E1", "East"), "USD", made.months),))


@pytest.fixture(scope="module")
def document(books: Books) -> dict[str, Any]:
    return loaded(books)


def loaded(books: Books) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(statements_json(build(books)))
    return made


def test_the_agings_are_those_of_the_end_of_the_period(document: dict[str, Any]) -> None:
    aging = document["ar_aging"]
    assert (aging["as_of"], aging["by"]) == ("2024-01-31", "due_date")
    assert aging["buckets"] == ["current", "1-30", "31-60", "61-90", "over_90"]
    assert aging["rows"][0] == {
        "party": "C1",
        "name": "Party C1",
        "amounts": ["400.00", "0.00", "0.00", "0.00", "500.00"],
        "unapplied": "0.00",
        "total": "900.00",
        "documents": 2,
    }
    assert (aging["total"], aging["documents"]) == ("900.00", 2)
    assert document["ap_aging"]["total"] == "500.00"
    assert document["ar_aging_by_invoice_date"]["buckets"][0] == "0-30"
    totals = [month["total"] for month in document["ar_aging_months"]]
    assert totals == ["0.00", "2500.00", *["500.00"] * 10, "900.00"]


def test_the_tie_out_and_the_concentration_stand_beside_the_aging(document: dict[str, Any]) -> None:
    tie_out = document["ar_aging_tie_out"]
    assert tie_out["accounts"] == ["1200"]
    assert tie_out["months"][-1]["aging"] == tie_out["months"][-1]["control"] == "900.00"
    assert document["concentration"]["customers"]["open"] == {
        "total": "900.00",
        "herfindahl": "10000.00",
        "parties": 1,
        "largest": [{"party": "C1", "name": "Party C1", "amount": "900.00", "percent": "100.00"}],
    }
    assert document["concentration"]["vendors"]["quality"] is None


def test_ratios_spread_bridges_and_period_sets_are_there(document: dict[str, Any]) -> None:
    assert document["ratios"]["periods"]
    assert document["spread"]["rows"]
    assert [bridge["statement"] for bridge in document["consolidation_bridges"]] == [
        "balance_sheet",
        "income_statement",
        "cash_flow",
    ]
    assert {each["key"] for each in document["period_sets"]} >= {"quarters", "fiscal_years"}
    assert document["changes_in_equity"]["columns"][-1] == "total"


def test_a_check_has_its_promised_keys(books: Books) -> None:
    checks = loaded(replace(books, receivables=without(RECEIVABLES, "invoice:2")))["checks"]
    failing = next(check for check in checks if check["outcome"] == "fail")
    evidence = failing.pop("evidence")
    assert failing == {
        "id": "R10",
        "title": "Receivables aging ties to the ledger",
        "family": "reliability",
        "outcome": "fail",
        "warning": False,
        "from": "2023-01-01",
        "to": "2024-01-31",
        "unit": "amount",
        "expected": "900.00",
        "actual": "500.00",
        "difference": "-400.00",
        "tolerance": "1.00",
        "sentence": "At 1 month end the aging of receivables differs from the control accounts, by up to "
        "400.00 USD (31 Jan 2024, receivables).",
        "evidence_count": 2,
    }
    assert evidence[0]["place"] == "31 Jan 2024, receivables"
    assert evidence[1]["difference"] == "-400.00"


def test_a_count_is_a_whole_number_and_a_missing_figure_is_null(books: Books) -> None:
    unread = replace(with_account(books, "6000", closes_to="3999"), transfers=())
    checks = {check["id"]: check for check in loaded(unread)["checks"]}
    assert (checks["C2"]["unit"], checks["C2"]["difference"]) == ("count", "1")
    assert checks["C4"]["outcome"] == "inconclusive"
    assert checks["C4"]["difference"] is checks["C4"]["expected"] is None


def test_what_was_not_asked_for_is_not_given_out_but_the_checks_are(books: Books) -> None:
    asked = replace(books, wanted=frozenset({"trial_balance"}))
    document = loaded(asked)
    absent = {"balance_sheet", "cash_flow", "ar_aging", "ar_aging_months", "ap_aging", "concentration"}
    assert not (absent | {"ratios", "spread", "consolidation_bridges"}) & document.keys()
    assert len(document["checks"]) == 20


def test_the_file_does_not_grow_with_the_journal(books: Books) -> None:
    assert isinstance(books.journal, ListedJournal)
    noise = [
        replace(line, batch=f"{line.batch}-{place}") for place in range(50) for line in books.journal.all
    ]
    doubled = [
        made
        for line in noise
        for made in (replace(line, credit=line.debit, debit=line.debit), replace(line, debit=line.credit))
    ]
    longer = replace(books, journal=ListedJournal([*books.journal.all, *doubled]))
    assert len(statements_json(build(longer))) - len(statements_json(build(books))) < 100


def test_the_same_books_give_the_same_bytes(books: Books) -> None:
    assert statements_json(build(books)) == statements_json(build(books))
