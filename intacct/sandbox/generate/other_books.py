"""What stands beside the posted accrual book: the consolidation, a GAAP adjustment, statistics, drafts, bin
transfers.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from intacct.sandbox.generate.journals import Batch, Books, Line
from intacct.sandbox.generate.plan import EntityPlan, Plan, day_in, month_end, month_of, share

CONSOLIDATION_BOOK = "HVCONS"
GAAP_BOOK = "GAAPACCRUAL"
ELIMINATION_ENTITY = "EE100"
_PAIRS = (("1250", "2250"), ("4200", "5200"))


def post_consolidation(plan: Plan, books: Books) -> None:
    """One summary journal a month for each entity, debits and credits apart, and what the entities owe and
    sold each other.
    """
    turnover: dict[tuple[date, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for batch in books.batches:
        if batch.book == "ACCRUAL" and batch.state == "Posted" and not batch.statistical:
            sums = turnover[max(month_of(batch.day), month_of(plan.opening_day)), batch.entity]
            for line in batch.lines:
                sums[line.account][line.cents < 0] += line.cents
    for (month, entity), sums in sorted(turnover.items()):
        lines = [Line(account, cents) for account in sorted(sums) for cents in sums[account] if cents]
        books.add(_summary(month, entity, "Consolidation", lines))
    for month in (month_of(plan.opening_day), *plan.months):
        _eliminate(books, month, [turnover[month, entity.id] for entity in plan.entities])


def _eliminate(books: Books, month: date, entities: list[dict[str, list[int]]]) -> None:
    lines = []
    for pair in _PAIRS:
        for account in pair:
            net = sum(sum(sums.get(account, (0, 0))) for sums in entities)
            if net:
                lines.append(Line(account, -net))
    if lines:
        books.add(_summary(month, ELIMINATION_ENTITY, "Eliminations", lines))


def _summary(month: date, entity: str, title: str, lines: list[Line]) -> Batch:
    day = month_end(month)
    return Batch(day, "CONS", entity, entity, f"{title} {day:%m/%Y}", tuple(lines), book=CONSOLIDATION_BOOK)


def post_aside(plan: Plan, books: Books) -> None:
    """Head counts, a lease adjustment kept in the GAAP book, and a journal that was never approved."""
    for entity in plan.entities:
        people = 12 + entity.monthly_revenue // 20_000_00
        for month in plan.months:
            moved = people if month == plan.months[0] else plan.random.randrange(-1, 3)
            if moved:
                lines = (Line("9000", moved * 100),)
                day = month_end(month)
                books.add(Batch(day, "STAT", entity.id, entity.location, "People", lines, statistical=True))
        for month in plan.months[2::3]:
            cents = share(entity.monthly_revenue, 35)
            leases = (Line("6110", -cents), Line("7110", cents // 3), Line("2690", cents - cents // 3))
            books.add(
                Batch(month_end(month), "GAAP", entity.id, entity.location, "Leases", leases, book=GAAP_BOOK)
            )
    entity = plan.entities[0]
    advice = (Line("6330", 18_400_00), Line("2110", -18_400_00))
    day = day_in(plan.months[-1], 24)
    books.add(Batch(day, "GJ", entity.id, entity.location, "Advisers, to be approved", advice, state="Draft"))


def post_bin_transfers(plan: Plan, books: Books) -> None:
    """Stock moved between bins, which changes no balance, until the books have as many lines as were asked
    for.
    """
    missing = plan.options.lines - sum(len(batch.lines) for batch in books.batches)
    days = _days(plan)
    while missing > 0:
        day = next(days)
        for entity in plan.entities:
            if missing <= 0:
                return
            books.add(_bin_transfer(plan, entity, day))
            missing -= 2


def _bin_transfer(plan: Plan, entity: EntityPlan, day: date) -> Batch:
    cents = plan.random.randrange(20_00, 9_000_00)
    place = entity.locations[plan.random.randrange(len(entity.locations))]
    lines = (Line("1310", cents, "OPS"), Line("1310", -cents, "OPS"))
    return Batch(day, "IJ", entity.id, place, "Bin transfer", lines)


def _days(plan: Plan) -> Iterator[date]:
    while True:
        for month in plan.months:
            for day in range(1, 29):
                yield day_in(month, day)
