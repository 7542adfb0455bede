"""From collected books to finished reports, in one call."""

from dataclasses import dataclass, replace
from decimal import localcontext

from collections_app.reports.analysis.analysis import Analysis, analyze
from collections_app.reports.analysis.source import Source
from collections_app.reports.balance_sheet import balance_sheet
from collections_app.reports.books import Books
from collections_app.reports.borrowing_base import BorrowingBase, borrowing_base
from collections_app.reports.borrowing_base_terms import BorrowingBaseInput
from collections_app.reports.cash_flow_classes import CashFlowPlacement, cash_flow_placements
from collections_app.reports.checks.check import Check
from collections_app.reports.checks.material import gather
from collections_app.reports.checks.run import run_checks
from collections_app.reports.consistency import refuse_inconsistent
from collections_app.reports.consolidation import Bridge, consolidation_bridges
from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import Heading
from collections_app.reports.fiscal_ledger import FiscalLedger, fiscal_ledger
from collections_app.reports.journal import Journal
from collections_app.reports.lender_terms import LenderTerms
from collections_app.reports.mapped_statements import MappedStatements, apply
from collections_app.reports.period_sets import PeriodSet, collected_windows, months, opening, period_sets
from collections_app.reports.period_statements import PeriodStatements, period_statements
from collections_app.reports.placement import Placement
from collections_app.reports.remarks import NO_REMARKS, Remarks, explained
from collections_app.reports.statement import Statement
from collections_app.reports.subledger_reports import SubledgerReports, subledger_reports
from collections_app.reports.tie_out import tie_out
from collections_app.reports.trial_balance import TrialBalanceMonth, trial_balance


@dataclass(frozen=True, slots=True)
class Reports:
    """The finished reports of one collection; the same books always give the same reports.

    ``placements`` say for every account which line it feeds and why, in order of account number, and
    ``cash_flow_accounts`` the same for the cash flow. ``by_month`` are the statements by month,
    ``by_period`` those for every other period set that these books can fill. ``bridges`` lead from the
    entities to a consolidated book, for the whole period; there are none without entities.
    ``receivables`` and ``payables`` are None where their documents were not collected, ``journal`` where the
    lines were not; ``analysis`` is None where no statement ends with the period. ``checks`` prove the rest.
    ``wanted`` are the keys of the reports that may be given out: those the lender asked for.
    ``terms`` are the lender's; ``borrowing_base`` is made by them, None without receivables.
    ``mapped`` are the balance sheet and income statement in the lender's own layout; None without one.
    ``remarks`` are what the borrower said when sharing.
    """

    heading: Heading
    ledger: FiscalLedger
    cash_flow_accounts: tuple[CashFlowPlacement, ...]
    translation_accounts: frozenset[str]
    trial_balance: tuple[TrialBalanceMonth, ...]
    by_month: PeriodStatements
    by_period: tuple[PeriodStatements, ...]
    bridges: tuple[Bridge, ...]
    journal: Journal | None
    receivables: SubledgerReports | None
    payables: SubledgerReports | None
    analysis: Analysis | None
    checks: tuple[Check, ...]
    wanted: frozenset[str]
    terms: LenderTerms
    borrowing_base: BorrowingBase | None
    mapped: MappedStatements | None = None
    remarks: Remarks = NO_REMARKS

    @property
    def placements(self) -> tuple[Placement, ...]:
        """The statement line of every account, and why, in order of account number."""
        return self.ledger.placements

    @property
    def balance_sheet(self) -> Statement:
        """The balance sheet at each month end."""
        return self.by_month.balance_sheet

    @property
    def income_statement(self) -> Statement:
        """The income statement by month, with a total."""
        return self.by_month.income_statement

    @property
    def cash_flow(self) -> Statement:
        """The cash flow by month, with a total."""
        return self.by_month.cash_flow

    @property
    def changes_in_equity(self) -> Statement:
        """The changes in equity by month, with a total."""
        return self.by_month.changes_in_equity

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements by month that were asked for, in the order in which they are filed."""
        return self.asked_for(self.by_month)

    def asked_for(self, statements: PeriodStatements) -> tuple[Statement, ...]:
        """Those of the statements that were asked for."""
        return tuple(statement for statement in statements.statements if statement.key in self.wanted)

    @property
    def mapped_statements(self) -> tuple[Statement, ...]:
        """The statements in the lender's layout that were asked for; none without a layout."""
        every = self.mapped.statements if self.mapped else ()
        return tuple(statement for statement in every if statement.key in self.wanted)

    @property
    def has_analysis(self) -> bool:
        """Whether ratios and spread may be given out: they repeat balance sheet and income statement."""
        return self.analysis is not None and {"balance_sheet", "income_statement"} <= self.wanted

    def for_periods(self, periods: PeriodSet) -> PeriodStatements:
        """The statements for any periods of the collected months.

        Raises fiscal_ledger.PeriodNotCovered when a period does not begin and end with collected months.
        """
        with localcontext(EXACT):
            return period_statements(self.ledger, periods, self.cash_flow_accounts, self.translation_accounts)

    @property
    def asked_receivables(self) -> SubledgerReports | None:
        """The reports on receivables, when they were asked for and collected."""
        return self.receivables if "ar_aging" in self.wanted else None

    @property
    def asked_borrowing_base(self) -> BorrowingBase | None:
        """The borrowing base, when the aging that it begins with was asked for and collected."""
        return self.borrowing_base if "ar_aging" in self.wanted else None

    @property
    def asked_payables(self) -> SubledgerReports | None:
        """The reports on payables, when they were asked for and collected."""
        return self.payables if "ap_aging" in self.wanted else None

    @property
    def unassigned(self) -> tuple[Placement, ...]:
        """The accounts that wait for a category and have a balance or activity in a month shown."""
        active = {row.account for month in self.trial_balance for row in month.rows if not row.is_zero}
        return tuple(
            placement
            for placement in self.placements
            if placement.is_unassigned and placement.account.number in active
        )

    @property
    def line_labels(self) -> dict[str, str]:
        """The label of every statement line, by its key."""
        lines = (*self.balance_sheet.lines, *self.income_statement.lines)
        return {line.key: line.label for line in lines}


