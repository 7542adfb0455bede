"""What a company posts every month without an invoice or a bill."""

from datetime import date

from intacct.sandbox.generate.chart import RETAINED_EARNINGS
from intacct.sandbox.generate.journals import Books
from intacct.sandbox.generate.plan import EntityPlan, Plan, day_in, month_end, month_of, share

_BANK, _PAYROLL_BANK, _SAVINGS = "1010", "1020", "1030"
# asset account, accumulated depreciation, opening cost in basis points of a month's sales (makes products
# or not),
# life in months
_ASSETS = (
    ("1510", "1610", (40_000, 8_000), 120),
    ("1520", "1620", (3_000, 3_000), 84),
    ("1530", "1630", (3_000, 5_000), 60),
    ("1540", "1640", (8_000, 4_000), 120),
    ("1550", "1650", (4_000, 6_000), 60),
)
_WAGES = {
    True: (("5020", 1080), ("6010", 1290), ("6060", 120)),
    False: (("5110", 2850), ("6010", 1480), ("6060", 90)),
}
_LOAN_MONTHS = 84


class Operations:
    """Payroll, stock, assets, loans, accruals and trade between the entities."""

    def __init__(self, plan: Plan, books: Books) -> None:
        self._plan = plan
        self._books = books

    def opening(self) -> None:
        """The balances on the day before the first month; earlier years' earnings take what is left."""
        for entity in self._plan.entities:
            revenue = entity.monthly_revenue
            lines = [(account, share(revenue, points)) for account, points in _opening_points(entity)]
            lines += [("0900", 500_00), (RETAINED_EARNINGS, 0)]
            if entity is self._plan.entities[0]:
                lines.append(("1790", 12_500_00))
            lines.append((RETAINED_EARNINGS, -sum(cents for _, cents in lines)))
            self._books.post(self._plan.opening_day, "GJ", entity, "Opening balances", lines)

    def month(self, month: date) -> None:
        """A month of every entity."""
        for entity in self._plan.entities:
            revenue = self._plan.revenue_of(entity, month)
            self._payroll(entity, month, revenue)
            self._stock(entity, month, revenue)
            self._assets(entity, month)
            self._loans(entity, month)
            self._accruals(entity, month, revenue)
            self._small_payments(entity, month, revenue)
            self._year_end(entity, month)
        for buyer in self._plan.entities[1:]:
            self._between_entities(self._plan.entities[0], buyer, month)

    def _payroll(self, entity: EntityPlan, month: date, revenue: int) -> None:
        """Twice a month, from a payroll bank that is filled on the same day; taxes withheld are paid a
        month later.
        """
        owed = -self._books.balances[entity.id, "2120"]
        self._books.post(day_in(month, 10), "CDJ", entity, "Payroll taxes", [("2120", owed), (_BANK, -owed)])
        retirement = -self._books.balances[entity.id, "2130"]
        lines = [("2130", retirement), (_BANK, -retirement)]
        self._books.post(day_in(month, 10), "CDJ", entity, "Retirement plan", lines)
        for day in (day_in(month, 15), month_end(month)):
            wages = [
                (account, share(revenue, points // 2)) for account, points in _WAGES[entity.makes_products]
            ]
            gross = sum(cents for _, cents in wages)
            employer, withheld, plan = share(gross, 765), share(gross, 2400), share(gross, 300)
            lines = [*wages, ("6020", employer), ("6040", plan)]
            lines += [("2120", -employer - withheld), ("2130", -plan), (_PAYROLL_BANK, withheld - gross)]
            self._books.post(day, "GJ", entity, f"Payroll {day:%m/%d/%Y}", lines)
            net = gross - withheld
            self._books.post(day, "TRJ", entity, "Payroll funding", [(_PAYROLL_BANK, net), (_BANK, -net)])

    def _stock(self, entity: EntityPlan, month: date, revenue: int) -> None:
        if not entity.makes_products:
            return
        affiliates = sum(share(self._plan.revenue_of(buyer, month), 600) for buyer in self._plan.entities[1:])
        used = share(revenue, 3550) + share(affiliates, 5500)
        scrap = share(used, 150 + self._plan.random.randrange(60))
        day = month_end(month)
        self._books.post(day, "GJ", entity, "Materials issued", [("1320", used), ("1310", -used)])
        self._books.post(
            day, "GJ", entity, "Instruments completed", [("1330", used - scrap), ("1320", -used + scrap)]
        )
        self._books.post(day, "GJ", entity, "Scrap and rework", [("5050", scrap), ("1320", -scrap)])
        self._books.post(
            day, "GJ", entity, "Cost of instruments sold", [("5010", used - scrap), ("1330", -used + scrap)]
        )
        transit = (
            share(revenue, 200 + self._plan.random.randrange(150)) - self._books.balances[entity.id, "1340"]
        )
        self._books.post(day, "GJ", entity, "Goods in transit", [("1340", transit), ("1310", -transit)])

    def _assets(self, entity: EntityPlan, month: date) -> None:
        lines = []
        for asset, accumulated, _, life in _ASSETS:
            cost = self._books.balances[entity.id, asset]
            left = cost + self._books.balances[entity.id, accumulated]
            charge = min(cost // life, max(left, 0))
            lines += [("6510", charge), (accumulated, -charge)]
        self._books.post(month_end(month), "GJ", entity, "Depreciation", lines)
        patents = self._books.balances[entity.id, "1720"] // 180
        lines = [("6520", patents), ("1725", -patents)]
        self._books.post(month_end(month), "GJ", entity, "Amortization", lines)

    def _loans(self, entity: EntityPlan, month: date) -> None:
        """Interest on what is owed and a level repayment; twelve repayments are shown as current."""
        day = day_in(month, 5)
        repayment = share(entity.monthly_revenue, _loan_points(entity)) // _LOAN_MONTHS
        owed = -self._books.balances[entity.id, "2510"] - self._books.balances[entity.id, "2320"]
        interest = owed * 675 // 120_000
        lines = [("2320", repayment), ("7110", interest), (_BANK, -repayment - interest)]
        self._books.post(day, "CDJ", entity, "Term loan", lines)
        self._books.post(
            day, "GJ", entity, "Term loan, next year", [("2510", repayment), ("2320", -repayment)]
        )
        equipment = -self._books.balances[entity.id, "2520"]
        part = min(equipment, share(entity.monthly_revenue, 8_000) // 60)
        interest = equipment * 710 // 120_000
        lines = [("2520", part), ("7120", interest), (_BANK, -part - interest)]
        self._books.post(day, "CDJ", entity, "Equipment loan", lines)

    def _accruals(self, entity: EntityPlan, month: date, revenue: int) -> None:
        if month.month == 12:
            owed = -self._books.balances[entity.id, "2170"]
            self._books.post(day_in(month, 20), "CDJ", entity, "Bonuses", [("2170", owed), (_BANK, -owed)])
        day = month_end(month)
        bonus, doubtful = share(revenue, 110), share(revenue, 25)
        self._books.post(day, "GJ", entity, "Bonus accrual", [("6050", bonus), ("2170", -bonus)])
        self._books.post(day, "GJ", entity, "Doubtful accounts", [("6480", doubtful), ("1210", -doubtful)])
        self._insurance(entity, month)

    def _insurance(self, entity: EntityPlan, month: date) -> None:
        """A year's premium in advance, and the part of it that belongs to the month."""
        insured = self._books.balances[entity.id, "1410"]
        if month.month == self._plan.options.first_fiscal_month or month == self._plan.months[0]:
            premium = share(entity.monthly_revenue, 840)
            lines = [("1410", premium), (_BANK, -premium)]
            self._books.post(day_in(month, 3), "CDJ", entity, "Insurance premium", lines)
            insured += premium
        charge = min(insured, share(entity.monthly_revenue, 70))
        day = month_end(month)
        self._books.post(day, "GJ", entity, "Insurance of the month", [("6140", charge), ("1410", -charge)])

    def _small_payments(self, entity: EntityPlan, month: date, revenue: int) -> None:
        """Last month's card and sales tax, this month's card spending, petty cash, charges and interest
        received.
        """
        for account, title in (("2050", "Corporate card"), ("2140", "Sales tax")):
            owed = self._owed_before(entity, account, month)
            self._books.post(day_in(month, 20), "CDJ", entity, title, [(account, owed), (_BANK, -owed)])
        travel, meals, supplies = share(revenue, 45), share(revenue, 22), share(revenue, 12)
        lines = [("6230", travel), ("6240", meals), ("6430", supplies), ("2050", -travel - meals - supplies)]
        self._books.post(day_in(month, 26), "GJ", entity, "Corporate card statement", lines)
        petty = 60_00 + self._plan.random.randrange(9000)
        self._books.post(day_in(month, 27), "GJ", entity, "Petty cash", [("6440", petty), ("0900", -petty)])
        self._books.post(day_in(month, 27), "CDJ", entity, "Petty cash", [("0900", petty), (_BANK, -petty)])
        charges = 85_00 + share(revenue, 4)
        self._books.post(
            month_end(month), "CDJ", entity, "Bank charges", [("6470", charges), (_BANK, -charges)]
        )
        earned = self._books.balances[entity.id, _SAVINGS] * 300 // 120_000
        self._books.post(month_end(month), "CRJ", entity, "Interest", [(_SAVINGS, earned), ("7010", -earned)])

    def _owed_before(self, entity: EntityPlan, account: str, month: date) -> int:
        """What was owed at the end of the month before."""
        return -sum(
            line.cents
            for batch in self._books.of(entity, account)
            if batch.day < month
            for line in batch.lines
            if line.account == account
        )

    def _year_end(self, entity: EntityPlan, month: date) -> None:
        """The auditors' adjustment in the last month of a fiscal year, undone in the next month."""
        first = self._plan.options.first_fiscal_month
        cents = share(entity.monthly_revenue, 60)
        lines = [("6320", cents), ("2110", -cents)]
        if month_of(month, 1).month == first:
            self._books.post(month_end(month), "ADJ", entity, "Audit fee accrued", lines, adjusting=True)
        elif month.month == first and month != self._plan.months[0]:
            undone = [(account, -amount) for account, amount in lines]
            self._books.post(day_in(month, 1), "GJ", entity, "Audit fee accrual undone", undone)

    def _between_entities(self, seller: EntityPlan, buyer: EntityPlan, month: date) -> None:
        """A sale of the month on both sides, and last month's sale paid on both sides."""
        cents, day = share(self._plan.revenue_of(buyer, month), 600), day_in(month, 25)
        self._books.post(day, "GJ", seller, f"Sale to {buyer.id}", [("1250", cents), ("4200", -cents)])
        self._books.post(day, "GJ", buyer, f"Purchase from {seller.id}", [("5200", cents), ("2250", -cents)])
        before = month_of(month, -1)
        if before >= self._plan.months[0]:
            paid = share(self._plan.revenue_of(buyer, before), 600)
            self._books.post(day, "CDJ", buyer, f"Paid to {seller.id}", [("2250", paid), (_BANK, -paid)])
            self._books.post(day, "CRJ", seller, f"Paid by {buyer.id}", [(_BANK, paid), ("1250", -paid)])


def _opening_points(entity: EntityPlan) -> list[tuple[str, int]]:
    """Opening balances in basis points of a month's sales, debit positive."""
    makes = entity.makes_products
    points = [(_BANK, 4_500), (_PAYROLL_BANK, 500), (_SAVINGS, 1_500 if makes else 0), ("1810", 1_000)]
    points += [(asset, cost[0 if makes else 1]) for asset, _, cost, _ in _ASSETS]
    points += [(accumulated, -cost[0 if makes else 1] * 35 // 100) for _, accumulated, cost, _ in _ASSETS]
    if makes:
        points += [
            ("1310", 7_000),
            ("1320", 1_500),
            ("1330", 6_000),
            ("1710", 12_000),
            ("1720", 5_000),
            ("1725", -1_200),
        ]
        points += [("2520", -8_000), ("2610", -1_500)]
        points.append(("2310", -4_500))
    loan = _loan_points(entity)
    current = loan * 12 // _LOAN_MONTHS
    return [
        *points,
        ("2320", -current),
        ("2510", current - loan),
        ("3010", -1_000),
        ("3020", -12_000 if makes else -4_000),
    ]


def _loan_points(entity: EntityPlan) -> int:
    """The term loan at the opening, in basis points of a month's sales."""
    return 30_000 if entity.makes_products else 10_000
