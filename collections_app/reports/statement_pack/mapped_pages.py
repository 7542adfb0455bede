"""The statements in the lender's layout, by month without accounts, and what the layout has no line for."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.mapped_statements import MappedStatements
from collections_app.reports.statement import Statement
from collections_app.reports.statement_pack.fitting import columns_of
from collections_app.reports.statement_pack.presentation import MOST_MONTHS
from collections_app.reports.statement_pack.section import Section, View, paragraph, subheading
from collections_app.reports.statement_pack.statement_pages import (
    EXTENTS,
    WITHOUT_MONTHS,
    Extent,
    statement_view,
)
from collections_app.reports.statement_pack.tables import column_header, row, row_header, table, text_cell

ALL_MAPPED = "Every account with a figure has a line in this layout."
MOST_UNMAPPED = 40


def mapped_sections(reports: Reports, extent: Extent = EXTENTS[0]) -> Iterator[Section]:
    """A section for each statement of the lender's layout that was asked for."""
    mapped = reports.mapped
    if mapped is None:
        return
    for statement in reports.mapped_statements:
        title = f"{statement.title} in the lender's layout"
        chosen, periods = _chosen(statement, extent)
        view = statement_view(reports, chosen, periods)
        notes = View(tuple(_notes(mapped, statement, extent)), is_landscape=view.is_landscape)
        yield Section(f"lender_{statement.key}", title, (view, notes))


def _chosen(statement: Statement, extent: Extent) -> tuple[Statement, str]:
    """The columns that are printed, and what they are in words.

    The last months, with the total only beside all of them; of a pack that would be too long the last column.
    """
    if not extent.has_months:
        return columns_of(statement, slice(-1, None)), "last column"
    months = sum(column.key != "total" for column in statement.columns)
    if months <= MOST_MONTHS:
        return statement, "months"
    chosen = slice(months - MOST_MONTHS, months)
    return columns_of(statement, chosen), f"the last {MOST_MONTHS} of {months} months"


def _notes(mapped: MappedStatements, statement: Statement, extent: Extent) -> Iterator[Element]:
    yield paragraph(mapped.caption, "note")
    if not extent.has_months:
        yield paragraph(WITHOUT_MONTHS, "note")
    unmapped = mapped.unmapped_in([statement])
    if not unmapped:
        yield paragraph(ALL_MAPPED, "note")
        return
    yield subheading("Accounts without a line in the layout")
    rows = (
        row(row_header(each.account.number), text_cell(each.account.title), text_cell(each.reason))
        for each in unmapped[:MOST_UNMAPPED]
    )
    yield table([column_header(name) for name in ("Account", "Title", "Why")], rows)
    if len(unmapped) > MOST_UNMAPPED:
        others = len(unmapped) - MOST_UNMAPPED
        yield paragraph(f"{others:,} more are in report.xlsx and in the CSV files.", "note")
