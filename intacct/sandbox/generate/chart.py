"""The chart of accounts: one line for each account, and what is deliberately missing."""

from dataclasses import dataclass

RETAINED_EARNINGS = "3900"

# number; title; category; D or C for the normal balance. From 4000 on it is the income statement.
_CHART = """\
0900; Petty cash; Cash and Cash Equivalents; D
1010; Operating bank; Cash and Cash Equivalents; D
1020; Payroll bank; Cash and Cash Equivalents; D
1030; Money market; Short-Term Investments; D
1200; Accounts receivable; Accounts Receivable; D
1210; Allowance for doubtful accounts; Allowance for Doubtful Accounts; C
1230; Employee advances; Employee Advances/Loans; D
1250; Due from affiliates; Intercompany Receivable; D
1310; Raw materials; Inventory; D
1320; Work in process; Work in Process; D
1330; Finished instruments; Inventory; D
1340; Goods in transit; ; D
1410; Prepaid insurance; Prepaid Expenses; D
1420; Prepaid software; Prepaid Expenses; D
1430; Vendor deposits; Deposits and Prepayments; D
1490; Other current assets; Other Current Assets; D
1510; Machinery and equipment; Fixed Assets; D
1520; Furniture and fixtures; Fixed Assets; D
1530; Vehicles; Fixed Assets; D
1540; Leasehold improvements; Fixed Assets; D
1550; Computers; Fixed Assets; D
1610; Accumulated depreciation - machinery; Accumulated Depreciation; C
1620; Accumulated depreciation - furniture; Accumulated Depreciation; C
1630; Accumulated depreciation - vehicles; Accumulated Depreciation; C
1640; Accumulated depreciation - leasehold; Accumulated Depreciation; C
1650; Accumulated depreciation - computers; Accumulated Depreciation; C
1710; Goodwill; Goodwill; D
1720; Patents; Patents; D
1725; Accumulated amortization; Accumulated Depreciation; C
1790; Deposits, former warehouse; Other Assets; D
1810; Security deposits; Other Assets; D
2010; Accounts payable; Accounts Payable; C
2050; Corporate card; ; C
2110; Accrued expenses; Accrued Liabilities; C
2120; Payroll taxes payable; Accrued Taxes; C
2130; Retirement plan payable; Accrued Liabilities; C
2140; Sales tax payable; Accrued Taxes; C
2150; Income taxes payable; Accrued Taxes; C
2160; Accrued interest; Accrued Liabilities; C
2170; Accrued bonuses; Accrued Liabilities; C
2210; Customer deposits; Deferred Revenue - Current; C
2220; Deferred service revenue; Deferred Revenue - Current; C
2250; Due to affiliates; Intercompany Payable; C
2310; Line of credit; Note Payable - Current; C
2320; Term loan - current portion; Note Payable - Current; C
2510; Term loan; Note Payable - Long Term; C
2520; Equipment loan; ; C
2610; Deferred taxes; Deferred Taxes Liabilities - Long Term; C
2690; Other long-term liabilities; Other Liabilities; C
3010; Common stock; Common Stock; C
3020; Additional paid-in capital; Common Stock; C
3100; Dividends; Dividend Paid; D
3900; Retained earnings; Retained Earnings; C
3950; Opening balance equity; ; C
4010; Instrument sales; Revenue - Products; C
4020; Spare parts; Revenue - Products; C
4030; Calibration services; Revenue - Services; C
4040; Service contracts; Revenue - Services; C
4050; Installation & training; Revenue - Services; C
4090; Freight billed to customers; ; C
4100; Returns and allowances; Revenue - Products; D
4110; Discounts allowed; Revenue - Products; D
4200; Sales to affiliates; Intercompany Sales; C
5010; Materials; Cost of Goods Sold; D
5020; Direct labor; Cost of Goods Sold; D
5030; Production overhead; Cost of Goods Sold; D
5040; Inbound freight; Cost of Goods Sold; D
5050; Scrap and rework; ; D
5060; Purchase discounts; Cost of Goods Sold; C
5110; Field service labor; Cost of Services Revenue; D
5120; Subcontractors; Cost of Services Revenue; D
5200; Purchases from affiliates; Cost of Other Revenue; D
6010; Salaries; Salary and Wage Expense; D
6020; Payroll taxes; Payroll Taxes; D
6030; Health insurance; Benefit Expense; D
6040; Retirement plan; Benefit Expense; D
6050; Bonuses; Bonus Expense; D
6060; Commissions; Commission Expense; D
6110; Rent; Rent Expense; D
6120; Utilities; Utility Expense; D
6130; Repairs and maintenance; Repairs and Maintenance Expense; D
6140; Insurance; Insurance Expense; D
6210; Advertising; Advertising and Promotion Expense; D
6220; Trade shows; Advertising and Promotion Expense; D
6230; Travel; Travel Expense; D
6240; Meals; Meal and Entertainment Expense; D
6310; Legal fees; Professional Services Expense; D
6320; Audit and accounting; Professional Services Expense; D
6330; Consulting; Professional Services Expense; D
6340; Recruiting; ; D
6410; Software; Software and Maintenance Expense; D
6420; Telephone and internet; Telecommunication Expense; D
6430; Office supplies; Office Supplies Expense; D
6440; Postage and courier; Miscellaneous Expense; D
6450; Dues and subscriptions; Dues and Subscriptions Expense; D
6460; Training; Other Operating Expense; D
6470; Bank charges; Finance Charges Expense; D
6480; Bad debts; Bad Debt Expense; D
6490; Miscellaneous; Miscellaneous Expense; D
6510; Depreciation; Depreciation Expense; D
6520; Amortization; Amortization Expense; D
6610; Research materials; Other Operating Expense; D
6620; Licenses and permits; Other Operating Expense; D
7010; Interest income; Interest Income; C
7030; Other income; Other Income; C
7040; Gain or loss on sale of equipment; Gain/Loss on Sales of Fixed Assets; C
7050; Currency gains and losses; Other Income; C
7110; Interest expense; Interest Expense; D
7120; Interest on equipment loan; ; D
7190; Other expense; Other Expenses; D
8010; Federal income tax; Federal Tax; D
8020; State income tax; Federal Tax; D
"""

