"""The house style of the workbook: one typeface, two greys, rules above and below what is summed."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK = "#1B2733"
MUTED = "#5C6773"
RULE = "#9AA5B1"
BAND = "#EEF1F4"
FONT = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter"}

AMOUNT = '#,##0.00_);(#,##0.00);"–"_)'
DAY = "d mmm yyyy"
MONTH = "mmm yyyy"

LINK = {"font_color": "#1F4E8C", "underline": 1}

LINE_STYLES: dict[str, dict[str, Any]] = {
    "heading": {"bold": True},
    "line": {},
    "account": {"font_color": MUTED, "font_size": 9},
    "memo": {"font_color": MUTED, "font_size": 9, "italic": True},
    "subtotal": {"bold": True, "top": 1, "top_color": RULE},
    "total": {"bold": True, "top": 1},
    "grand_total": {"bold": True, "top": 1, "bottom": 6},
}
# A cell can be indented so many times.
_DEEPEST = 15


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._formats: dict[str, Format] = {}

    def get(self, **properties: Any) -> Format:
        """The house font with these properties on top."""
        key = repr(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**FONT, **properties})
        return self._formats[key]

    def label(self, style: str, level: int) -> Format:
        """The label of a statement line, indented by its level."""
        return self.get(**LINE_STYLES[style], indent=min(level - 1, _DEEPEST))

    def amount(self, style: str = "line") -> Format:
        """An amount: two places, thousands separated, negative in brackets, zero as a dash."""
        return self.get(**LINE_STYLES[style], num_format=AMOUNT)

    def day(self, style: str = "line") -> Format:
        """A date inside a row of that style."""
        return self.get(**LINE_STYLES[style], num_format=DAY, align="left")

    def column_header(self, **properties: Any) -> Format:
        """The header cell of a column."""
        return self.get(bold=True, bg_color=BAND, top=1, bottom=1, text_wrap=True, **properties)
