"""A lender's template: its document, its versions and its faults."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collections_app.reports.categories import STANDARD
from collections_app.reports.mapping_json import content_hash, from_json, to_json
from collections_app.reports.mapping_template import (
    LineMapping,
    MappingTemplate,
    NumberRange,
    TemplateRefused,
)
from collections_app.reports.mapping_validation import problems, refuse_invalid

RMA_SPREAD = from_json((Path(__file__).parent / "templates" / "rma_spread.json").read_text(encoding="utf-8"))


def with_row(key: str, /, **changes: Any) -> MappingTemplate:
    rows = tuple(replace(row, **changes) if row.key == key else row for row in RMA_SPREAD.rows)
    return replace(RMA_SPREAD, rows=rows)


def with_mapping(*more: LineMapping) -> MappingTemplate:
    return replace(RMA_SPREAD, mappings=(*RMA_SPREAD.mappings, *more))


def test_the_sample_spread_is_sound_and_maps_every_standard_category() -> None:
    refuse_invalid(RMA_SPREAD)
    mapped = [name for mapping in RMA_SPREAD.mappings for name in mapping.categories]
    assert sorted(mapped) == sorted(category.name for category in STANDARD)


def test_a_template_comes_back_from_its_document_as_it_was() -> None:
    numbered = with_mapping(LineMapping("cash", (), ("1000-A",), (NumberRange("1010", "1099"),)))
    assert from_json(to_json(numbered)) == numbered


def test_the_hash_is_the_same_for_another_name_version_and_order_of_mappings() -> None:
    renamed = replace(RMA_SPREAD, name="Spread 2027", version=9, mappings=RMA_SPREAD.mappings[::-1])
    assert content_hash(renamed) == content_hash(RMA_SPREAD)


@pytest.mark.parametrize(
    "changed",
    [
        with_row("cash", label="Cash"),
        with_row("cash", sign="credit"),
        with_mapping(LineMapping("cash", (), ("1000",))),
        replace(RMA_SPREAD, retained_earnings="long_term_debt"),
        replace(RMA_SPREAD, rows=RMA_SPREAD.rows[::-1]),
    ],
    ids=["label", "sign", "account", "earnings", "order"],
)
def test_the_hash_changes_with_everything_that_has_an_effect(changed: MappingTemplate) -> None:
    assert content_hash(changed) != content_hash(RMA_SPREAD)


FAULTS = [
    (replace(RMA_SPREAD, name=" "), "The template has no name."),
    (replace(RMA_SPREAD, version=0), "The template's version must be 1 or more."),
    (with_row("inventory", key="cash"), "The row “cash” is in the template 2 times"),
    (with_row("cash", key="Cash!"), "The row key “Cash!” must be small letters"),
    (with_row("cash", key="unmapped_cash"), "and not begin with “unmapped”"),
    (with_row("cash", label=""), "The row “cash” has no label."),
    (with_row("cash", level=0), "The row “cash” has the level 0"),
    (with_row("cash", sign=None), "The line “cash” has no sign"),
    (with_row("cash", adds=("inventory",)), "The line “cash” adds or subtracts rows"),
    (with_row("assets", adds=("cash",)), "The heading “assets” adds or subtracts rows"),
    (with_row("cash", section=""), "The line “cash” has no section"),
    (with_row("cash", section="assetz"), "names the section “assetz”, which is no heading above it"),
    (with_row("cash", section="liabilities"), "names the section “liabilities”, which is no heading above"),
    (with_row("cash", section="income"), "names the section “income”, which is no heading above it"),
    (with_row("gross_profit", adds=(), subtracts=()), "The total “gross_profit” adds no rows."),
    (with_row("gross_profit", adds=("net_sale",)), "names “net_sale”, which is no line or total above it"),
    (with_row("gross_profit", adds=("income_taxes",)), "names “income_taxes”, which is no line or total"),
    (with_row("gross_profit", adds=("cash",)), "names “cash”, which is no line or total above it"),
    (replace(RMA_SPREAD, net_income="cash"), "names “cash” for net income, which is no total of its income"),
    (replace(RMA_SPREAD, total_assets="x"), "names “x” for total assets, which is no total of its balance"),
    (replace(RMA_SPREAD, retained_earnings="total_assets"), "for retained earnings, which is no line"),
    (with_mapping(LineMapping("cach", ("Inventory",))), "The mapping names “cach”, which is no line"),
    (with_mapping(LineMapping("cash", ("Petty Cash",))), "“Petty Cash”, which is not on the standard list."),
    (with_mapping(LineMapping("net_sales", ("Inventory",))), "“Inventory” cannot feed “net_sales”"),
    (
        with_mapping(LineMapping("cash", (" inventory ",))),
        "“Inventory” is mapped 2 times: “inventory”, “cash”.",
    ),
    (with_mapping(LineMapping("cash", (), ("1", "1"))), "The account 1 is mapped 2 times: “cash”, “cash”."),
    (with_mapping(LineMapping("cash", (), (), (NumberRange("9", "1"),))), "which ends before it begins"),
    (with_mapping(LineMapping("cash", (), (), (NumberRange("1", "1-A"),))), "write both ends in digits"),
    (
        with_mapping(
            LineMapping("cash", (), (), (NumberRange("1000", "1099"),)),
            LineMapping("inventory", (), (), (NumberRange("1099", "1200"),)),
        ),
        "The ranges 1000 to 1099 (“cash”) and 1099 to 1200 (“inventory”) overlap",
    ),
    (
        with_row("total_current_assets", adds=("cash", "inventory", "other_current_assets")),
        "The line “trade_receivables” is in total assets less liabilities and equity not at all",
    ),
    (
        with_row("profit_before_taxes", adds=("operating_profit", "gross_profit")),
        "The line “net_sales” is in net income added 2 times instead of added once",
    ),
    (with_row("income_taxes", sign="credit"), "The line “income_taxes” is in net income subtracted once"),
]


@pytest.mark.parametrize(("template", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_each_fault_of_a_template_is_told_in_a_sentence(template: MappingTemplate, sentence: str) -> None:
    assert [problem for problem in problems(template) if sentence in problem], problems(template)
    with pytest.raises(TemplateRefused) as refused:
        refuse_invalid(template)
    assert refused.value.problems == problems(template)


def test_ranges_of_the_two_statements_may_share_numbers_because_the_accounts_type_decides() -> None:
    shared = (NumberRange("100", "200"),)
    template = with_mapping(LineMapping("cash", (), (), shared), LineMapping("net_sales", (), (), shared))
    assert problems(template) == ()


def test_all_faults_are_told_at_once() -> None:
    assert len(problems(replace(with_row("cash", label="", sign=None), name=""))) == 3


Change = Callable[[dict[str, Any]], object]
WRONG_DOCUMENTS: list[tuple[Change, str]] = [
    (lambda it: it.update(schema=2), "The template must have the number 1 as its “schema”."),
    (lambda it: it.update(colour="red"), "The template has the field “colour”, which is not known."),
    (lambda it: it.update(name=3), "The template must have a text as its “name”."),
    (lambda it: it.update(version=True), "must have a whole number as its “version”."),
    (lambda it: it.update(balance_sheet={}), "The template must have a list as its “balance_sheet”."),
    (lambda it: it.pop("totals"), "“totals” must be an object with fields."),
    (lambda it: it["earnings"].pop("retained_earnings"), "“earnings” must have the key of a row"),
    (lambda it: it["balance_sheet"].append(7), "A row of “balance_sheet” must be an object"),
    (lambda it: it["balance_sheet"][1].update(sign="left"), "The row “cash” must have “debit” or “credit”"),
    (lambda it: it["balance_sheet"][1].update(style="bold"), "The row “cash” must have one of heading, line"),
    (lambda it: it["balance_sheet"][5].update(adds=[1]), "must have a list of texts as its “adds”."),
    (lambda it: it["mapping"][0].update(accounts=[1000]), "The mapping of “cash” must have a list of texts"),
    (lambda it: it["mapping"][0].update(accounts=[{"from": "1"}]), "an account number as a text as its “to”"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG_DOCUMENTS, ids=[each for _, each in WRONG_DOCUMENTS])
def test_a_document_of_the_wrong_form_is_refused_in_a_sentence(change: Change, sentence: str) -> None:
    document = json.loads(to_json(RMA_SPREAD))
    change(document)
    with pytest.raises(TemplateRefused, match=".") as refused:
        from_json(json.dumps(document))
    assert sentence in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(TemplateRefused, match="not a JSON document"):
        from_json(text)


def test_a_range_holds_numbers_by_their_leading_digits() -> None:
    held = NumberRange("6000", "6099")
    numbers = ["6000", "6099", "6099-10", "06010", "5999", "6100", "60000", "X6010", ""]
    assert [held.holds(number) for number in numbers] == [True] * 4 + [False] * 5
