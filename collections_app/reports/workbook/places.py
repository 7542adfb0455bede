"""Where everything will stand, known before the first sheet is written, so that links lead both ways."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from collections_app.reports.build import Reports
from collections_app.reports.figures import REPORT_TITLES
from collections_app.reports.general_ledger import LedgerBlock, ledger_blocks
from collections_app.reports.workbook.cells import target

CHART = "Chart of accounts"
TRIAL_BALANCE = REPORT_TITLES["trial_balance"]
GENERAL_LEDGER = REPORT_TITLES["general_ledger"]
# Every sheet but the cover has its headings here: below the title, four lines of facts and the way back.
HEADER_ROW = 6
FIRST_ROW = HEADER_ROW + 1

MonthAccount = tuple[date, str]


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """One sheet of the general ledger: its name and the blocks on it."""

    name: str
    blocks: tuple[LedgerBlock, ...]

    @property
    def rows(self) -> int:
        """The rows below the headings."""
        return sum(block.rows for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Places:
    """The target of each account in the chart, the trial balance and the general ledger.

    The last two are by the first day of the month and the account.
    """

    chart: Mapping[str, str]
    trial_balance: Mapping[MonthAccount, str]
    ledger: Mapping[MonthAccount, str]
    ledger_sheets: tuple[LedgerSheet, ...]


def places_of(reports: Reports, row_limit: int) -> Places:
    """The places in the workbook of these reports; the journal is read once to count its lines."""
    chart = {
        placement.account.number: target(CHART, row)
        for row, placement in enumerate(reports.placements, start=FIRST_ROW)
    }
    trial_balance = dict(_trial_balance(reports)) if "trial_balance" in reports.wanted else {}
    sheets = tuple(_ledger_sheets(reports, row_limit))
    ledger = dict(entry for sheet in sheets for entry in _ledger(sheet))
    return Places(chart, trial_balance, ledger, sheets)


def active_accounts(reports: Reports) -> frozenset[str]:
    """The accounts with a balance or activity in some month: those that the trial balance shows."""
    return frozenset(row.account for month in reports.trial_balance for row in month.rows if not row.is_zero)


def _trial_balance(reports: Reports) -> Iterator[tuple[MonthAccount, str]]:
    active, row = active_accounts(reports), FIRST_ROW
    for month in reports.trial_balance:
        for line in month.rows:
            if line.account in active:
                yield (month.window.start, line.account), target(TRIAL_BALANCE, row)
                row += 1
        row += 1


def _ledger_sheets(reports: Reports, row_limit: int) -> Iterator[LedgerSheet]:
    """One sheet, or one for each month where one could not hold all rows, or several for a month."""
    if reports.journal is None or GENERAL_LEDGER not in _wanted_titles(reports):
        return
    blocks = tuple(ledger_blocks(reports.ledger, reports.journal))
    room = row_limit - FIRST_ROW
    if sum(block.rows for block in blocks) <= room:
        yield LedgerSheet(GENERAL_LEDGER, blocks)
        return
    for start, of_month in groupby(blocks, key=lambda block: block.window.start):
        parts = list(_parts(tuple(of_month), room))
        for number, part in enumerate(parts, start=1):
            suffix = f" part {number}" if len(parts) > 1 else ""
            yield LedgerSheet(f"{GENERAL_LEDGER} {start:%Y-%m-%d}"[:25].removesuffix("-01") + suffix, part)


def _wanted_titles(reports: Reports) -> set[str]:
    return {REPORT_TITLES[key] for key in reports.wanted if key in REPORT_TITLES}


def _parts(blocks: Sequence[LedgerBlock], room: int) -> Iterator[tuple[LedgerBlock, ...]]:
    """The blocks of a month, as many together as a sheet holds; one that is larger goes over several."""
    part: list[LedgerBlock] = []
    rows = 0
    for block in blocks:
        for piece in _pieces(block, room):
            if part and rows + piece.rows > room:
                yield tuple(part)
                part, rows = [], 0
            part.append(piece)
            rows += piece.rows
    if part:
        yield tuple(part)


def _pieces(block: LedgerBlock, room: int) -> Iterator[LedgerBlock]:
    left = block.rows
    while left > room:
        yield LedgerBlock(block.window, block.account, room)
        left -= room
    yield LedgerBlock(block.window, block.account, left)


def _ledger(sheet: LedgerSheet) -> Iterator[tuple[MonthAccount, str]]:
    row = FIRST_ROW
    for block in sheet.blocks:
        yield (block.window.start, block.account), target(sheet.name, row)
        row += block.rows
