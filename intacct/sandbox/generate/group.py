"""The whole group, from the opening balances to the eliminations."""

from dataclasses import dataclass

from intacct.sandbox.generate.chart import ChartAccount, chart
from intacct.sandbox.generate.journals import Batch, Books
from intacct.sandbox.generate.operations import Operations
from intacct.sandbox.generate.other_books import post_aside, post_bin_transfers, post_consolidation
from intacct.sandbox.generate.plan import Options, Plan, make_plan
from intacct.sandbox.generate.trade import Trade
from intacct.sandbox.generate.treasury import keep_cash, post_dividends, post_taxes


@dataclass(frozen=True)
class Group:
    """Everything that is written. `batches` are in the order of their days."""

    plan: Plan
    chart: tuple[ChartAccount, ...]
    batches: tuple[Batch, ...]
    trade: Trade


def make_group(options: Options) -> Group:
    """The group of these options; later postings depend on earlier ones, so the order here matters."""
    plan = make_plan(options)
    books = Books()
    trade, operations = Trade(plan, books), Operations(plan, books)
    operations.opening()
    trade.opening()
    for month in plan.months:
        trade.month(month)
        operations.month(month)
    trade.unfinished()
    post_taxes(plan, books)
    post_dividends(plan, books)
    keep_cash(plan, books)
    post_aside(plan, books)
    post_bin_transfers(plan, books)
    post_consolidation(plan, books)
    batches = tuple(sorted(books.batches, key=lambda batch: batch.day))
    return Group(plan, chart(options.accounts), batches, trade)
