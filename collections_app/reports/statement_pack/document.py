"""The whole pack as one document of markup."""

from datetime import UTC
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.figures import Heading
from collections_app.reports.markup import element, printable
from collections_app.reports.statement_pack.aging_pages import aging_sections
from collections_app.reports.statement_pack.analysis_pages import analysis_sections
from collections_app.reports.statement_pack.borrowing_base_pages import borrowing_base_sections
from collections_app.reports.statement_pack.chart_pages import chart_sections
from collections_app.reports.statement_pack.check_pages import check_sections
from collections_app.reports.statement_pack.cover import cover
from collections_app.reports.statement_pack.mapped_pages import mapped_sections
from collections_app.reports.statement_pack.notes import notes_section
from collections_app.reports.statement_pack.presentation import Presentation, presentations
from collections_app.reports.statement_pack.section import Section
from collections_app.reports.statement_pack.statement_pages import (
    EXTENTS,
    Extent,
    statement_sections,
)
from collections_app.reports.wording import is_on_letter

# Time and memory grow with the rows: this many take a few seconds and about 300 MB.
ROW_LIMIT = 1_500
_RUNNING_LIMIT = 60


def document(reports: Reports, row_limit: int = ROW_LIMIT) -> Element:
    """The pack, with what was asked for between its cover and its notes, in so many rows of tables at most.

    Where the books have more, first the accounts and then the months are left to the workbook.
    """
    chosen = tuple(presentations(reports))
    for extent in EXTENTS:
        made = _document(reports, chosen, extent)
        if sum(1 for _ in made.iter("tr")) <= row_limit:
            break
    return made


def _document(reports: Reports, chosen: tuple[Presentation, ...], extent: Extent) -> Element:
    sections: list[Section] = [
        *chart_sections(reports),
        *statement_sections(reports, chosen, extent),
        *mapped_sections(reports, extent),
        *aging_sections(reports),
        *borrowing_base_sections(reports),
        *analysis_sections(reports),
        *check_sections(reports),
        notes_section(reports),
    ]
    heading = reports.heading
    body = element(
        "body",
        *_running(heading),
        cover(reports, sections),
        *(section.markup() for section in sections),
    )
    return element("html", _head(heading), body, lang="en")


def _head(heading: Heading) -> Element:
    created = f"{heading.collected_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    paper = "letter" if is_on_letter(heading) else "A4"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("title", f"Financial statements of {printable(heading.borrower, 120)}"),
        element("meta", name="author", content=printable(heading.lender)),
        element("meta", name="description", content=printable(f"Reference {heading.reference}")),
        element("meta", name="dcterms.created", content=created),
        element("meta", name="dcterms.modified", content=created),
        element("link", rel="stylesheet", href="pack:pack.css"),
        element("style", f"@page {{ size: {paper} }} @page landscape {{ size: {paper} landscape }}"),
    )


def _running(heading: Heading) -> tuple[Element, ...]:
    """What stands in the margins of every page but the cover's head."""
    foot = f"{heading.basis.capitalize()} basis, amounts in {heading.currency}, reference {heading.reference}"
    return (
        element("div", heading.borrower, limit=_RUNNING_LIMIT, class_="running-borrower"),
        element("div", heading.lender, limit=_RUNNING_LIMIT, class_="running-lender"),
        element("div", foot, limit=2 * _RUNNING_LIMIT, class_="running-foot"),
    )