def build(books: Books) -> Reports:
    """The reports of these books.

    Raises consistency.BooksRefused, with one plain sentence, when the books cannot make an honest statement,
    and mapping_template.TemplateRefused when the lender's layout has faults.
    """
    reports = _build(books)
    return replace(reports, mapped=apply(books.mapping, reports)) if books.mapping else reports


def _build(books: Books) -> Reports:
    refuse_inconsistent(books)
    with localcontext(EXACT):
        ledger = fiscal_ledger(books)
        accounts = cash_flow_placements(
            ledger.placements, books.cash_flow_overrides, books.translation_accounts
        )
        collected, by_month, *by_period = _every_period_statements(
            ledger, accounts, books.translation_accounts
        )
        month_ends = tuple(month.window.end for month in ledger.shown)
        bridges = consolidation_bridges(books)
        receivables = subledger_reports(books, "receivable", month_ends)
        payables = subledger_reports(books, "payable", month_ends)
        material = gather(
            books,
            ledger,
            collected,
            bridges,
            receivables.tie_out if receivables else tie_out(books, "receivable"),
            payables.tie_out if payables else tie_out(books, "payable"),
        )
        return Reports(
            heading=books.heading,
            ledger=ledger,
            cash_flow_accounts=accounts,
            translation_accounts=books.translation_accounts,
            trial_balance=trial_balance(ledger),
            by_month=by_month,
            by_period=tuple(by_period),
            bridges=bridges,
            journal=books.journal,
            receivables=receivables,
            payables=payables,
            analysis=_analysis(collected, ledger, books.terms),
            checks=explained(run_checks(material), books.remarks),
            wanted=books.wanted,
            terms=books.terms,
            borrowing_base=_borrowing_base(receivables, payables, books.terms),
            remarks=books.remarks,
        )


def _every_period_statements(
    ledger: FiscalLedger, accounts: tuple[CashFlowPlacement, ...], translation_accounts: frozenset[str]
) -> list[PeriodStatements]:
    """Of all that was collected, of the months shown, and of each other set that these books can fill."""
    calendar = ledger.calendar
    return [
        period_statements(ledger, periods, accounts, translation_accounts)
        for periods in (collected_windows(calendar), months(calendar), *period_sets(calendar))
    ]


def _analysis(collected: PeriodStatements, ledger: FiscalLedger, terms: LenderTerms) -> Analysis | None:
    """The analysis, from all that was collected: twelve months may reach back before the first day shown."""
    source = Source(
        collected.balance_sheet,
        collected.income_statement,
        ledger.placements,
        collected.cash_flow,
        opening=balance_sheet(ledger, opening(ledger.calendar)),
    )
    return analyze(source, ledger.heading, definitions=terms.definitions, covenants=terms.covenants)


def _borrowing_base(
    receivables: SubledgerReports | None, payables: SubledgerReports | None, terms: LenderTerms
) -> BorrowingBase | None:
    """The schedule at the end of the period; what no ledger holds is left as needing input."""
    if receivables is None:
        return None
    return borrowing_base(
        receivables.position,
        payables.position if payables else None,
        terms.borrowing_base,
        BorrowingBaseInput(),
        receivables.dilution.percentage,
    )
