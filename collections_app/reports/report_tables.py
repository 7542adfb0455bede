"""The reports as tables, one for each file: every account and every line, nothing left out for looks.

Rows are made as they are read, so the general ledger needs no more memory than one of its months.
"""

from collections.abc import Iterator

from collections_app.reports.build import Reports
from collections_app.reports.comparison_tables import comparison_tables
from collections_app.reports.csv_tables import Cell, Rows, Table
from collections_app.reports.figures import AMOUNT_COLUMNS
from collections_app.reports.ledger_table import ledger_table
from collections_app.reports.placement import Placement
from collections_app.reports.statement import Statement
from collections_app.reports.subledger_tables import subledger_tables

_CHART_HEADER = (
    "number",
    "title",
    "type",
    "normal_balance",
    "closing_type",
    "closes_to",
    "category",
    "category_source",
    "statement_line",
    "remark",
)
_RATIO_HEADER = (
    "from",
    "to",
    "key",
    "name",
    "group",
    "unit",
    "value",
    "status",
    "numerator",
    "numerator_amount",
    "denominator",
    "denominator_amount",
    "formula",
    "reason",
)
_EVIDENCE_HEADER = ("id", "place", "expected", "actual", "difference", "note")
_UNMAPPED_HEADER = ("account", "title", "reason", "template", "version", "content_hash")
_CHECK_HEADER = (
    "id",
    "title",
    "family",
    "outcome",
    "start",
    "end",
    "expected",
    "actual",
    "difference",
    "tolerance",
    "warning",
    "sentence",
    "evidence_rows",
)


def tables(reports: Reports) -> Iterator[Table]:
    """The tables that were asked for, in the order of the workbook's sheets."""
    yield from map(_statement_table, reports.statements)
    for statements in reports.by_period:
        for statement in reports.asked_for(statements):
            yield _statement_table(statement, f"_{statements.periods.key}")
    yield from _mapped_tables(reports)
    for key, side in (("ar_aging", reports.receivables), ("ap_aging", reports.payables)):
        if side and key in reports.wanted:
            yield from subledger_tables(key, side)
    yield from comparison_tables(reports)
    if reports.has_analysis:
        yield Table("ratios", _RATIO_HEADER, _ratio_rows(reports))
    if "trial_balance" in reports.wanted:
        header = ("start", "end", "account", "title", *AMOUNT_COLUMNS)
        yield Table("trial_balance", header, _month_rows(reports))
    if reports.journal and "general_ledger" in reports.wanted:
        yield ledger_table(reports.ledger, reports.journal)
    yield Table("chart_of_accounts", _CHART_HEADER, map(_chart_row, reports.placements))
    yield Table("checks", _CHECK_HEADER, _check_rows(reports))
    yield Table("check_evidence", _EVIDENCE_HEADER, _evidence_rows(reports))


def _statement_table(statement: Statement, suffix: str = "") -> Table:
    header = ("key", "label", "level", *(column.key for column in statement.columns))
    return Table(f"{statement.key}{suffix}", header, _line_rows(statement))


def _mapped_tables(reports: Reports) -> Iterator[Table]:
    """The lender's layout, and what it has no line for."""
    mapped, asked = reports.mapped, reports.mapped_statements
    if mapped is None or not asked:
        return
    for statement in asked:
        yield _statement_table(statement, "_lender")
    layout = (mapped.template, mapped.version, mapped.content_hash)
    rows = (
        (each.account.number, each.account.title, each.reason, *layout) for each in mapped.unmapped_in(asked)
    )
    yield Table("unmapped_accounts_lender", _UNMAPPED_HEADER, rows)


def _line_rows(statement: Statement) -> Rows:
    for line in statement.lines:
        if line.style != "heading":
            yield (line.key, line.label, line.level, *line.values)


def _ratio_rows(reports: Reports) -> Rows:
    periods = (reports.analysis.latest, *reports.analysis.monthly) if reports.analysis else ()
    for result in periods:
        flows = result.period.flows
        for metric in result.metrics:
            below = metric.denominator
            yield (
                flows.start,
                flows.end,
                metric.key,
                metric.name,
                metric.group,
                metric.unit,
                metric.value,
                metric.status,
                metric.numerator.label,
                metric.numerator.amount,
                below.label if below else None,
                below.amount if below else None,
                metric.formula,
                metric.reason,
            )


def _month_rows(reports: Reports) -> Rows:
    titles = {placement.account.number: placement.account.title for placement in reports.placements}
    for month in reports.trial_balance:
        for row in month.rows:
            yield (month.window.start, month.window.end, row.account, titles[row.account], *row.amounts)


def _chart_row(placement: Placement) -> tuple[Cell, ...]:
    account = placement.account
    return (
        account.number,
        account.title,
        account.account_type,
        account.normal_balance,
        account.closing_type,
        account.closes_to,
        account.category,
        account.category_source,
        placement.line,
        placement.reason.value,
    )


def _evidence_rows(reports: Reports) -> Rows:
    for check in reports.checks:
        for row in check.evidence:
            yield (check.id, row.place, row.expected, row.actual, row.difference, row.note)


def _check_rows(reports: Reports) -> Rows:
    for check in reports.checks:
        yield (
            check.id,
            check.title,
            check.family,
            check.outcome,
            check.start,
            check.end,
            check.expected,
            check.actual,
            check.difference,
            check.tolerance,
            "yes" if check.is_warning else "no",
            check.sentence,
            check.evidence_count,
        )
