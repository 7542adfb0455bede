import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from collections_app.reports.build import Reports, build
from collections_app.reports.figures import Scope
from collections_app.reports.workbook import write_workbook
from collections_app.reports.workbook.cells import CELL_LIMIT, CUT_MARK, fit
from collections_app.reports.workbook.sheet import page_text
from tests.collections_app.reports.cast import CASH, CHART, small_books
from tests.collections_app.reports.conftest import MapleBooks

HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.com")',
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "-1+1",
    "+1",
    "https://example.com/",
    "mailto:a@example.com",
    "internal:Cover!A1",
    "{=1+1}",
    "a\x00b",
    "\x1b[31mred",
    "lone \ud800 surrogate",
    "\uffff",
    "_x0041_",
    "x" * 40_000,
    "00123",
    "1e5",
    "-100.00",
    "TRUE",
    "#REF!",
    "<b>&amp;</b>",
]


def workbook_bytes(reports: Reports) -> bytes:
    file = io.BytesIO()
    write_workbook(reports, file)
    return file.getvalue()


def read_back(reports: Reports) -> Workbook:
    """The figures that the cells show before anybody recalculates."""
    return load_workbook(io.BytesIO(workbook_bytes(reports)), data_only=True)


def read_formulas(reports: Reports) -> Workbook:
    return load_workbook(io.BytesIO(workbook_bytes(reports)))


def sheet_rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def find_row(sheet: Worksheet, first_cell: str) -> tuple[Any, ...]:
    return next(row for row in sheet_rows(sheet) if row[0] == first_cell)


OUR_FORMULA = re.compile(r"=[-+*/^()0-9.,:]*(?:SUM\(|[A-Z]{1,3}[0-9]+|[-+*/^()0-9.,:])*")


def foreign_cells(workbook: Workbook) -> list[Any]:
    """Cells that a spreadsheet computes and that are not ours: ours hold places, sums and numbers alone."""
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    computed = [cell for cell in cells if cell.data_type in ("f", "e", "b")]
    return [cell.value for cell in computed if not OUR_FORMULA.fullmatch(str(cell.value))]


def test_there_is_a_sheet_for_each_report_that_the_books_can_fill() -> None:
    assert read_back(build(small_books())).sheetnames == [
        "Cover",
        "Checks",
        "Balance sheet",
        "Income statement",
        "Cash flow statement",
        "Changes in equity",
        "Quarters",
        "Fiscal years",
        "Year to date",
        "Vertical analysis",
        "Spread",
        "Ratios",
        "Ratios by month",
        "UCA cash flow",
        "Trial balance",
        "Chart of accounts",
        "Definitions",
    ]


def test_the_cover_says_whose_figures_these_are_and_dates_are_dates() -> None:
    scope = Scope("entity", "E100", "Juniper East")
    cover = read_back(build(small_books(scope=scope, first_fiscal_month=1)))["Cover"]
    rows = sheet_rows(cover)
    end = next(place for place, row in enumerate(rows) if row[0] == "Checks")
    facts = {row[0]: row[1] for row in rows[:end] if row[1] is not None}
    assert facts == {
        "Lender": "Harbour Bank",
        "Borrower": "Juniper Works",
        "Company": "Juniper Works Inc. (JUNIPER)",
        "Scope": "Juniper Works Inc., entity E100 Juniper East",
        "Basis": "Accrual",
        "Currency": "USD",
        "From": datetime(2024, 1, 1),
        "To": datetime(2024, 1, 31),
        "Fiscal year begins in": "January",
        "Collected at": "2026-03-02 09:15 UTC",
        "Collected from": "Sage Intacct, api.intacct.com",
        "Reference": "C-2026-0042",
    }


def test_every_sheet_states_scope_basis_currency_period_and_source() -> None:
    for sheet in read_back(build(small_books())).worksheets[1:]:
        text = " ".join(str(row[0]) for row in sheet_rows(sheet)[:6])
        for fact in ("Juniper Works", "whole company", "accrual", "USD", "1 Jan 2024 to 31 Jan 2024"):
            assert fact in text, (sheet.title, fact)
        assert "2026-03-02 09:15 UTC from Sage Intacct, api.intacct.com" in text
        assert "No account with a balance or activity is unassigned." in text


def test_amounts_are_numbers_with_an_accounting_format() -> None:
    workbook = read_back(build(small_books()))
    row = next(row for row in workbook["Balance sheet"].iter_rows() if row[0].value == "Total assets")
    assert (row[1].value, row[1].data_type) == (560, "n")
    assert row[1].number_format == '#,##0.00_);(#,##0.00);"–"_)'
    assert find_row(workbook["Income statement"], "Net income") == ("Net income", 60, 60)


def test_the_figures_of_a_real_ledger_are_the_statements_figures(maple_books: MapleBooks) -> None:
    reports = build(maple_books(date(2020, 1, 1), date(2020, 12, 31)))
    workbook = read_back(reports)
    assert find_row(workbook["Income statement"], "Net income")[-1] == 369541.45
    expected = [float(value) for value in reports.balance_sheet.values("total_assets")]
    assert list(find_row(workbook["Balance sheet"], "Total assets")[1:]) == expected
    totals = [row for row in sheet_rows(workbook["Trial balance"]) if str(row[3]).startswith("Total ")]
    assert len(totals) == 12
    assert {row[4] for row in totals} == {row[9] for row in totals} == {0}


