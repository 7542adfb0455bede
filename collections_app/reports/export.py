"""The machine's copies of the reports: ``statements.json``, and one CSV for each table.

Both hold every account, also those that pages and sheets leave out because they are zero throughout.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any, TextIO

from collections_app.reports.build import Reports
from collections_app.reports.figures import AMOUNT_COLUMNS, Heading
from collections_app.reports.placement import Placement
from collections_app.reports.statement import Statement
from collections_app.reports.trial_balance import TrialBalanceMonth
from collections_app.reports.wording import clean, plain

SCHEMA = 1
Cell = str | int | date | Decimal

# A spreadsheet runs a cell that begins with one of these, also in its full-width form (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Table:
    """One table for a CSV file: ``name`` is the file's name without its ending."""

    name: str
    header: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def statements_json(reports: Reports) -> bytes:
    """``statements.json``: UTF-8, amounts as decimal strings, the same bytes for the same reports."""
    document = {
        "schema": SCHEMA,
        **_heading(reports.heading),
        "accounts": [_account(placement) for placement in reports.placements],
        "unassigned": [
            {"account": clean(placement.account.number), "reason": placement.reason.value}
            for placement in reports.unassigned
        ],
        **_trial_balance(reports),
        **{statement.key: _statement(statement) for statement in reports.statements},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _heading(heading: Heading) -> dict[str, Any]:
    scope = heading.scope
    collected_at = heading.collected_at.astimezone(UTC)
    return {
        "reference": clean(heading.reference),
        "lender": clean(heading.lender),
        "borrower": clean(heading.borrower),
        "company": {"id": clean(heading.company_id), "name": clean(heading.company_name)},
        "scope": {"kind": scope.kind, "id": clean(scope.id), "name": clean(scope.name)},
        "basis": heading.basis,
        "currency": heading.currency,
        "from": heading.date_from.isoformat(),
        "to": heading.date_to.isoformat(),
        "first_fiscal_month": heading.first_fiscal_month,
        "collected_at": f"{collected_at:%Y-%m-%dT%H:%M:%SZ}",
        "source": clean(heading.source),
    }


def _account(placement: Placement) -> dict[str, str]:
    account = placement.account
    return {
        "number": clean(account.number),
        "title": clean(account.title),
        "type": account.account_type,
        "normal_balance": account.normal_balance,
        "category": clean(account.category),
        "category_source": account.category_source,
    }


def _trial_balance(reports: Reports) -> dict[str, Any]:
    if "trial_balance" not in reports.wanted:
        return {}
    return {"trial_balance": [_trial_balance_month(month) for month in reports.trial_balance]}


def _trial_balance_month(month: TrialBalanceMonth) -> dict[str, Any]:
    return {
        "start": month.window.start.isoformat(),
        "end": month.window.end.isoformat(),
        "rows": [
            {
                "account": clean(row.account),
                **dict(zip(AMOUNT_COLUMNS, map(plain, row.amounts), strict=True)),
            }
            for row in month.rows
        ],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "columns": [column.key for column in statement.columns],
        "lines": [
            {
                "key": clean(line.key),
                "label": clean(line.label),
                "level": line.level,
                "values": [plain(value) for value in line.values],
            }
            for line in statement.lines
            if line.style != "heading"
        ],
    }


def tables(reports: Reports) -> Iterator[Table]:
    """The tables, one CSV each, in the order of the workbook's sheets; rows are made as they are read."""
    yield from map(_statement_table, reports.statements)
    if "trial_balance" in reports.wanted:
        header = ("start", "end", "account", "title", *AMOUNT_COLUMNS)
        yield Table("trial_balance", header, _month_rows(reports))
    yield Table("chart_of_accounts", _CHART_HEADER, map(_chart_row, reports.placements))


def _statement_table(statement: Statement) -> Table:
    header = ("key", "label", "level", *(column.key for column in statement.columns))
    return Table(statement.key, header, _line_rows(statement))


def _line_rows(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    for line in statement.lines:
        if line.style != "heading":
            yield (line.key, line.label, line.level, *line.values)


def _month_rows(reports: Reports) -> Iterator[tuple[Cell, ...]]:
    titles = {placement.account.number: placement.account.title for placement in reports.placements}
    for month in reports.trial_balance:
        for row in month.rows:
            yield (month.window.start, month.window.end, row.account, titles[row.account], *row.amounts)


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


def write_csv(table: Table, file: TextIO) -> None:
    """Write the table as RFC 4180 CSV (open ``file`` with newline=""), safe to open in a spreadsheet.

    A text that a spreadsheet would run as a formula gets a leading apostrophe, unless it is a plain number.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(clean(str(cell)))


def harmless(text: str) -> str:
    """The text with a leading apostrophe when a spreadsheet would take it for a formula."""
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
