"""A month's invoices to customers and bills from vendors."""

from collections import defaultdict
from datetime import date, timedelta

from intacct.sandbox.generate.chart import RETAINED_EARNINGS
from intacct.sandbox.generate.currencies import BASE, rate_on, to_base, to_currency
from intacct.sandbox.generate.documents import PAYABLES, RECEIVABLES, Document, Side, Subledger
from intacct.sandbox.generate.journals import Books
from intacct.sandbox.generate.partners import Partner, customers, vendors
from intacct.sandbox.generate.plan import EntityPlan, Plan, day_in, month_end, month_of, share, split
from intacct.sandbox.generate.settlement import Settlement

_PRODUCT_SALES = ("4010", "4010", "4010", "4010", "4020", "4040", "4050")
_SERVICE_SALES = ("4030", "4030", "4030", "4040", "4050", "4020")
SALES_TAX = "2140"
FREIGHT = "4090"

# account: basis points of planned sales where products are made, and where they are not; how many bills in
# a hundred
BUDGETS: dict[str, tuple[int, int, int]] = {
    "1310": (3780, 0, 30),
    "5120": (0, 1150, 14),
    "5030": (380, 0, 7),
    "5040": (190, 40, 8),
    "6110": (290, 340, 3),
    "6120": (110, 60, 5),
    "6130": (90, 40, 5),
    "6030": (260, 330, 2),
    "6410": (90, 160, 5),
    "6420": (30, 60, 4),
    "6430": (40, 50, 6),
    "6440": (30, 20, 5),
    "6210": (110, 90, 4),
    "6220": (70, 30, 2),
    "6230": (80, 180, 8),
    "6310": (40, 40, 2),
    "6320": (50, 60, 2),
    "6330": (60, 80, 3),
    "6450": (15, 20, 2),
    "6460": (20, 50, 2),
    "6620": (15, 20, 1),
    "6610": (130, 40, 4),
    "1510": (220, 0, 1),
    "1550": (0, 90, 1),
}