def test_column_heads_are_dates_except_for_part_months_and_the_total() -> None:
    income = read_back(build(small_books()))["Income statement"]
    head = next(row for row in sheet_rows(income) if row[0] == "Amounts in USD")
    assert head[1:] == (datetime(2024, 1, 1), "Total")
    month = replace(small_books().months[0], end=date(2024, 1, 20))
    part = replace(small_books(date_to=date(2024, 1, 20)), months=(month,))
    head = next(row for row in sheet_rows(read_back(build(part))["Income statement"]) if row[2] == "Total")
    assert head[1] == "1–20 Jan 2024"


def test_each_month_of_the_trial_balance_ends_with_its_total() -> None:
    rows = sheet_rows(read_back(build(small_books()))["Trial balance"])
    assert rows[-1][3:] == ("Total Jan 2024", 0, 140, 140, 0, 0, 0)
    assert rows[-2][2:5] == ("6000", "Rent", 0)


def test_accounts_that_are_zero_throughout_are_in_the_chart_only() -> None:
    idle = replace(CASH, number="1001", title="Idle")
    workbook = read_back(build(small_books(accounts=(*CHART, idle))))
    assert "1001" in {row[0] for row in sheet_rows(workbook["Chart of accounts"])}
    assert "1001" not in {row[2] for row in sheet_rows(workbook["Trial balance"])}
    assert "1001 Idle" not in {row[0] for row in sheet_rows(workbook["Balance sheet"])}


def test_unassigned_accounts_are_named_on_the_cover_with_the_reason() -> None:
    workbook = read_back(build(small_books(accounts=(replace(CASH, category=""), *CHART[1:]))))
    assert find_row(workbook["Cover"], "1000") == (
        "1000",
        "Cash",
        "Unassigned assets",
        "It has no category.",
    )
    text = [row[0] for row in sheet_rows(workbook["Balance sheet"])]
    assert "Unassigned: 1 account with a balance or activity; see the cover." in text


def test_ledger_text_stays_text_whatever_it_looks_like() -> None:
    hostile = tuple(
        replace(CASH, number=f"9{number:03}", title=text, category=text)
        for number, text in enumerate(HOSTILE)
    )
    books = small_books(accounts=(*CHART, *hostile), borrower=HOSTILE[1], company_name=HOSTILE[2])
    workbook = read_formulas(build(books))
    shown = {row[0]: row[1] for row in sheet_rows(workbook["Chart of accounts"])}
    assert foreign_cells(workbook) == []
    for account in hostile:
        title = shown[account.number]
        assert isinstance(title, str)
        assert len(title) <= CELL_LIMIT
        if len(account.title) < CELL_LIMIT and account.title.isprintable():
            assert title == account.title


def test_account_numbers_keep_their_leading_zeros() -> None:
    chart = tuple(replace(each, number="0099") if each is CASH else each for each in CHART)
    rows = sheet_rows(read_back(build(small_books(accounts=chart)))["Chart of accounts"])
    assert "0099" in {row[0] for row in rows}


def test_text_too_long_for_a_cell_is_cut_visibly() -> None:
    assert fit("x" * CELL_LIMIT) == "x" * CELL_LIMIT
    cut = fit("\U0001f600" * CELL_LIMIT)
    assert cut.endswith(CUT_MARK)
    assert len(cut.encode("utf-16-le")) <= 2 * CELL_LIMIT
    assert "\ufffd" not in cut


@pytest.mark.parametrize("name", ["R&G Foods", "3M & Sons", "&P&N", "A&[Picture]", "x" * 300, "two\nlines"])
def test_names_appear_in_page_headers_whatever_they_contain(name: str) -> None:
    sheet = read_back(build(small_books(borrower=name, lender=name)))["Balance sheet"]
    assert sheet.oddHeader.left.text
    assert sheet.oddHeader.right.text
    assert "&P" in sheet.oddFooter.right.text
    assert "C-2026-0042" in sheet.oddFooter.left.text


def test_an_ampersand_prints_once_and_is_never_a_command() -> None:
    assert page_text("Smith & Sons") == "Smith && Sons"
    assert "&G" not in page_text("R&G")
    assert "&[" not in page_text("A&[Picture]")


def test_every_sheet_is_ready_to_print() -> None:
    for sheet in read_back(build(small_books())).worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # One page wide is the format's default and is not written; any number of pages high is.
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        if sheet.title != "Cover":
            assert sheet.freeze_panes is not None
        # Sheets with one table repeat its headings on every page.
        if sheet.title not in {
            "Cover",
            "Quarters",
            "Fiscal years",
            "Year to date",
            "Vertical analysis",
        }:
            assert sheet.print_title_rows == "$7:$7"


def test_account_detail_is_an_outline_level_under_its_line() -> None:
    sheet = read_back(build(small_books()))["Balance sheet"]
    levels = {row[0].value: sheet.row_dimensions[row[0].row].outlineLevel for row in sheet.iter_rows()}
    assert (levels["Cash and cash equivalents"], levels["1000 Cash"]) == (0, 1)
    assert sheet.sheet_properties.outlinePr.summaryBelow is False


def test_the_same_figures_give_the_same_bytes() -> None:
    first = workbook_bytes(build(small_books()))
    assert workbook_bytes(build(small_books())) == first
    local = small_books().heading.collected_at.astimezone(timezone(timedelta(hours=9)))
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(build(small_books(collected_at=local))))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"W3CDTF\">([^<]+)<", core) == ["2026-03-02T09:15:00Z"] * 2
