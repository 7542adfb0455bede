"""Everything a set of reports is made from, in one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collections_app.reports.cash_flow_classes import CashFlowOverride
from collections_app.reports.figures import REPORT_TITLES, Account, Heading, MonthlyTrialBalance, Scope
from collections_app.reports.journal import Journal
from collections_app.reports.lender_terms import USUAL_TERMS, LenderTerms
from collections_app.reports.mapping_template import MappingTemplate
from collections_app.reports.remarks import NO_REMARKS, Remarks
from collections_app.reports.subledger import Subledger
from collections_app.reports.transfers import Transfer


@dataclass(frozen=True, slots=True)
class EntityBooks:
    """One entity below the scope of the reports: what the consolidation bridge adds up.

    Amounts are in the entity's own ``currency``. ``is_elimination`` marks the entity that holds nothing but
    eliminations. ``translated`` are the same months in the currency of the consolidation book, as the book
    holds the entity; empty where they were not read or the currencies are the same.
    """

    scope: Scope
    currency: str
    months: tuple[MonthlyTrialBalance, ...]
    is_elimination: bool = False
    translated: tuple[MonthlyTrialBalance, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """Everything a set of reports is made from.

    ``wanted`` names the reports asked for, by their keys in ``statements.json``; no other is given out.

    ``months`` are the windows of ``periods.collection_windows``: they begin on the first day of the fiscal
    year in which the request begins, so that the year to date of the first month shown is known (practice).
    ``journal``, ``receivables`` and ``payables`` are None where they were not asked for or could not be read;
    ``entities`` is empty unless the reports consolidate several.

    ``cash_flow_overrides`` move categories or accounts to another class of the cash flow.
    ``translation_accounts`` are the numbers to which a consolidation book posts its translation adjustments.
    ``mapping`` is the lender's own layout, for statements beside ours; ``terms`` are its own terms.
    ``remarks`` are what the borrower said when sharing.

    ``transfers`` say how many rows were announced and how many arrived. ``entity_of_location`` names the
    entity of every location on a journal line; empty where the entities cannot be told apart.
    """

    heading: Heading
    accounts: tuple[Account, ...]
    months: tuple[MonthlyTrialBalance, ...]
    wanted: frozenset[str] = frozenset(REPORT_TITLES)
    journal: Journal | None = None
    receivables: Subledger | None = None
    payables: Subledger | None = None
    entities: tuple[EntityBooks, ...] = ()
    cash_flow_overrides: tuple[CashFlowOverride, ...] = ()
    translation_accounts: frozenset[str] = frozenset()
    transfers: tuple[Transfer, ...] = ()
    entity_of_location: Mapping[str, str] = field(default_factory=dict)
    mapping: MappingTemplate | None = None
    terms: LenderTerms = USUAL_TERMS
    remarks: Remarks = NO_REMARKS

    @property
    def months_shown(self) -> tuple[MonthlyTrialBalance, ...]:
        """The months from the first day asked for on: lines and documents are collected for these alone."""
        return tuple(month for month in self.months if month.start >= self.heading.date_from)
