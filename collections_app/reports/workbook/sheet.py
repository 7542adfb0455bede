"""One sheet of the workbook: safe cells, the block that says what the sheet is, and the print set-up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from collections_app.reports.build import Reports
from collections_app.reports.periods import day_caption
from collections_app.reports.wording import is_on_letter, moment, plain, scope_name
from collections_app.reports.workbook.cells import Cell, Formula, Link, fit
from collections_app.reports.workbook.detail import Detail
from collections_app.reports.workbook.styles import LINK, MUTED, Styles

COVER = "Cover"
PAGE_TEXT_LIMIT = 80
LETTER, A4 = 1, 9
COLUMNS_PER_PAGE = 14
ROW_LIMIT = 1_048_576
LINE_HEIGHT = 13.5
LINK_LIMIT = 60_000
# Small print; the space keeps a name that begins with a digit from becoming part of the size.
SMALL = "&9 "


def page_text(text: str) -> str:
    """A name for a page header or footer, where an ampersand is a command and the space is short.

    A doubled ampersand prints as one; the writer still takes the doubled one before a G for a picture, so an
    invisible joiner goes between.
    """
    short = fit(" ".join(text.split()), PAGE_TEXT_LIMIT, "…")
    return short.replace("&", "&&").replace("&&G", "&&\u2060G").replace("&&[", "&&\u2060[")


class Sheet:
    """A worksheet written from top to bottom; rows and columns count from zero."""

    def __init__(self, workbook: Workbook, name: str, styles: Styles, reports: Reports) -> None:
        self.name = name
        self.styles = styles
        self.reports = reports
        self.page = workbook.add_worksheet(name)
        self.page.hide_gridlines(2)
        self.detail: Detail | None = None
        self._workbook = workbook
        self._links = 0
        self._indented = (-1, 0)

    def text(self, row: int, column: int, text: str, cell_format: Format) -> None:
        """Write text as text, whatever it looks like; numbers with leading zeros stay as they are."""
        self.page.write_string(row, column, fit(text), cell_format)

    def amount(self, row: int, column: int, amount: Decimal | Formula, cell_format: Format) -> None:
        """Write an amount as a number, of which a spreadsheet keeps 15 digits, or as a live formula."""
        if isinstance(amount, Formula):
            shown = amount.amount or 0
            self.page.write_formula(row, column, f"={amount.text}", cell_format, shown)
        else:
            self.page.write_number(row, column, amount or 0, cell_format)

    def day(self, row: int, column: int, day: date, cell_format: Format) -> None:
        """Write a date as a date."""
        self.page.write_datetime(row, column, day, cell_format)

    def link(self, row: int, column: int, link: Link, cell_format: Format) -> None:
        """Write text that leads to another place; as plain text once a sheet has as many as it may."""
        self._links += 1
        text = fit(link.text)
        if self._links <= LINK_LIMIT and text:
            self.page.write_url(row, column, f"internal:{link.target}", cell_format, text)
        else:
            self.text(row, column, text, cell_format)

    def write(self, row: int, column: int, value: Cell, cell_format: Format) -> None:
        """Write a value as what it is."""
        if value is None:
            self.page.write_blank(row, column, None, cell_format)
        elif isinstance(value, str):
            self.text(row, column, value, cell_format)
        elif isinstance(value, Link):
            self.link(row, column, value, cell_format)
        elif isinstance(value, date):
            self.day(row, column, value, cell_format)
        elif isinstance(value, int):
            self.page.write_number(row, column, value, cell_format)
        else:
            self.amount(row, column, value, cell_format)

    def indent(self, row: int, level: int = 1) -> None:
        """Put a row into an outline group."""
        self._indented = (row, level)
        self.page.set_row(row, None, None, {"level": level})

    def lines(self, row: int, count: int) -> None:
        """Make a row high enough for so many lines; not every program does so by itself."""
        if count > 1:
            level = {"level": self._indented[1]} if self._indented[0] == row else {}
            self.page.set_row(row, LINE_HEIGHT * count + 2, None, level)

    def define(self, name: str, area: str) -> None:
        """Give a part of this sheet, such as "$A$7:$F$20", a name of the workbook."""
        self._workbook.define_name(name, f"='{self.name}'!{area}")

    def widths(self, widths: Sequence[float]) -> None:
        """Set the columns' widths, from the first on."""
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)

    def title_block(self) -> int:
        """Write what every report states about itself; the number of the header row that follows."""
        muted = self.styles.get(font_color=MUTED)
        self.page.set_row(0, 24)
        self.text(0, 0, self.name, self.styles.get(bold=True, font_size=16))
        self.text(1, 0, self.reports.heading.borrower, self.styles.get(bold=True, font_size=11))
        statements = self._statements()
        for row, statement in enumerate(statements, start=2):
            self.text(row, 0, statement, muted)
        back = Link("Back to the cover", f"'{COVER}'!A1")
        self.link(len(statements) + 2, 0, back, self.styles.get(**LINK))
        return len(statements) + 3

    def _statements(self) -> tuple[str, ...]:
        heading = self.reports.heading
        period = f"{day_caption(heading.date_from)} to {day_caption(heading.date_to)}"
        return (
            f"{scope_name(heading)}; {heading.basis} basis; amounts in {heading.currency}; {period}",
            f"Collected {moment(heading.collected_at)} from {heading.source} for {heading.lender}; "
            f"reference {heading.reference}",
            unassigned_sentence(self.reports),
        )

    def print_setup(self, header_row: int, columns: int, *, repeat_first_column: bool = False) -> None:
        """Landscape, as wide as the page, the header row on each page, names and page numbers around it."""
        page, heading = self.page, self.reports.heading
        page.set_landscape()
        page.set_paper(LETTER if is_on_letter(heading) else A4)
        page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        page.fit_to_pages(-(-columns // COLUMNS_PER_PAGE), 0)
        if header_row:
            page.repeat_rows(header_row)
        if repeat_first_column:
            page.repeat_columns(0)
        borrower, lender = page_text(heading.borrower), page_text(heading.lender)
        page.set_header(f"&L{SMALL}{borrower}&R{SMALL}{lender}")
        page.set_footer(f"&L{SMALL}{page_text(heading.reference)}&C{SMALL}{self.name}&R{SMALL}Page &P of &N")


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of that many characters; a little generous."""
    return sum(max(1, -(-len(line) * 11 // int(width * 10))) for line in text.split("\n"))


def unassigned_sentence(reports: Reports) -> str:
    """How many accounts with figures wait for a category, in one sentence."""
    count = len(reports.unassigned)
    if not count:
        return "No account with a balance or activity is unassigned."
    accounts = "1 account" if count == 1 else f"{count} accounts"
    return f"Unassigned: {accounts} with a balance or activity; see the cover."


def amount_width(amounts: Sequence[Decimal]) -> float:
    """A column width in which the longest of these amounts is readable, separators and brackets included."""
    longest = max((len(plain(amount)) for amount in amounts), default=0)
    return max(13.0, longest * 1.35 + 2)
