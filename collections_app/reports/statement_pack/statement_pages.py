"""The four statements: each by fiscal year with its accounts, by quarter, and by month."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.markup import element
from collections_app.reports.statement import Line, Statement
from collections_app.reports.statement_pack.fitting import fit
from collections_app.reports.statement_pack.presentation import Presentation, read_lines
from collections_app.reports.statement_pack.section import Section, View, block, paragraph, subheading
from collections_app.reports.statement_pack.tables import (
    amount_cell,
    column_header,
    number_header,
    row,
    row_header,
    table,
)

WITHOUT_MONTHS = "The same by month is in report.xlsx and in the CSV files."
# The style sheet indents so many levels.
_DEEPEST = 5
_TITLES = {"cash_flow": "Cash flow statement (indirect method)"}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of the statements is printed; what is left out is said."""

    has_accounts: bool = True
    has_months: bool = True


# From all of it to what is short for any books.
EXTENTS = (Extent(), Extent(has_accounts=False), Extent(has_accounts=False, has_months=False))


def statement_sections(
    reports: Reports, chosen: Iterable[Presentation], extent: Extent = EXTENTS[0]
) -> Iterator[Section]:
    """A section for each statement that was asked for, with these choices of periods."""
    printed = [each for each in chosen if extent.has_months or not each.may_be_left_out]
    for place, statement in enumerate(reports.by_month.statements):
        if statement.key in reports.wanted:
            views = [_view(reports, each, place, extent) for each in printed]
            if not extent.has_months:
                views.append(View((paragraph(WITHOUT_MONTHS, "note"),)))
            yield Section(statement.key, _TITLES.get(statement.key, statement.title), tuple(views))


def _view(reports: Reports, presentation: Presentation, place: int, extent: Extent) -> View:
    statement = presentation.statements.statements[place]
    has_accounts = presentation.has_accounts and extent.has_accounts
    left_out = _without_accounts(statement) if presentation.has_accounts and not has_accounts else ()
    return statement_view(
        reports, statement, _lower(presentation.title), has_accounts=has_accounts, notes=left_out
    )


def statement_view(
    reports: Reports,
    statement: Statement,
    periods: str,
    *,
    has_accounts: bool = False,
    notes: Iterable[Element] = (),
) -> View:
    """The statement under a heading that names its periods, in parts where a page cannot hold the columns."""
    fitted = fit(replace(statement, lines=read_lines(statement, has_accounts=has_accounts)))
    contents = []
    for number, part in enumerate(fitted.parts, start=1):
        title = f"{statement.title}: {periods}"
        if len(fitted.parts) > 1:
            title += f", part {number} of {len(fitted.parts)}"
        made = (subheading(title), _table(reports, part, fitted.column_width))
        contents.append(block(*made) if fitted.is_whole else element("div", *made))
    return View((*contents, *notes), is_landscape=fitted.page.is_landscape)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _without_accounts(statement: Statement) -> Iterator[Element]:
    count = sum(line.style == "account" and any(line.values) for line in statement.lines)
    if count:
        text = f"The {count:,} accounts behind these lines are in report.xlsx and in the CSV files."
        yield paragraph(text, "note")


def _table(reports: Reports, statement: Statement, width: int) -> Element:
    columns = [element("col"), *(element("col", style=f"width:{width}pt") for _ in statement.columns)]
    captions = [number_header(column.caption) for column in statement.columns]
    header = [column_header(f"Amounts in {reports.heading.currency}"), *captions]
    return table(header, _rows(statement), class_="statement", columns=columns)


def _rows(statement: Statement) -> Iterator[Element]:
    for line in statement.lines:
        yield row(*_cells(line, len(statement.columns)), class_=line.style.replace("_", "-"))


def _cells(line: Line, width: int) -> Sequence[Element]:
    header = row_header(line.label, class_=f"level-{min(line.level, _DEEPEST)}")
    if line.style == "heading":
        header.set("colspan", str(width + 1))
        return (header,)
    return (header, *(amount_cell(value) for value in line.values))
