"""A lender's statements hold what ours hold, on the lender's lines."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.reports.build import Reports, build
from collections_app.reports.mapped_statements import MappedStatements, apply
from collections_app.reports.mapping_json import content_hash
from collections_app.reports.mapping_template import (
    LineMapping,
    MappingTemplate,
    NumberRange,
    TemplateRefused,
)
from collections_app.reports.statement import Statement
from tests.collections_app.reports.cast import CASH, EARNINGS, RENT, SALES, small_books
from tests.collections_app.reports.generated_companies import Company, companies
from tests.collections_app.reports.test_generated_ledgers import EXAMPLES
from tests.collections_app.reports.test_mapping_template import RMA_SPREAD, with_mapping, with_row


def only(line: str, statement: Statement) -> Decimal:
    return statement.values(line)[0]


def accounts_of(line: str, statement: Statement) -> tuple[str, ...]:
    (found,) = [each for each in statement.lines if each.key == line]
    return found.accounts


def without(*categories: str) -> MappingTemplate:
    """The sample spread with no line for these categories."""
    mappings = tuple(
        replace(mapping, categories=tuple(name for name in mapping.categories if name not in categories))
        for mapping in RMA_SPREAD.mappings
    )
    return replace(RMA_SPREAD, mappings=mappings)


def test_a_small_company_on_the_spread() -> None:
    mapped = apply(RMA_SPREAD, build(small_books()))
    assert [only(line, mapped.balance_sheet) for line in ("cash", "total_assets", "net_worth")] == [560] * 3
    lines = ("net_sales", "gross_profit", "operating_expenses", "profit_before_taxes", "net_profit")
    assert [only(line, mapped.income_statement) for line in lines] == [100, 100, 40, 60, 60]
    assert mapped.unmapped == ()


def test_the_statements_say_which_template_made_them() -> None:
    mapped = apply(RMA_SPREAD, build(small_books()))
    assert (mapped.template, mapped.version) == ("RMA spread", 1)
    assert mapped.content_hash == content_hash(RMA_SPREAD)


def test_an_account_keeps_its_detail_line_and_can_be_asked_for() -> None:
    sheet = apply(RMA_SPREAD, build(small_books())).balance_sheet
    assert [(line.key, line.label, line.level) for line in sheet.lines if line.key == "account:1000"] == [
        ("account:1000", "1000 Cash", 4)
    ]
    assert accounts_of("net_worth", sheet) == ("3000",)


def test_the_years_income_stands_on_the_line_that_the_template_names() -> None:
    mapped = apply(replace(RMA_SPREAD, current_year_net_income="deferred_taxes"), build(small_books()))
    assert only("net_worth", mapped.balance_sheet) == 500
    assert only("deferred_taxes", mapped.balance_sheet) == 60


def test_a_category_without_a_line_is_visible_and_counted() -> None:
    mapped = apply(without("Rent Expense", "Cash and Cash Equivalents"), build(small_books()))
    assert only("unmapped_assets", mapped.balance_sheet) == only("total_assets", mapped.balance_sheet) == 560
    assert only("unmapped_income_statement", mapped.income_statement) == -40
    assert only("net_profit", mapped.income_statement) == 60
    assert [(each.account.number, each.reason) for each in mapped.unmapped] == [
        ("1000", "The template has no line for the category Cash and Cash Equivalents."),
        ("6000", "The template has no line for the category Rent Expense."),
    ]


def test_an_account_without_a_category_is_unmapped_and_its_reason_told() -> None:
    books = small_books(accounts=(CASH, EARNINGS, SALES, replace(RENT, category="Office")))
    (unmapped,) = apply(RMA_SPREAD, build(books)).unmapped
    assert (unmapped.account.number, unmapped.reason) == ("6000", "Its category is not on the standard list.")


def test_a_single_account_goes_before_a_range_and_a_range_before_a_category() -> None:
    ranged = with_mapping(LineMapping("income_taxes", (), (), (NumberRange("6000", "6999"),)))
    mapped = apply(ranged, build(small_books()))
    assert accounts_of("income_taxes", mapped.income_statement) == ("6000",)
    single = replace(ranged, mappings=(*ranged.mappings, LineMapping("cost_of_sales", (), ("6000",))))
    mapped = apply(single, build(small_books()))
    assert accounts_of("cost_of_sales", mapped.income_statement) == ("6000",)


def test_an_account_never_leaves_the_statement_of_its_type() -> None:
    crossed = with_mapping(LineMapping("inventory", (), ("6000",)), LineMapping("net_sales", (), ("1000",)))
    mapped = apply(crossed, build(small_books()))
    assert accounts_of("operating_expenses", mapped.income_statement) == ("6000",)
    assert accounts_of("cash", mapped.balance_sheet) == ("1000",)


def test_an_account_that_others_close_to_can_have_a_line_of_its_own() -> None:
    mapped = apply(with_mapping(LineMapping("deferred_taxes", (), ("3000",))), build(small_books()))
    assert only("deferred_taxes", mapped.balance_sheet) == 500


def test_an_overdraft_can_be_moved_to_the_other_side_and_the_sheet_still_balances() -> None:
    mapped = apply(with_mapping(LineMapping("notes_short_term", (), ("1000",))), build(small_books()))
    assert only("notes_short_term", mapped.balance_sheet) == -560
    assert only("total_assets", mapped.balance_sheet) == 0
    assert only("total_liabilities_and_net_worth", mapped.balance_sheet) == 0


def test_a_template_with_a_fault_makes_no_statements() -> None:
    with pytest.raises(TemplateRefused, match="“cash” has no sign"):
        apply(with_row("cash", sign=None), build(small_books()))


def assert_ours(mapped: MappedStatements, reports: Reports) -> None:
    sheet, income = mapped.balance_sheet, mapped.income_statement
    assert sheet.values("total_assets") == reports.balance_sheet.values("total_assets")
    assert sheet.values("total_liabilities_and_net_worth") == reports.balance_sheet.values(
        "total_liabilities_and_equity"
    )
    assert income.values("net_profit") == reports.income_statement.values("net_income")
    assert (sheet.columns, income.columns) == (
        reports.balance_sheet.columns,
        reports.income_statement.columns,
    )


RULES = st.sampled_from(["fiscal year", "window", "never"])


@pytest.mark.slow
@EXAMPLES
@given(companies(), RULES)
def test_the_totals_are_ours_for_every_ledger(company: Company, rule: str) -> None:
    reports = build(company.books(rule))
    assert_ours(apply(RMA_SPREAD, reports), reports)


@pytest.mark.slow
@EXAMPLES
@given(companies())
def test_the_totals_are_ours_when_the_template_maps_nothing(company: Company) -> None:
    reports = build(company.books("window"))
    assert_ours(apply(replace(RMA_SPREAD, mappings=()), reports), reports)


BALANCE_SHEET_LINES = ("cash", "fixed_assets", "trade_payables", "net_worth")
INCOME_LINES = ("net_sales", "cost_of_sales", "other_expenses")
# The numbers of the generated charts: 1000 and up on the balance sheet, 4000 and up on the income statement.
REMAPS = st.tuples(
    st.dictionaries(st.integers(1000, 1005).map(str), st.sampled_from(BALANCE_SHEET_LINES)),
    st.dictionaries(st.integers(4000, 4005).map(str), st.sampled_from(INCOME_LINES)),
    st.sampled_from(BALANCE_SHEET_LINES),
)


@pytest.mark.slow
@EXAMPLES
@given(companies(), REMAPS)
def test_accounts_moved_anywhere_leave_the_sheet_in_balance_and_net_income_the_same(
    company: Company, remaps: tuple[dict[str, str], dict[str, str], str]
) -> None:
    sheet_lines, income_lines, earnings = remaps
    moved = [LineMapping(line, (), (number,)) for number, line in (sheet_lines | income_lines).items()]
    template = replace(with_mapping(*moved), retained_earnings=earnings)
    reports = build(company.books("fiscal year"))
    mapped = apply(template, reports)
    assert mapped.balance_sheet.values("total_assets") == mapped.balance_sheet.values(
        "total_liabilities_and_net_worth"
    )
    assert mapped.income_statement.values("net_profit") == reports.income_statement.values("net_income")
