"""Which sheets the workbook has, in which order, and which report each belongs to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from collections_app.reports.build import Reports
from collections_app.reports.figures import REPORT_TITLES
from collections_app.reports.general_ledger import general_ledger
from collections_app.reports.statement_comparisons import horizontals, verticals
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.workbook.accounts_sheet import write_accounts
from collections_app.reports.workbook.aging_sheet import write_aging, write_agings
from collections_app.reports.workbook.borrowing_base_sheet import write_borrowing_base
from collections_app.reports.workbook.bridge_sheet import write_bridges
from collections_app.reports.workbook.checks_sheet import write_checks
from collections_app.reports.workbook.comparison_sheet import write_horizontal, write_vertical
from collections_app.reports.workbook.concentration_sheet import write_concentration
from collections_app.reports.workbook.definitions_sheet import write_definitions
from collections_app.reports.workbook.documents_sheet import write_documents
from collections_app.reports.workbook.ledger_sheet import write_ledger
from collections_app.reports.workbook.mapped_sheet import SHEET_NAMES, write_mapped
from collections_app.reports.workbook.places import CHART, TRIAL_BALANCE, Places
from collections_app.reports.workbook.ratios_sheet import write_monthly_ratios, write_ratios
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.spread_sheet import write_spread
from collections_app.reports.workbook.statement_sheet import write_periods, write_statement
from collections_app.reports.workbook.tie_out_sheet import write_tie_out
from collections_app.reports.workbook.trial_balance_sheet import write_trial_balance
from collections_app.reports.workbook.uca_sheet import write_uca

PERIOD_SHEETS = {
    "quarters": "Quarters",
    "fiscal_years": "Fiscal years",
    "year_to_date": "Year to date",
    "trailing_twelve_months": "Trailing twelve months",
}


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet: its name, what it shows in a few words for the cover, and what writes it."""

    name: str
    about: str
    write: Callable[[Sheet], object]


def sheet_plans(reports: Reports, places: Places) -> tuple[SheetPlan, ...]:
    """The sheets after the cover: the checks, what was asked for, then the chart that all rests on."""
    return (
        SheetPlan("Checks", "every check with its evidence, failures first", write_checks),
        *_statements(reports, places),
        *_analysis(reports),
        *_subledgers(reports),
        *_ledger(reports, places),
        SheetPlan(CHART, "accounts, categories and their source", partial(write_accounts, places=places)),
        SheetPlan("Definitions", "every definition with its formula", write_definitions),
    )


def _statements(reports: Reports, places: Places) -> Iterator[SheetPlan]:
    for statement in reports.statements:
        write = partial(write_statement, statement=statement, places=places)
        yield SheetPlan(REPORT_TITLES[statement.key], "by month", write)
    for statements in reports.by_period:
        if reports.asked_for(statements):
            title = PERIOD_SHEETS.get(statements.periods.key, statements.periods.title[:31])
            about = f"the statements: {statements.periods.title.lower()}"
            yield SheetPlan(title, about, partial(write_periods, statements=statements, places=places))
    for statement in reports.mapped_statements:
        mapped = partial(write_mapped, statement=statement, places=places)
        yield SheetPlan(SHEET_NAMES[statement.key], "by month, in the lender's layout", mapped)
    if any(bridge.statement in reports.wanted for bridge in reports.bridges):
        yield SheetPlan("Consolidation bridge", "from the entities to the book", write_bridges)


def _analysis(reports: Reports) -> Iterator[SheetPlan]:
    if any(horizontals(reports)):
        yield SheetPlan("Horizontal analysis", "the change against the year before", write_horizontal)
    if any(verticals(reports)):
        yield SheetPlan("Vertical analysis", "percent of total assets and of revenue", write_vertical)
    if reports.has_analysis:
        yield SheetPlan("Spread", "the statements on a lender's form, with common size", write_spread)
        yield SheetPlan("Ratios", "each with numerator, denominator and formula", write_ratios)
        yield SheetPlan("Ratios by month", "the same at each month end", write_monthly_ratios)
        yield SheetPlan("UCA cash flow", "did sales become cash, and what for", write_uca)


def _subledgers(reports: Reports) -> Iterator[SheetPlan]:
    if reports.receivables and "ar_aging" in reports.wanted:
        yield from _side("Receivables", reports.receivables)
        yield SheetPlan("Borrowing base", "step by step, with the terms applied", write_borrowing_base)
    if reports.payables and "ap_aging" in reports.wanted:
        yield from _side("Payables", reports.payables)


def _side(name: str, side: SubledgerReports) -> Iterator[SheetPlan]:
    party = "customer" if side.side == "receivable" else "vendor"
    due, invoiced = side.by_due_date[-1], side.by_invoice_date[-1]
    yield SheetPlan(f"{name} aging", f"by {party}, from the due date", partial(write_aging, aging=due))
    about = f"by {party}, from the invoice date"
    yield SheetPlan(f"{name} by invoice date", about, partial(write_aging, aging=invoiced))
    about = "at each month end, and by currency"
    yield SheetPlan(f"{name} over time", about, partial(write_agings, side=side))
    about = "the aging against the control accounts"
    yield SheetPlan(f"{name} tie-out", about, partial(write_tie_out, tie_out=side.tie_out))
    about = f"how much hangs on a few {party}s; dilution"
    yield SheetPlan(f"{name} concentration", about, partial(write_concentration, side=side))
    about = "each open document at the end of the period"
    yield SheetPlan(f"{name} documents", about, partial(write_documents, side=side))


def _ledger(reports: Reports, places: Places) -> Iterator[SheetPlan]:
    if "trial_balance" in reports.wanted:
        about = "by month, each row leading to its journal lines"
        yield SheetPlan(TRIAL_BALANCE, about, partial(write_trial_balance, places=places))
    if reports.journal is None or not places.ledger_sheets:
        return
    rows = general_ledger(reports.ledger, reports.journal)
    for part in places.ledger_sheets:
        write = partial(write_ledger, part=part, rows=rows, places=places)
        yield SheetPlan(part.name, "every journal line with running balances", write)
