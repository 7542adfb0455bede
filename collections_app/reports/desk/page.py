"""The parts of the lender's page, each under the key by which it is kept."""

from collections.abc import Iterator
from typing import Any

from collections_app.reports.build import Reports
from collections_app.reports.desk.ageing import ageings_part
from collections_app.reports.desk.analysis import analysis_part
from collections_app.reports.desk.charts import charts_part
from collections_app.reports.desk.tables import movements, statement_table, trial_balance_table
from collections_app.reports.placement import Placement
from collections_app.reports.statement import Statement

PAGE, MOVEMENTS = "page", "movements"


def statement_key(name: str) -> str:
    """The key of a statement with its accounts."""
    return f"statement:{name}"


def trial_balance_key(label: str) -> str:
    """The key of a month of the trial balance."""
    return f"trial_balance:{label}"


def desk_parts(reports: Reports) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part; what was not asked for is in none of them."""
    yield PAGE, _page(reports)
    for name, statement, title in _statements(reports):
        table = statement_table(statement, with_accounts=True)
        yield statement_key(name), table | {"key": name, "title": title}
    if "trial_balance" not in reports.wanted:
        return
    titles = {placement.account.number: placement.account.title for placement in reports.placements}
    yield MOVEMENTS, movements(reports.trial_balance, titles)
    for month in reports.trial_balance:
        yield trial_balance_key(month.window.label), trial_balance_table(month, titles)


def _page(reports: Reports) -> dict[str, Any]:
    heading = reports.heading
    return {
        "heading": {
            "company_name": heading.company_name,
            "scope_name": heading.scope.name if heading.scope.kind != "company" else "",
            "currency": heading.currency,
            "basis": heading.basis,
        },
        "statements": [
            statement_table(statement, with_accounts=False) | {"key": name, "title": title}
            for name, statement, title in _statements(reports)
        ],
        "months": _months(reports),
        "charts": charts_part(reports),
        "ageings": ageings_part(reports),
        "analysis": analysis_part(reports),
        "unassigned": [_account(each, each.reason.value) for each in reports.unassigned],
        "assigned_here": [_account(each, "") for each in _assigned_here(reports)],
        "unmapped": [
            {"number": each.account.number, "title": each.account.title, "why": each.reason}
            for each in (reports.mapped.unmapped if reports.mapped else ())
        ],
    }


def _months(reports: Reports) -> list[dict[str, str]]:
    if "trial_balance" not in reports.wanted:
        return []
    windows = (month.window for month in reports.trial_balance)
    return [{"label": window.label, "caption": window.caption} for window in windows]


def _statements(reports: Reports) -> Iterator[tuple[str, Statement, str]]:
    """The statements that were asked for, and then those in the lender's own layout."""
    for statement in reports.statements:
        yield statement.key, statement, statement.title
    mapped = reports.mapped
    if mapped is None:
        return
    for statement in (mapped.balance_sheet, mapped.income_statement):
        if statement.key in reports.wanted:
            title = f"{statement.title}: {mapped.template}, version {mapped.version}"
            yield f"mapped_{statement.key}", statement, title


def _assigned_here(reports: Reports) -> Iterator[Placement]:
    """The accounts whose category the borrower gave on our pages, because Sage Intacct had none."""
    for placement in reports.placements:
        if placement.account.category_source == "borrower":
            yield placement


def _account(placement: Placement, why: str) -> dict[str, str]:
    account = placement.account
    return {"number": account.number, "title": account.title, "category": account.category, "why": why}
