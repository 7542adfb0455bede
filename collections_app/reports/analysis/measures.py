"""The composite amounts that ratios are made of, each as the lender defines it.

Flows are at a yearly rate (``Flows.annualized``), balances at the closing date. The definitions are practice,
as credit analysts print them; EBITDA, traditional cash flow and their variants differ per agreement.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from collections_app.reports.analysis.definitions import Deduction, Definitions, LenderInputs
from collections_app.reports.analysis.figure import Figure, total, unknown
from collections_app.reports.analysis.owners import distributions
from collections_app.reports.analysis.period import LAST_YEAR_NEEDED, Flows, Period

ASSET_SALES = "Gain/Loss on Sales of Fixed Assets"


def ebitda(flows: Flows, definitions: Definitions) -> Figure:
    """Net income + income tax + interest expense + depreciation and amortization.

    By the lender's choice less interest income, less gains on asset sales, and with add-backs.
    """
    keys = ("net_income", "income_tax", "interest_expense", "depreciation_and_amortization")
    adds = [flows.figure(key) for key in keys]
    for item in definitions.ebitda_add_backs:
        if item.amount is None:
            adds.append(flows.category(item.category, item.label))
        else:
            adds.append(Figure(item.label, item.amount))
    subtracts = []
    if definitions.ebitda_less_interest_income:
        subtracts.append(flows.category("Interest Income", "Interest income"))
    if definitions.ebitda_less_asset_sale_gains:
        subtracts.append(flows.category(ASSET_SALES, "Gains on asset sales"))
    return total("EBITDA", adds, subtracts)


@dataclass(frozen=True)
class Measures:
    """The composite amounts of one period under one set of definitions."""

    period: Period
    inputs: LenderInputs
    definitions: Definitions

    @cached_property
    def flows(self) -> Flows:
        """The income of the period at a yearly rate."""
        return self.period.flows.annualized()

    def income(self, key: str) -> Figure:
        """An income-statement line at a yearly rate."""
        return self.flows.figure(key)

    def balance(self, key: str) -> Figure:
        """A balance-sheet line at the closing date."""
        return self.period.closing.figure(key)

    def yearly(self, figure: Figure) -> Figure:
        """A movement of the period at a yearly rate."""
        flows = self.period.flows
        if figure.amount is None or flows.is_twelve_months:
            return figure
        return replace(figure, amount=flows.yearly(figure.amount), annualized_from=flows.days)

    @property
    def working_capital(self) -> Figure:
        """Current assets less current liabilities."""
        return total(
            "Working capital",
            [self.balance("total_current_assets")],
            [self.balance("total_current_liabilities")],
        )

    @property
    def quick_assets(self) -> Figure:
        """Cash, short-term investments and net trade receivables (RMA)."""
        keys = ("cash_and_equivalents", "short_term_investments", "accounts_receivable")
        return total("Quick assets", [self.balance(key) for key in keys])

    @property
    def tangible_net_worth(self) -> Figure:
        """Equity less intangible assets (goodwill among them) and what owners, employees and affiliates owe.

        What owners owe has no category of its own; it is subtracted where the lender gives it.
        """
        closing = self.period.closing
        subtracts = [self.balance("intangible_assets")]
        if self.definitions.worth_less_related_receivables:
            subtracts += [
                closing.category("Employee Advances/Loans", "Due from employees"),
                closing.category("Intercompany Receivable", "Due from affiliates"),
            ]
            if self.inputs.due_from_owners is not None:
                subtracts.append(self.inputs.figure("due_from_owners"))
        if self.definitions.worth_less_affiliate_investments:
            subtracts.append(closing.category("Investment in Subsidiary", "Investments in affiliates"))
        return total("Tangible net worth", [self.balance("total_equity")], subtracts)

    @property
    def effective_worth(self) -> Figure:
        """Tangible net worth and the debt that is subordinated to the lender's."""
        subordinated = self.inputs.figure("subordinated_debt")
        return total("Effective tangible net worth", [self.tangible_net_worth, subordinated])

    @property
    def senior_debt(self) -> Figure:
        """All liabilities that are not subordinated."""
        return total(
            "Senior debt",
            [self.balance("total_liabilities")],
            [self.inputs.figure("subordinated_debt")],
        )

    @property
    def funded_debt(self) -> Figure:
        """Interest-bearing notes, current and long-term; with leases by the lender's choice."""
        adds = [self.balance("notes_payable_current"), self.balance("notes_payable_long_term")]
        if self.definitions.funded_debt_adds_leases:
            adds.append(self.inputs.figure("lease_obligations"))
        return total("Funded debt", adds)

    @property
    def ebitda(self) -> Figure:
        """See the function of that name."""
        return ebitda(self.flows, self.definitions)

    @property
    def ebit(self) -> Figure:
        """Profit before taxes + interest expense (RMA)."""
        return total("EBIT", [self.income("income_before_tax"), self.income("interest_expense")])

    @property
    def traditional_cash_flow(self) -> Figure:
        """Net income + depreciation and amortization; with interest by the lender's choice."""
        keys = ["net_income", "depreciation_and_amortization"]
        if self.definitions.traditional_cash_flow_adds_interest:
            keys.append("interest_expense")
        return total("Traditional cash flow", [self.income(key) for key in keys])

    @property
    def debt_service(self) -> Figure:
        """Interest expense and scheduled principal of a year."""
        return total(
            "Debt service", [self.income("interest_expense"), self.inputs.figure("scheduled_principal")]
        )

    @property
    def rent(self) -> Figure:
        """Rent and lease payments as the lender gives them, or what the rent accounts say."""
        if self.inputs.lease_payments is not None:
            return self.inputs.figure("lease_payments")
        return self.flows.category("Rent Expense", "Rent expense")

    @property
    def distributions(self) -> Figure:
        """What was paid to the owners (see ``owners``)."""
        return self.yearly(distributions(self.period))

    @property
    def capital_spending(self) -> Figure:
        """Purchases of fixed assets less the proceeds of sales.

        Increase in net fixed assets + depreciation - gains on sales: a sale lowers the net amount by its book
        value and is worth its proceeds, which are the book value and the gain (practice).
        """
        adds = [self.yearly(self.period.change("fixed_assets_net")), self.depreciation]
        gains = self.flows.category(ASSET_SALES, "Gains on asset sales")
        return total("Capital spending", adds, [gains])

    @property
    def depreciation(self) -> Figure:
        """The depreciation of fixed assets: the line of both less the amortization accounts."""
        both = self.income("depreciation_and_amortization")
        return total("Depreciation", [both], [self.flows.category("Amortization Expense", "Amortization")])

    @property
    def taxes(self) -> Figure:
        """Taxes paid as the lender gives them, or the income tax expense in their place, and named so."""
        if self.inputs.taxes_paid is not None:
            return self.inputs.figure("taxes_paid")
        return self.income("income_tax")

    def deductions(self, kinds: tuple[Deduction, ...]) -> list[Figure]:
        """What the lender takes off EBITDA before it is set against debt service."""
        figures = {
            "capital_spending": self.capital_spending,
            "unfinanced_capital_spending": total(
                "Unfinanced capital spending",
                [self.capital_spending],
                [self.inputs.figure("financed_capital_spending")],
            ),
            "taxes": self.taxes,
            "distributions": self.distributions,
        }
        return [figures[kind] for kind in kinds]

    def since_last_year(self, key: str) -> tuple[Figure, Figure]:
        """The change of an income line against the same period of last year, and last year's amount."""
        now = self.period.flows.figure(key)
        last = self.period.last_year
        return _since(now, last.figure(key) if last else None)

    @property
    def ebitda_since_last_year(self) -> tuple[Figure, Figure]:
        """The same for EBITDA, before add-backs given as amounts, which belong to one period only."""
        kept = tuple(item for item in self.definitions.ebitda_add_backs if item.amount is None)
        definitions = replace(self.definitions, ebitda_add_backs=kept)
        last = self.period.last_year
        before = ebitda(last, definitions) if last else None
        return _since(ebitda(self.period.flows, definitions), before)

    @property
    def variable_costs(self) -> Figure:
        """The cost accounts that the lender tagged as moving with sales."""
        if self.inputs.variable_accounts is None:
            return unknown("Variable costs", "tags for variable cost accounts")
        accounts = [self.flows.cost(number) for number in sorted(self.inputs.variable_accounts)]
        return total("Variable costs", accounts)

    @property
    def fixed_costs(self) -> Figure:
        """All cost accounts that were not tagged as variable, interest included and income tax not."""
        keys = ("cost_of_revenue", "total_operating_expenses", "interest_expense", "other_expenses")
        return total("Fixed costs", [self.income(key) for key in keys], [self.variable_costs])


def _since(now: Figure, before: Figure | None) -> tuple[Figure, Figure]:
    label = f"{now.label}, same period last year"
    base = unknown(label, LAST_YEAR_NEEDED) if before is None else replace(before, label=label)
    return total(f"Change in {now.label}", [now], [base]), base
