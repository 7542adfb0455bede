"""Every formula of the workbook gives our figure, by the word of another program."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from collections_app.reports.build import build
from collections_app.reports.workbook import write_workbook
from tests.collections_app.reports.company_books import company_books
from tests.collections_app.reports.recalculating import recalculated
from tests.collections_app.reports.test_mapping_template import RMA_SPREAD


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("company", "date_from", "date_to"),
    [
        ("maple", date(2020, 3, 1), date(2021, 2, 28)),
        ("small_company", date(2025, 7, 1), date(2026, 9, 30)),
    ],
)
def test_libreoffice_computes_every_formula_to_our_figure(
    company: str, date_from: date, date_to: date, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "report.xlsx"
    books = company_books(request.getfixturevalue(company), date_from, date_to)
    with file.open("wb") as target:
        write_workbook(build(replace(books, mapping=RMA_SPREAD)), target)
    computed = recalculated(file, tmp_path)
    shown, formulas = load_workbook(file, data_only=True), load_workbook(file)
    assert computed.sheetnames == formulas.sheetnames
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in (cell for cell in row if cell.data_type == "f"):
                ours = shown[sheet.title][cell.coordinate].value
                theirs = computed[sheet.title][cell.coordinate].value
                # Binary sums differ from decimal ones in the last of 15 digits of what was added up.
                assert theirs == pytest.approx(ours, rel=1e-9, abs=1e-6), (sheet.title, cell.coordinate)
                compared += 1
    assert compared > 1000
