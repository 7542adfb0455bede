"""The machine's copy of the reports: ``statements.json``.

It holds every account, also those that pages and sheets leave out because they are zero throughout. Its size
follows accounts, months and parties, never journal lines or documents: those are in the CSV tables.
"""

import json
from datetime import UTC
from typing import Any

from collections_app.reports.analysis.json_form import analysis_json
from collections_app.reports.borrowing_base_export import borrowing_base_json
from collections_app.reports.build import Reports
from collections_app.reports.chart import ChartRow, chart_of_accounts
from collections_app.reports.checks.json_form import checks_json
from collections_app.reports.comparison_tables import comparisons_json
from collections_app.reports.consolidation import Bridge
from collections_app.reports.figures import AMOUNT_COLUMNS, Heading
from collections_app.reports.lender_settings import definition_settings, settings_json
from collections_app.reports.period_statements import PeriodStatements
from collections_app.reports.remarks import remarks_json
from collections_app.reports.statement_export import mapped_json, statement_json
from collections_app.reports.subledger_export import concentration_json, subledger_json
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.trial_balance import TrialBalanceMonth
from collections_app.reports.wording import clean, plain

SCHEMA = 1


def statements_json(reports: Reports) -> bytes:
    """``statements.json``: UTF-8, amounts as decimal strings, the same bytes for the same reports."""
    document = {
        "schema": SCHEMA,
        **_heading(reports.heading),
        "accounts": [_account(row) for row in chart_of_accounts(reports)],
        "unassigned": [
            {"account": clean(placement.account.number), "reason": placement.reason.value}
            for placement in reports.unassigned
        ],
        **_trial_balance(reports),
        **{statement.key: statement_json(statement) for statement in reports.statements},
        "mapped": mapped_json(reports),
        **_subledgers(reports),
        **_analysis(reports),
        **comparisons_json(reports),
        **_bridges(reports),
        "period_sets": [_period_set(reports, each) for each in reports.by_period if reports.asked_for(each)],
        "checks": checks_json(reports.checks),
        **remarks_json(reports.remarks),
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


def _account(row: ChartRow) -> dict[str, str]:
    account = row.account
    return {
        "number": clean(account.number),
        "title": clean(account.title),
        "type": account.account_type,
        "normal_balance": account.normal_balance,
        "category": clean(account.category),
        "category_source": account.category_source,
        "statement_line": row.line,
        "remark": row.reason,
        "cash_flow_class": row.cash_flow_class.value,
        "cash_flow_remark": row.cash_flow_reason,
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


def _period_set(reports: Reports, statements: PeriodStatements) -> dict[str, Any]:
    """The statements of other periods; a column that is cut short says so."""
    return {
        "key": statements.periods.key,
        "title": statements.periods.title,
        "periods": [
            {
                "key": period.key,
                "label": period.caption,
                "from": period.start.isoformat(),
                "to": period.end.isoformat(),
                "complete": period.is_complete,
            }
            for period in statements.periods.periods
        ],
        **{statement.key: statement_json(statement) for statement in reports.asked_for(statements)},
    }


def _subledgers(reports: Reports) -> dict[str, Any]:
    """Agings and concentration as far as they were asked for and collected."""
    sides = {"customers": reports.asked_receivables, "vendors": reports.asked_payables}
    given: dict[str, SubledgerReports] = {name: side for name, side in sides.items() if side}
    document: dict[str, Any] = {}
    for side in given.values():
        document |= subledger_json(side)
    if given:
        document["concentration"] = {name: concentration_json(side) for name, side in given.items()}
    if reports.asked_borrowing_base:
        document["borrowing_base"] = borrowing_base_json(reports.asked_borrowing_base, reports.terms)
    return document


def _analysis(reports: Reports) -> dict[str, Any]:
    """Ratios and spread, and the choices that define them, where both statements may be given out."""
    if not (reports.has_analysis and reports.analysis):
        return {}
    chosen = settings_json(definition_settings(reports.terms))
    return {**analysis_json(reports.analysis), "definitions": chosen}


def _bridges(reports: Reports) -> dict[str, Any]:
    """The bridges of the statements that were asked for; a key that is absent without entities."""
    bridges = [bridge for bridge in reports.bridges if bridge.statement in reports.wanted]
    return {"consolidation_bridges": [_bridge(bridge) for bridge in bridges]} if bridges else {}


def _bridge(bridge: Bridge) -> dict[str, Any]:
    return {
        "statement": bridge.statement,
        "column": bridge.column.key,
        "currency": bridge.currency,
        "entities": [
            {"id": clean(scope.id), "name": clean(scope.name), "currency": currency}
            for scope, currency in zip(bridge.scopes, bridge.currencies, strict=True)
        ],
        "is_proof": bridge.is_proof,
        "lines": [
            {
                "key": clean(line.key),
                "label": clean(line.label),
                "level": line.level,
                "entities": [plain(value) for value in line.entities],
                "sum": plain(line.total),
                "eliminations": plain(line.eliminations),
                "translation": plain(line.translation),
                "book": plain(line.book),
                "residual": plain(line.residual),
            }
            for line in bridge.lines
        ],
    }
