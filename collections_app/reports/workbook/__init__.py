"""``report.xlsx``: the reports as a workbook that a bank can file.

Real numbers and real dates, text that can never become a formula, subtotals that are live formulas showing
our figures, print set-up on every sheet. Every sheet is written once from top to bottom.

Nothing of it is ever on disk in plain: XlsxWriter assembles in memory what is bounded by accounts, months and
parties, and the sheets of journal lines and documents are written row by row into the finished file.
"""

import io
from datetime import UTC
from typing import BinaryIO

import xlsxwriter

from collections_app.reports.build import Reports
from collections_app.reports.workbook.cells import fit
from collections_app.reports.workbook.contents import sheet_plans
from collections_app.reports.workbook.cover import write_cover
from collections_app.reports.workbook.package import write_package
from collections_app.reports.workbook.places import places_of
from collections_app.reports.workbook.sheet import COVER, ROW_LIMIT, Sheet
from collections_app.reports.workbook.styles import Styles


def write_workbook(reports: Reports, file: BinaryIO, *, row_limit: int = ROW_LIMIT) -> None:
    """Write ``report.xlsx`` into a binary stream, which need not be seekable, in bounded memory.

    The same reports give the same bytes. On an exception the stream holds no usable file: abandon it.
    A general ledger of more rows than ``row_limit`` is split by month.
    """
    places = places_of(reports, row_limit)
    frame = io.BytesIO()
    workbook = xlsxwriter.Workbook(frame, {"in_memory": True})
    _describe(workbook, reports)
    styles = Styles(workbook)
    plans = sheet_plans(reports, places)
    sheets = [Sheet(workbook, COVER, styles, reports)]
    write_cover(sheets[0], plans)
    for plan in plans:
        sheet = Sheet(workbook, plan.name, styles, reports)
        plan.write(sheet)
        sheets.append(sheet)
    workbook.close()
    write_package(frame, {place: sheet.detail for place, sheet in enumerate(sheets, 1) if sheet.detail}, file)


def _describe(workbook: xlsxwriter.Workbook, reports: Reports) -> None:
    heading = reports.heading
    workbook.set_properties(
        {
            "title": fit(f"Financial reports of {heading.borrower}"),
            "subject": fit(f"Reference {heading.reference}"),
            "company": fit(heading.lender),
            "created": heading.collected_at.astimezone(UTC),
        }
    )
    # A program that opens the file computes every formula, and finds what the cells already show.
    workbook.set_calc_mode("auto")
