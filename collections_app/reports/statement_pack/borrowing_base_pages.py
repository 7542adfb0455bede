"""The borrowing base step by step, each line above its definition, and the terms that it was made by."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from collections_app.reports.borrowing_base import BaseLine, BorrowingBase
from collections_app.reports.build import Reports
from collections_app.reports.lender_settings import Setting, base_settings
from collections_app.reports.markup import element
from collections_app.reports.periods import day_caption
from collections_app.reports.statement_pack.section import Section, View, block, paragraph, subheading
from collections_app.reports.statement_pack.tables import (
    amount_cell,
    column_header,
    number_header,
    row,
    row_header,
    table,
    text_cell,
)

_TOTALS = frozenset({"gross_receivables", "eligible_receivables", "borrowing_base"})


def borrowing_base_sections(reports: Reports) -> Iterator[Section]:
    """The schedule, where the aging of receivables was asked for and collected."""
    schedule = reports.asked_borrowing_base
    if schedule is None:
        return
    as_of, currency = day_caption(reports.heading.date_to), reports.heading.currency
    header = [
        column_header(f"At {as_of}, amounts in {currency}"),
        number_header("Amount"),
        number_header("Left"),
    ]
    rows = [*map(_line_row, schedule.lines), _availability_row(schedule)]
    settings = base_settings(reports.terms)
    terms_header = [column_header(name) for name in ("Term", "Value", "Whose")]
    contents = (
        paragraph(
            "A line that needs input is left out of the amounts until it is given; availability is then "
            "unknown. What the lender did not set is as usual in asset-based lending."
        ),
        table(header, rows, class_="ratios"),
        block(subheading("Terms applied"), table(terms_header, map(_setting_row, settings))),
    )
    yield Section("borrowing_base", "Borrowing base", (View(contents),))


def _line_row(line: BaseLine) -> Element:
    defined = element("span", line.definition, class_="formula", limit=600)
    style = "total" if line.key in _TOTALS else "line"
    return row(
        row_header(line.label, defined), amount_cell(line.amount), amount_cell(line.left), class_=style
    )


def _availability_row(schedule: BorrowingBase) -> Element:
    amount = amount_cell(schedule.availability)
    defined = element("span", "borrowing base less loan balance", class_="formula")
    return row(row_header("Availability", defined), amount, text_cell(), class_="total")


def _setting_row(setting: Setting) -> Element:
    value = element("span", setting.value, limit=600)
    return row(row_header(setting.label), text_cell(value), text_cell(setting.source), class_="line")