class Trade:
    """Everything that starts with an invoice or a bill."""

    def __init__(self, plan: Plan, books: Books) -> None:
        self._plan = plan
        self._books = books
        self.receivables = Subledger(RECEIVABLES)
        self.payables = Subledger(PAYABLES)
        self.customers = customers(max(12, min(60, plan.options.documents // 15)))
        self.vendors = vendors(max(12, min(48, plan.options.documents // 18)))
        self._collecting = Settlement(plan, books, self.receivables)
        self._paying = Settlement(plan, books, self.payables)
        self._unspent: dict[tuple[str, str], int] = defaultdict(int)

    def opening(self) -> None:
        """What was unsettled when the books were set up, posted against earlier years' earnings."""
        for entity in self._plan.entities:
            revenue = self._plan.revenue_of(entity, self._plan.months[0])
            for receivable, cents in ((True, revenue * 6 // 5), (False, share(revenue, 4200))):
                for part in split(
                    cents,
                    max(2, self._documents(entity, self._plan.months[0], receivable)),
                    self._plan.random,
                ):
                    created = self._plan.opening_day - timedelta(days=self._plan.random.randrange(1, 41))
                    self._opening_document(entity, receivable, created, part)

    def _opening_document(self, entity: EntityPlan, receivable: bool, created: date, cents: int) -> None:
        subledger = self.receivables if receivable else self.payables
        partner, side = self._partner(receivable), subledger.side
        cents, rate = _priced(partner, cents, created)
        days = (created, self._plan.opening_day)
        document = subledger.document(entity, partner, days, cents, rate=rate)
        lines = [(side.control, cents * side.sign), (RETAINED_EARNINGS, -cents * side.sign)]
        self._post(entity, side, document, f"Opening {document.number}", lines)
        settlement = self._collecting if receivable else self._paying
        settlement.settle(entity, document, "4100" if receivable else "6490")

    def _post(
        self,
        entity: EntityPlan,
        side: Side,
        document: Document,
        title: str,
        lines: list[tuple[str, int]],
        location: str = "",
    ) -> None:
        self._books.post(
            document.posted,
            side.document_journal,
            entity,
            title,
            lines,
            partner=document.partner.id,
            location=location,
            currency=document.currency,
            foreign=_in_currency(document, lines),
            documented=document.created,
        )

    def _days(self, subledger: Subledger, month: date) -> tuple[date, date]:
        """When the next document is dated and posted: one in twenty-five comes too late for its month."""
        day = day_in(month, self._plan.random.randrange(1, 31))
        if subledger.next_number % 25 != 7 or month == self._plan.months[-1]:
            return day, day
        return month_end(month), month_of(month, 1) + timedelta(days=self._plan.random.randrange(1, 5))

    def month(self, month: date) -> None:
        """A month's documents of every entity."""
        for entity in self._plan.entities:
            self._invoices(entity, month)
            self._bills(entity, month)

    def _documents(self, entity: EntityPlan, month: date, receivable: bool) -> int:
        """How many documents an entity has in a month: its part of the year's number, following its sales."""
        group = sum(other.monthly_revenue for other in self._plan.entities)
        wanted = self._plan.options.documents * (45 if receivable else 55) // 100
        elapsed = self._plan.months.index(month)
        growth = 1000 + 4 * elapsed
        sales = self._plan.revenue_of(entity, month) * 1000 // growth
        return -(-wanted * sales // (12 * group))

    def _partner(self, receivable: bool) -> Partner:
        partners = self.customers if receivable else self.vendors
        # The product of two draws favours the first ones: a few partners make most of the trade.
        place = self._plan.random.randrange(len(partners)) * self._plan.random.randrange(1, 101) // 100
        return partners[place]

    def _invoices(self, entity: EntityPlan, month: date) -> None:
        sales = _PRODUCT_SALES if entity.makes_products else _SERVICE_SALES
        count = self._documents(entity, month, True)
        for cents in split(self._plan.revenue_of(entity, month), count, self._plan.random):
            days, partner = self._days(self.receivables, month), self._partner(True)
            parts = self._invoice_parts(sales, cents)
            tax = share(cents, 600) if entity.makes_products and partner.slow % 2 else 0
            freight = share(cents, 90) if self._plan.random.randrange(10) < 3 else 0
            total, rate = _priced(partner, cents + tax + freight, days[0])
            # What rounding to whole cents of another currency moves belongs to the first part.
            parts[0] = (parts[0][0], parts[0][1] + total - cents - tax - freight)
            parts += [(SALES_TAX, tax), (FREIGHT, freight)]
            document = self.receivables.document(entity, partner, days, total, rate=rate)
            lines = [("1200", total), *((account, -part) for account, part in parts if part)]
            place = entity.locations[self._plan.random.randrange(len(entity.locations))]
            self._post(entity, RECEIVABLES, document, document.number, lines, place)
            self._collecting.settle(entity, document, "4100", lines)

    def _invoice_parts(self, sales: tuple[str, ...], cents: int) -> list[tuple[str, int]]:
        count = self._plan.random.randrange(1, 4)
        return [(self._plan.random.choice(sales), part) for part in split(cents, count, self._plan.random)]

    def _bills(self, entity: EntityPlan, month: date) -> None:
        planned = self._plan.revenue_of(entity, month)
        for account, (product, service, _) in BUDGETS.items():
            self._unspent[entity.id, account] += share(planned, product if entity.makes_products else service)
        for account, count in self._bill_counts(entity, month).items():
            cents = self._unspent.pop((entity.id, account), 0)
            for part in split(cents, count, self._plan.random):
                self._bill(entity, account, month, part)

    def _bill_counts(self, entity: EntityPlan, month: date) -> dict[str, int]:
        """How many bills of each kind a month has; rent comes every month."""
        accounts = [account for account in BUDGETS if self._unspent[entity.id, account]]
        weights = [BUDGETS[account][2] for account in accounts]
        counts = {"6110": 1}
        for account in self._plan.random.choices(
            accounts, weights, k=self._documents(entity, month, False) - 1
        ):
            counts[account] = counts.get(account, 0) + 1
        return counts

    def _bill(self, entity: EntityPlan, account: str, month: date, cents: int) -> None:
        days, partner = self._days(self.payables, month), self._partner(False)
        cents, rate = _priced(partner, cents, days[0])
        document = self.payables.document(entity, partner, days, cents, rate=rate)
        lines = [("2010", -cents), (account, cents)]
        self._post(entity, PAYABLES, document, document.number, lines)
        self._paying.settle(entity, document, account, lines)

    def unfinished(self) -> None:
        """What stands open when the books end: advances that nothing has used yet, and documents that nobody
        has posted.
        """
        month = month_of(self._plan.last_day)
        for entity in self._plan.entities:
            for part in split(share(self._plan.revenue_of(entity, month), 250), 2, self._plan.random):
                self._collecting.open_advance(entity, self._partner(True), day_in(month, 20), part)
                self._paying.open_advance(entity, self._partner(False), day_in(month, 21), part // 4)
            states = ((self.receivables, "Draft"), (self.payables, "Draft"), (self.payables, "Submitted"))
            for subledger, state in states:
                day, partner = day_in(month, 26), self._partner(subledger is self.receivables)
                cents, rate = _priced(partner, share(self._plan.revenue_of(entity, month), 90), day)
                subledger.document(entity, partner, (day, day), cents, rate=rate, state=state)


def _priced(partner: Partner, cents: int, day: date) -> tuple[int, int]:
    """An amount as it comes out in whole cents of the partner's currency, and the rate."""
    rate = rate_on(partner.currency, day)
    return to_base(to_currency(cents, rate), rate), rate


def _in_currency(document: Document, lines: list[tuple[str, int]]) -> list[int]:
    """The lines in the document's own currency; what rounding leaves belongs to the last one."""
    if document.currency == BASE:
        return []
    amounts = [to_currency(cents, document.rate) for _, cents in lines]
    amounts[-1] -= sum(amounts)
    return amounts
