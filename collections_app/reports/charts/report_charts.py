"""The charts that every set of reports has: sales and margins, cash, working capital, and what is overdue."""

from collections.abc import Iterator
from decimal import Decimal

from collections_app.reports.aging import Aging
from collections_app.reports.build import Reports
from collections_app.reports.charts.chart import Chart, Series
from collections_app.reports.division import percent
from collections_app.reports.period_statements import PeriodStatements
from collections_app.reports.statement import Amounts
from collections_app.reports.wording import grouped

MOST_MONTHS = 24


def report_charts(reports: Reports) -> tuple[Chart, ...]:
    """The charts of the reports that were asked for, over the last 24 months shown at most."""
    months = reports.by_month
    found: list[Chart] = []
    if "income_statement" in reports.wanted:
        found += _income_charts(months)
    if "balance_sheet" in reports.wanted:
        found += _balance_charts(months)
    found += _aging_charts(reports)
    return tuple(found)


def _income_charts(months: PeriodStatements) -> Iterator[Chart]:
    statement = months.income_statement
    every = len(months.periods.periods)
    captions = _captions(months)
    revenue, gross, net = (
        statement.values(key)[:every][-MOST_MONTHS:] for key in ("revenue", "gross_profit", "net_income")
    )
    yield Chart(
        "revenue",
        "Revenue and gross profit by month",
        _from_to("Revenue", captions, revenue),
        "columns",
        "amount",
        captions,
        (Series("Revenue", revenue), Series("Gross profit", gross)),
    )
    margins = (_margin(gross, revenue), _margin(net, revenue))
    yield Chart(
        "margins",
        "Gross margin and net margin by month",
        "In percent of the month's revenue; a month without revenue has none.",
        "lines",
        "percent",
        captions,
        (Series("Gross margin", margins[0]), Series("Net margin", margins[1])),
    )


def _captions(months: PeriodStatements) -> tuple[str, ...]:
    return tuple(period.caption for period in months.periods.periods[-MOST_MONTHS:])


def _margin(part: Amounts, whole: Amounts) -> tuple[Decimal | None, ...]:
    return tuple(
        percent(profit, revenue) if revenue > 0 else None for profit, revenue in zip(part, whole, strict=True)
    )


def _balance_charts(months: PeriodStatements) -> Iterator[Chart]:
    statement = months.balance_sheet
    captions = _captions(months)
    cash, assets, debts = (
        statement.values(key)[-MOST_MONTHS:]
        for key in ("cash_and_equivalents", "total_current_assets", "total_current_liabilities")
    )
    yield Chart(
        "cash",
        "Cash at each month end",
        _from_to("Cash and cash equivalents", captions, cash),
        "lines",
        "amount",
        captions,
        (Series("Cash", cash),),
    )
    working_capital = tuple(left - right for left, right in zip(assets, debts, strict=True))
    yield Chart(
        "working_capital",
        "Working capital (current assets less current liabilities) at each month end",
        _from_to("Working capital", captions, working_capital),
        "lines",
        "amount",
        captions,
        (
            Series("Working capital", working_capital),
            Series("Current assets", assets),
            Series("Current liabilities", debts),
        ),
    )


def _aging_charts(reports: Reports) -> Iterator[Chart]:
    sides = (
        ("ar_aging", "Receivables", reports.receivables),
        ("ap_aging", "Payables", reports.payables),
    )
    agings = [(name, side.aging) for key, name, side in sides if side is not None and key in reports.wanted]
    if not agings:
        return
    yield Chart(
        "aging",
        f"{' and '.join(name for name, _ in agings)} by days overdue".capitalize(),
        " ".join(_overdue(name, aging) for name, aging in agings),
        "columns",
        "amount",
        (*agings[0][1].method.labels, "Unapplied"),
        tuple(Series(name, (*aging.totals, aging.unapplied)) for name, aging in agings),
    )


def _overdue(name: str, aging: Aging) -> str:
    late = sum(aging.totals[1:], Decimal(0))
    return f"{name} of {grouped(aging.total)}, of which {grouped(late)} past due."


def _from_to(name: str, captions: tuple[str, ...], values: Amounts) -> str:
    if len(captions) == 1:
        return f"{name} {captions[0]}: {grouped(values[0])}."
    first, last = f"{grouped(values[0])} ({captions[0]})", f"{grouped(values[-1])} ({captions[-1]})"
    return f"{name} went from {first} to {last}."
