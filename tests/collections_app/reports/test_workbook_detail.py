"""The sheets of journal lines and documents, and the sheets that lead to them."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from collections_app.reports.build import Reports, build
from collections_app.reports.general_ledger import RowKind, general_ledger
from collections_app.reports.journal import JournalLine
from collections_app.reports.workbook import write_workbook
from collections_app.reports.workbook.cells import CELL_LIMIT
from tests.collections_app.reports.cast import small_books
from tests.collections_app.reports.company_books import company_books
from tests.collections_app.reports.test_workbook import (
    HOSTILE,
    foreign_cells,
    read_back,
    read_formulas,
    sheet_rows,
    workbook_bytes,
)

pytestmark = pytest.mark.slow

FIRST_ROW = 7


class OneWay(io.RawIOBase):
    """A target that can only be written to, as the encrypting one."""

    def __init__(self) -> None:
        super().__init__()
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.content += content
        return len(content)


class Lines:
    """A journal of given lines."""

    def __init__(self, *lines: JournalLine) -> None:
        self.given = lines

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        return (line for line in self.given if start <= line.entry_date <= end)


def line(number: int, account: str, debit: str, credit: str, **changes: Any) -> JournalLine:
    made = JournalLine(
        record=str(number),
        batch="7",
        batch_date=date(2024, 1, 5),
        batch_title="Entry",
        journal="GJ",
        book="ACCRUAL",
        module="2.GL",
        line_number=str(number),
        entry_date=date(2024, 1, 5),
        account=account,
        debit=Decimal(debit),
        credit=Decimal(credit),
    )
    return replace(made, **changes)


# What the trial balance of the small cast says, line by line; the last line of cash is missing.
JOURNAL = Lines(
    line(1, "1000", "100", "0"),
    line(2, "4000", "0", "100"),
    line(3, "6000", "40", "0"),
)


@pytest.fixture(scope="module")
def generated(small_company: Path) -> Reports:
    return build(company_books(small_company, date(2025, 7, 1), date(2026, 6, 30)))


@pytest.fixture(scope="module")
def figures(generated: Reports) -> Workbook:
    return read_back(generated)


@pytest.fixture(scope="module")
def formulas(generated: Reports) -> Workbook:
    return read_formulas(generated)


def detail(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return sheet_rows(sheet)[FIRST_ROW:]


def test_the_ledger_has_every_line_with_its_running_balance(generated: Reports, figures: Workbook) -> None:
    assert generated.journal
    expected = list(general_ledger(generated.ledger, generated.journal))
    rows = detail(figures["General ledger"])
    assert len(rows) == len(expected) > 2000
    for row, ours in zip(rows, expected, strict=True):
        assert row[1] == ours.account.number
        assert row[13] == float(ours.balance)
        if ours.line:
            assert row[0].date() == ours.line.entry_date
            assert (row[11] or 0, row[12] or 0) == (float(ours.line.debit), float(ours.line.credit))


def test_each_closing_balance_of_the_ledger_is_a_live_sum(formulas: Workbook) -> None:
    closings = [row for row in detail(formulas["General ledger"]) if str(row[2]).startswith("Closing")]
    moved = [row for row in closings if row[11]]
    assert moved
    for row in moved:
        assert row[11].startswith("=SUM(L")
        assert row[12].startswith("=SUM(M")
    assert all(str(row[13]).startswith("=N") for row in closings)


def test_lines_are_an_outline_group_below_frozen_headings(formulas: Workbook) -> None:
    sheet = formulas["General ledger"]
    assert sheet.freeze_panes == "D8"
    assert sheet.auto_filter.ref.startswith("A7:N")
    opening = sheet.row_dimensions[8].outlineLevel
    assert (opening, sheet.row_dimensions[9].outlineLevel) in {(0, 1), (0, 0)}
    levels = {
        sheet.row_dimensions[row[0].row].outlineLevel
        for row in sheet.iter_rows(min_row=8)
        if not str(row[2].value).startswith(("Opening balance", "Closing balance"))
    }
    assert levels == {1}


def test_what_the_lines_do_not_explain_is_a_row_of_its_own() -> None:
    books = replace(small_books(), journal=JOURNAL)
    rows = detail(read_back(build(books))["General ledger"])
    cash = [row for row in rows if row[1] == "1000"]
    assert [row[2] for row in cash] == [
        "Opening balance, Cash",
        "Entry",
        RowKind.DIFFERENCE.value,
        "Closing balance, Cash",
    ]
    assert [row[13] for row in cash] == [500, 600, 560, 560]
    assert cash[2][12] == 40
    assert cash[3][11:13] == (100, 40)


def test_every_link_leads_to_a_sheet_and_a_cell_that_exist(formulas: Workbook) -> None:
    count = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            name, _, coordinate = cell.hyperlink.location.rpartition("!")
            target = formulas[name.strip("'")][coordinate]
            assert target.value is not None, (sheet.title, cell.coordinate)
            count += 1
    assert count > 200


def test_trial_balance_and_ledger_lead_to_each_other(formulas: Workbook) -> None:
    trial_balance, ledger = formulas["Trial balance"], formulas["General ledger"]
    linked = [
        cell for row in trial_balance.iter_rows() for cell in row if cell.column == 3 and cell.hyperlink
    ]
    assert linked
    for cell in linked[:50]:
        there = ledger[cell.hyperlink.location.rpartition("!")[2]]
        account = ledger.cell(there.row, 2)
        assert account.value == cell.value
        back = account.hyperlink.location.rpartition("!")[2]
        assert trial_balance[back].row == cell.row


def test_every_name_covers_cells_of_the_workbook(formulas: Workbook) -> None:
    assert {"balance_sheet", "income_statement.net_income", "trial_balance"} <= set(formulas.defined_names)
    for name in formulas.defined_names.values():
        for title, area in name.destinations:
            assert formulas[title][area.replace("$", "")] is not None


def test_the_documents_sheet_adds_up_to_the_aging(generated: Reports, figures: Workbook) -> None:
    assert generated.receivables
    rows = detail(figures["Receivables documents"])
    assert rows[-1][0] == "Total"
    assert rows[-1][9] == float(generated.receivables.aging.total)
    assert len(rows) - 1 == len(generated.receivables.position.items)
    total = next(row for row in sheet_rows(figures["Receivables aging"]) if row[0] == "Total")
    assert total[2:7] == tuple(map(float, generated.receivables.aging.totals))
    assert total[8] == float(generated.receivables.aging.total)


def test_a_ledger_that_passes_the_row_limit_is_split_by_month(generated: Reports) -> None:
    assert generated.journal
    ours = [row.balance for row in general_ledger(generated.ledger, generated.journal)]
    file = io.BytesIO()
    write_workbook(generated, file, row_limit=400)
    workbook = load_workbook(file, data_only=True)
    names = [name for name in workbook.sheetnames if name.startswith("General ledger")]
    assert len(names) >= 12
    assert names[0].startswith("General ledger 2025-07")
    assert all(len(name) <= 31 and workbook[name].max_row <= 400 for name in names)
    balances = [row[13] for name in names for row in detail(workbook[name])]
    assert balances == list(map(float, ours))


def test_journal_text_stays_text_whatever_it_looks_like() -> None:
    lines = [
        line(number, "1000", "1", "0", description=text, document=text, location=text)
        for number, text in enumerate(HOSTILE)
    ]
    workbook = read_formulas(build(replace(small_books(), journal=Lines(*lines))))
    assert foreign_cells(workbook) == []
    rows = [row for row in detail(workbook["General ledger"]) if row[0] == datetime(2024, 1, 5)]
    assert len(rows) == len(HOSTILE)
    for row, text in zip(rows, HOSTILE, strict=True):
        assert len(row[2]) <= CELL_LIMIT
        if len(text) < CELL_LIMIT and text.isprintable():
            # Excel and LibreOffice undo the format's escape; openpyxl does so in shared strings alone.
            assert {row[2], row[8], row[9]} == {text.replace("_x0041_", "_x005F_x0041_")}


def test_a_target_that_cannot_be_sought_gets_the_same_bytes(generated: Reports) -> None:
    target = OneWay()
    write_workbook(generated, cast(BinaryIO, target))
    again = OneWay()
    write_workbook(generated, cast(BinaryIO, again))
    assert target.content == again.content
    assert load_workbook(io.BytesIO(bytes(target.content))).sheetnames[0] == "Cover"


def test_nothing_is_written_to_the_disk(generated: Reports, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert workbook_bytes(generated)


def test_an_exception_in_the_journal_leaves_no_workbook() -> None:
    class Broken(Lines):
        readings = 0

        def lines(self, start: date, end: date) -> Iterator[JournalLine]:
            self.readings += 1
            yield from super().lines(start, end)
            if self.readings > 1:
                raise OSError("The table ends too early.")

    target = OneWay()
    with pytest.raises(OSError, match="too early"):
        write_workbook(build(replace(small_books(), journal=Broken(*JOURNAL.given))), cast(BinaryIO, target))
    with pytest.raises(zipfile.BadZipFile):
        load_workbook(io.BytesIO(bytes(target.content)))


@pytest.mark.parametrize("wanted", [{"balance_sheet"}, {"ar_aging"}, {"general_ledger"}, set()])
def test_only_what_was_asked_for_is_in_the_workbook(generated: Reports, wanted: set[str]) -> None:
    names = read_back(replace(generated, wanted=frozenset(wanted))).sheetnames
    assert ("Balance sheet" in names) == ("balance_sheet" in wanted)
    assert ("Receivables aging" in names) == ("ar_aging" in wanted)
    assert ("General ledger" in names) == ("general_ledger" in wanted)
    assert not {"Ratios", "Payables aging", "Income statement"} & set(names)