ASSIGNMENTS = {
    "1340": "Inventory",
    "2050": "Other Current Liabilities",
    "2520": "Note Payable - Long Term",
    "3950": "Partners Equity",
    "4090": "Revenue - Other",
    "5050": "Cost of Goods Sold",
    "6340": "Other Operating Expense",
    "7120": "Interest Expense",
}
"""One borrower's answer for the accounts without a category."""

INACTIVE = frozenset({"1790"})
PRIVATE = {"5120": 1}
"""Accounts that were made inside one entity, and which entity."""
CONTROL = {"1200": "Receivables account", "2010": "Payables account"}


@dataclass(frozen=True)
class ChartAccount:
    """An account of the chart; `category` is empty where nobody assigned one."""

    number: str
    title: str
    category: str
    debit: bool

    @property
    def income(self) -> bool:
        """Whether it belongs to the income statement."""
        return is_income(self.number)


def is_income(number: str) -> bool:
    """Whether an account number belongs to the income statement."""
    return number >= "4000"


def chart(least: int) -> tuple[ChartAccount, ...]:
    """The chart, filled up with quiet project accounts where more are asked for."""
    accounts = [_account(line) for line in _CHART.splitlines()]
    extra = range(1, least - len(accounts) + 1)
    accounts += [
        ChartAccount(f"69{number:05}", f"Project {number:05}", "Other Operating Expense", True)
        for number in extra
    ]
    return tuple(accounts)


def _account(line: str) -> ChartAccount:
    number, title, category, side = (part.strip() for part in line.split(";"))
    return ChartAccount(number, title, category, side == "D")
