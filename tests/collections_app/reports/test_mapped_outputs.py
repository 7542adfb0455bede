"""The lender's layout in everything that is given out: JSON, tables, workbook and statement pack."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from collections_app.reports.build import Reports, build
from collections_app.reports.export import statements_json
from collections_app.reports.mapping_json import content_hash
from collections_app.reports.mapping_template import MappingTemplate
from collections_app.reports.markup import markup
from collections_app.reports.report_tables import tables
from collections_app.reports.statement_pack.document import document
from tests.collections_app.reports.cast import small_books
from tests.collections_app.reports.test_csv_tables import table_of
from tests.collections_app.reports.test_mapped_statements import without
from tests.collections_app.reports.test_mapping_template import RMA_SPREAD
from tests.collections_app.reports.test_workbook import find_row, read_back, read_formulas, sheet_rows

WITHOUT_RENT = without("Rent Expense")
REASON = "The template has no line for the category Rent Expense."
SHEETS = {"Lender balance sheet", "Lender income statement"}


def mapped_reports(template: MappingTemplate = WITHOUT_RENT, *wanted: str) -> Reports:
    books = replace(small_books(), mapping=template)
    return build(replace(books, wanted=frozenset(wanted)) if wanted else books)


def mapped_json(reports: Reports) -> Any:
    return json.loads(statements_json(reports))["mapped"]


def test_the_json_has_the_layout_with_its_template_and_what_it_has_no_line_for() -> None:
    mapped = mapped_json(mapped_reports())
    assert mapped["template"] == "RMA spread"
    assert (mapped["version"], mapped["content_hash"]) == (1, content_hash(WITHOUT_RENT))
    assert mapped["unmapped"] == [{"account": "6000", "title": "Rent", "reason": REASON}]
    assert mapped["income_statement"]["columns"] == ["2024-01", "total"]
    lines = {line["key"]: line for line in mapped["income_statement"]["lines"]}
    assert lines["unmapped_income_statement"]["values"] == ["-40.00", "-40.00"]
    assert lines["net_profit"]["values"] == ["60.00", "60.00"]
    assert {line["key"] for line in mapped["balance_sheet"]["lines"]} >= {"cash", "account:1000"}


def test_without_a_layout_the_key_is_null_and_nothing_else_is_there() -> None:
    reports = build(small_books())
    assert mapped_json(reports) is None
    assert not [table.name for table in tables(reports) if table.name.endswith("_lender")]
    assert not SHEETS & set(read_back(reports).sheetnames)
    assert "lender's layout" not in markup(document(reports))


@pytest.mark.parametrize(
    ("asked", "other", "unmapped"),
    [("balance_sheet", "income_statement", 0), ("income_statement", "balance_sheet", 1)],
)
def test_only_the_statement_that_was_asked_for_is_given_out(asked: str, other: str, unmapped: int) -> None:
    reports = mapped_reports(WITHOUT_RENT, asked)
    mapped = mapped_json(reports)
    assert asked in mapped
    assert other not in mapped
    assert len(mapped["unmapped"]) == len(table_of(reports, "unmapped_accounts_lender")) == unmapped
    names = [table.name for table in tables(reports) if table.name.endswith("_lender")]
    assert names == [f"{asked}_lender", "unmapped_accounts_lender"]
    assert {name.replace(" ", "_") for name in SHEETS & set(read_back(reports).sheetnames)} == {
        f"Lender_{asked}"
    }
    printed = markup(document(reports))
    assert f'id="lender_{asked}"' in printed
    assert f'id="lender_{other}"' not in printed


def test_with_neither_statement_asked_for_the_layout_is_not_given_out() -> None:
    reports = mapped_reports(WITHOUT_RENT, "trial_balance")
    assert mapped_json(reports) is None
    assert not [table.name for table in tables(reports) if table.name.endswith("_lender")]
    assert not SHEETS & set(read_back(reports).sheetnames)


def test_the_tables_have_the_lenders_lines_and_name_its_template() -> None:
    reports = mapped_reports()
    sheet = {row["key"]: row for row in table_of(reports, "balance_sheet_lender")}
    assert sheet["total_assets"]["2024-01-31"] == "560.00"
    (unmapped,) = table_of(reports, "unmapped_accounts_lender")
    assert unmapped == {
        "account": "6000",
        "title": "Rent",
        "reason": REASON,
        "template": "RMA spread",
        "version": "1",
        "content_hash": content_hash(WITHOUT_RENT),
    }


def test_the_workbooks_totals_in_the_lenders_layout_are_live_and_show_the_lenders_figures() -> None:
    reports = mapped_reports()
    assert reports.mapped
    shown, formulas = read_back(reports), read_formulas(reports)
    for name, statement in zip(sorted(SHEETS), reports.mapped.statements, strict=True):
        for line in statement.shown_lines:
            if line.style in ("total", "grand_total"):
                assert find_row(shown[name], line.label)[1:] == tuple(map(float, line.values))
                assert str(find_row(formulas[name], line.label)[1]).startswith("="), line.label


def test_the_workbook_says_which_layout_it_is_and_which_accounts_it_has_no_line_for() -> None:
    workbook = read_back(mapped_reports())
    income = workbook["Lender income statement"]
    assert ("6000 Rent", REASON) in [row[:2] for row in sheet_rows(income)]
    for name in SHEETS:
        text = " ".join(str(row[0]) for row in sheet_rows(workbook[name]))
        assert f"“RMA spread”, version 1, content hash {content_hash(WITHOUT_RENT)}" in text
    assert find_row(
        workbook["Lender balance sheet"], "Every account with a figure has a line in this layout."
    )


def test_a_layout_of_any_depth_makes_a_workbook_and_a_pack() -> None:
    rows = tuple(replace(row, level=row.level + 40) for row in RMA_SPREAD.rows)
    reports = mapped_reports(replace(RMA_SPREAD, rows=rows))
    assert set(read_back(reports).sheetnames) >= SHEETS
    assert "level-41" not in markup(document(reports))


def test_the_pack_has_a_section_for_each_statement_after_ours() -> None:
    printed = markup(document(mapped_reports()))
    order = [
        f'id="{key}"' for key in ("changes_in_equity", "lender_balance_sheet", "lender_income_statement")
    ]
    places = [printed.index(f"<h2 {key}") for key in order]
    assert places == sorted(places)
    assert REASON in printed
    assert "version 1, content hash" in printed


def test_a_long_period_is_printed_by_its_last_months_and_a_short_pack_by_its_last_column() -> None:
    reports = mapped_reports()
    assert reports.mapped
    income = reports.mapped.income_statement
    month = income.columns[0]
    columns = tuple(replace(month, key=f"m{number}", caption=f"Month {number}") for number in range(14))
    lines = tuple(replace(line, values=(Decimal(7),) * 15 if line.values else ()) for line in income.lines)
    long = replace(income, columns=(*columns, replace(income.columns[-1])), lines=lines)
    long_reports = replace(reports, mapped=replace(reports.mapped, income_statement=long))
    printed = markup(document(long_reports))
    assert "the last 12 of 14 months" in printed
    assert "Month 2<" in printed
    assert "Month 1<" not in printed
    assert "last column" in markup(document(long_reports, row_limit=1))
