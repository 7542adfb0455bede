"""A lender's document is read strictly, applied, and printed with its formulas."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from collections_app.reports.analysis.covenants import Covenant, metric_keys
from collections_app.reports.analysis.definitions import AddBack, Definitions
from collections_app.reports.borrowing_base_terms import BorrowingBaseTerms
from collections_app.reports.build import Reports, build
from collections_app.reports.export import statements_json
from collections_app.reports.lender_terms import USUAL_TERMS, TermsRefused, from_json
from collections_app.reports.markup import markup
from collections_app.reports.statement_pack.document import document as pack_document
from tests.collections_app.lender_terms import DOCUMENT, document
from tests.collections_app.reports.checks.sound import sound_books
from tests.collections_app.reports.test_workbook import find_row, read_back, sheet_rows


@pytest.fixture(scope="module")
def usual() -> Reports:
    return build(sound_books())


@pytest.fixture(scope="module")
def own() -> Reports:
    return build(replace(sound_books(), terms=from_json(DOCUMENT)))


def exported(reports: Reports) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(statements_json(reports))
    return made


def test_numbers_are_read_from_their_digits_and_the_rest_stays_usual() -> None:
    terms = from_json(DOCUMENT)
    assert terms.borrowing_base == BorrowingBaseTerms(
        receivables_advance_percent=Decimal(85), cross_age_percent=Decimal("25.5"), past_due_days=60
    )
    assert terms.definitions == Definitions(
        debt_service_coverage_deducts=("taxes",), ebitda_less_interest_income=True
    )
    assert terms.covenants[1] == Covenant("Debt service", "dscr", "at least", Decimal("1.2"))
    assert "past_due_days" in terms.own
    assert "concentration_percent" not in terms.own


def test_an_empty_document_is_the_usual_terms() -> None:
    assert from_json(" \n") == from_json("{}") == USUAL_TERMS
    assert USUAL_TERMS.borrowing_base == BorrowingBaseTerms()


def test_an_add_back_is_an_amount_or_a_category_under_its_standard_name() -> None:
    add_backs = [{"label": "Move", "amount": "12.50"}, {"label": "Fees", "category": "other expenses"}]
    found = from_json(document(definitions={"ebitda_add_backs": add_backs})).definitions.ebitda_add_backs
    assert found == (AddBack("Move", Decimal("12.50")), AddBack("Fees", category="Other Expenses"))


def base(**settings: Any) -> str:
    return document(borrowing_base=settings)


def covenant(**fields: Any) -> str:
    usual = {"name": "Cover", "metric": "dscr", "limit": "at least", "threshold": "1.25"} | fields
    return document(covenants=[{name: value for name, value in usual.items() if value is not None}])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "The terms are not a JSON document; check commas, quotes and braces."),
        ('{"covenants": NaN}', "The terms are not a JSON document; check commas, quotes and braces."),
        ("[]", "The document must be an object: names with values, between braces."),
        (document(rates={}), "The document has “rates”, which is not known; use borrowing_base"),
        (base(advance=85), "“borrowing_base” has “advance”, which is not known; use aged_by"),
        (base(concentration_exceptions={}), "“concentration_exceptions”, which is not known"),
        ('{"borrowing_base": {"past_due_days": 60, "past_due_days": 90}}', "“past_due_days” is set twice"),
        (base(past_due_days="60"), "“past_due_days” must be a whole number from 0 to 9999, without quotes."),
        (base(past_due_days=True), "“past_due_days” must be a whole number"),
        (base(cross_age_percent="ten"), "“cross_age_percent” must be a number such as 85 or 1.25"),
        ('{"borrowing_base": {"cross_age_percent": 1e1}}', "“cross_age_percent” must be a number such as"),
        (base(cross_age_percent=101), "The cross-age percentage is 101; it must be from 0 to 100."),
        (base(match_names="yes"), "“match_names” must be true or false, without quotes."),
        (base(aged_by="today"), "“aged_by” must be one of: invoice_date, due_date."),
        (base(**{"\ud800": 1}), "“borrowing_base” has “\ufffd”, which is not known"),
        (covenant(metric="cover"), "“metric” must be the key of a ratio or metric, such as dscr"),
        (covenant(limit="above"), "“limit” must be one of: at least, at most."),
        (covenant(threshold=None), "An entry of “covenants” needs a “threshold”."),
        (covenant(name=" "), "“name” must be a text of 1 to 100 characters."),
        (document(covenants={}), "“covenants” must be a list of at most 50, between brackets."),
        (
            document(definitions={"debt_service_coverage_deducts": ["taxes", "taxes"]}),
            "A deduction is named twice and would count twice; name each once.",
        ),
        (
            document(definitions={"ebitda_add_backs": [{"label": "Rent", "category": "Inventory"}]}),
            "“category” must be a QuickStart category of the income statement.",
        ),
        (document(definitions={"ebitda_add_backs": [{"label": "Rent"}]}), "The add-back 'Rent' takes either"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(TermsRefused) as refusal:
        from_json(text)
    said = str(refusal.value)
    assert sentence in said
    assert said.endswith(".")
    assert "\n" not in said


def test_every_metric_that_is_printed_can_be_a_covenant(usual: Reports) -> None:
    assert usual.analysis
    assert [metric.key for metric in usual.analysis.latest.metrics] == list(metric_keys())


def test_the_machines_copy_has_the_schedule_with_definitions_and_whose_terms_they_are(
    usual: Reports, own: Reports
) -> None:
    ours, theirs = exported(usual)["borrowing_base"], exported(own)["borrowing_base"]
    assert {each["source"] for each in ours["terms"]} == {"usual"}
    advance = {each["key"]: each for each in theirs["terms"]}["receivables_advance_percent"]
    assert (advance["value"], advance["source"]) == ("85", "lender")
    lines = {line["key"]: line for line in theirs["lines"]}
    assert lines["receivables_advance"]["definition"] == "85 % of eligible"
    assert "more than 60 days from invoice date" in lines["past_due"]["definition"]
    assert lines["government"]["amount"] is None
    assert "government" in theirs["needs_input"]
    assert theirs["availability"] is None
    assert ours["lines"][0] == theirs["lines"][0]


def test_the_machines_copy_has_covenants_by_the_lenders_definitions(usual: Reports, own: Reports) -> None:
    assert exported(usual)["ratios"]["covenants"] == []
    liquidity, service = exported(own)["ratios"]["covenants"]
    assert (liquidity["outcome"], liquidity["threshold"]) == ("pass", "1.25")
    assert liquidity["formula"] == "Current assets / Current liabilities"
    assert service["outcome"] == "needs input"
    assert service["definitions"][0] == "Cash available for debt service = EBITDA - Income tax"
    assert service["definitions"][1].endswith(" - Interest income")
    chosen = {each["key"]: each for each in exported(own)["definitions"]}
    assert (chosen["debt_service_coverage_deducts"]["value"], chosen["worth_less_related_receivables"]) == (
        "taxes",
        {
            "key": "worth_less_related_receivables",
            "label": "Tangible net worth is less receivables from related parties",
            "value": "yes",
            "source": "usual",
        },
    )


def test_terms_are_given_out_only_beside_the_reports_that_they_define() -> None:
    asked = replace(sound_books(), terms=from_json(DOCUMENT), wanted=frozenset({"trial_balance"}))
    assert not {"borrowing_base", "definitions", "ratios"} & exported(build(asked)).keys()


def test_the_workbook_prints_schedule_covenants_and_terms(own: Reports) -> None:
    workbook = read_back(own)
    schedule = workbook["Borrowing base"]
    assert find_row(schedule, "Advance on receivables")[1] == "85 % of eligible"
    assert find_row(schedule, "Government, unassigned")[2] == "needs input"
    assert find_row(schedule, "Availability")[2] == "needs input"
    assert find_row(schedule, "85")[1:3] == ("Advance, in % of eligible receivables", "lender's own")
    covenants = workbook["Ratios"]
    *_, found = (row for row in sheet_rows(covenants) if row[0] == "Liquidity" and row[5])
    assert found[3:6] == ("Current ratio", 1.25, "at least")
    assert found[7:9] == ("Current assets / Current liabilities", "pass")
    assert str(find_row(covenants, "Debt service")[8]).startswith("needs input: Needs ")
    assert find_row(workbook["Definitions"], "EBITDA is less interest income")[1:] == (
        "yes",
        "Terms: lender's own",
    )


def test_the_statement_pack_prints_schedule_covenants_and_terms(usual: Reports, own: Reports) -> None:
    printed = markup(pack_document(own))
    for text in ("85 % of eligible", "needs input", "lender's own", "Current ratio must be at least 1.25."):
        assert text in printed
    plain = markup(pack_document(usual))
    assert "80 % of eligible" in plain
    assert "Covenants" not in plain
