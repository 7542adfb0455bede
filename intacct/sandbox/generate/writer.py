"""The group as a company folder: company.json and the small tables; documents and lines have modules of
their own.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from intacct.sandbox.generate.chart import (
    ASSIGNMENTS,
    CONTROL,
    INACTIVE,
    PRIVATE,
    RETAINED_EARNINGS,
    ChartAccount,
)
from intacct.sandbox.generate.document_tables import write_documents
from intacct.sandbox.generate.group import Group
from intacct.sandbox.generate.ledger_table import write_ledger
from intacct.sandbox.generate.other_books import CONSOLIDATION_BOOK, ELIMINATION_ENTITY
from intacct.sandbox.generate.plan import Plan, american, month_end, month_of
from intacct.sandbox.generate.tables import write_table

NAME = "Harborview Instruments Group"
USER = "ws_strongbox"
PASSWORD = "q7Tv-Em2x-Kd9w"  # noqa: S105 - of a made-up user of a made-up company
_FORMATTING = {"locale": "en_US.UTF-8", "dateformat": "/mdY", "clock": "24", "gmtoffset": "-05:00"}


def write_group(group: Group, folder: Path) -> None:
    """Write every file of the company folder, replacing those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = json.dumps(_settings(group.plan), indent=2, ensure_ascii=False)
    (folder / "company.json").write_text(settings + "\n", "utf-8")
    _write_chart(group, folder)
    _write_places(group.plan, folder)
    _write_periods(group.plan, folder)
    write_documents(group, folder)
    write_ledger(group, folder)
    write_table(folder, "assignments", ("ACCOUNTNO", "CATEGORY"), sorted(ASSIGNMENTS.items()))


def _settings(plan: Plan) -> dict[str, object]:
    options = plan.options
    return {
        "companyid": options.company_id,
        "name": NAME,
        "base_currency": "USD",
        "multi_base_currency": False,
        "multi_currency": True,
        "multi_entity": True,
        "first_fiscal_month": options.first_fiscal_month,
        "default_book": "ACCRUAL",
        "books": ["ACCRUAL", "GAAP"],
        "permission_type": "role-based",
        "quickstart_template": "General",
        "subscriptions": ["CO", "CM", "GL", "AR", "AP", "CS", "ME"],
        "closed_through": month_end(plan.months[-2] if len(plan.months) > 1 else plan.months[0]).isoformat(),
        "users": [
            _user(USER, PASSWORD, [], "read-only"),
            _user("ws_plant", "Plant-only-4s", [plan.entities[0].id], "read-only"),
            _user("ws_no_role", "No-role-8kd", [], "none"),
            _user("ws_down", "Goes-down-2p", [], "read-only"),
        ],
        "faults": [{"kind": "down", "user": "ws_down"}],
    }


def _user(user_id: str, password: str, entities: list[str], permissions: str) -> dict[str, object]:
    return {
        "userid": user_id,
        "password": password,
        "status": "active",
        "type": "business",
        "admin": "limited",
        "entities": entities,
        "formatting": _FORMATTING,
        "permissions": permissions,
    }


_CHART_HEADER = [
    "RECORDNO",
    "ACCOUNTNO",
    "TITLE",
    "ACCOUNTTYPE",
    "NORMALBALANCE",
    "CLOSINGTYPE",
    "CLOSINGACCOUNTNO",
    "CLOSINGACCOUNTTITLE",
    "STATUS",
    "CATEGORY",
    "ALTERNATIVEACCOUNT",
    "TAXABLE",
    "SUBLEDGERCONTROLON",
    "WHENCREATED",
    "WHENMODIFIED",
    "MEGAENTITYID",
    "MEGAENTITYNAME",
]


def _write_chart(group: Group, folder: Path) -> None:
    # Record numbers are those of creation, not of the account numbers, so that no reader takes one order
    # for the other.
    order = list(range(1, len(group.chart) + 1))
    group.plan.random.shuffle(order)
    rows = sorted(
        _chart_row(number, account, group.plan) for number, account in zip(order, group.chart, strict=True)
    )
    write_table(folder, "GLACCOUNT", _CHART_HEADER, rows)
    stamp = f"{american(group.plan.opening_day)} 09:00:00"
    header = ("RECORDNO", "ACCOUNTNO", "TITLE", "ACCOUNTTYPE", "STATUS", "CATEGORY", "WHENMODIFIED")
    write_table(
        folder, "STATACCOUNT", header, [("1", "9000", "People employed", "cumulative", "active", "", stamp)]
    )


def _chart_row(number: int, account: ChartAccount, plan: Plan) -> tuple[object, ...]:
    closing = (
        ("closing account", RETAINED_EARNINGS, "Retained earnings")
        if account.income
        else ("non-closing account", "", "")
    )
    if account.number == RETAINED_EARNINGS:
        closing = ("closed to account", "", "")
    place = PRIVATE.get(account.number, len(plan.entities))
    owner = (plan.entities[place].id, plan.entities[place].name) if place < len(plan.entities) else ("", "")
    stamp = f"{american(plan.opening_day)} 09:00:00"
    return (
        number,
        account.number,
        account.title,
        "incomestatement" if account.income else "balancesheet",
        "debit" if account.debit else "credit",
        *closing,
        "inactive" if account.number in INACTIVE else "active",
        account.category,
        CONTROL.get(account.number, "None"),
        "false",
        "true" if account.number in CONTROL else "false",
        stamp,
        stamp,
        *owner,
    )


def _write_places(plan: Plan, folder: Path) -> None:
    header = (
        "RECORDNO",
        "LOCATIONID",
        "NAME",
        "PARENTID",
        "STATUS",
        "CURRENCY",
        "FIRSTMONTH",
        "LOCATIONTYPE",
    )
    entities = [(entity.id, entity.name) for entity in plan.entities]
    entities.append((ELIMINATION_ENTITY, "Harborview eliminations"))
    rows = [
        (number, place, name, "", "active", "USD", "", "N" if place == ELIMINATION_ENTITY else "E")
        for number, (place, name) in enumerate(entities, 1)
    ]
    write_table(folder, "LOCATIONENTITY", header, rows)
    towns = ("Harbor Street", "Mill Road")
    children = [
        (f"{towns[place]} {entity.id[1:]}", location, entity.id)
        for entity in plan.entities
        for place, location in enumerate(entity.locations)
    ]
    below = [
        (len(rows) + number, location, name, parent, "active", "", "", "")
        for number, (name, location, parent) in enumerate(children, 1)
    ]
    write_table(folder, "LOCATION", header, [*rows, *below])
    departments = [(1, "ADMIN", "Administration"), (2, "OPS", "Operations"), (3, "SALES", "Sales")]
    titles = ("RECORDNO", "DEPARTMENTID", "TITLE", "PARENTID", "STATUS")
    write_table(folder, "DEPARTMENT", titles, [(*row, "", "active") for row in departments])
    _write_consolidation_book(plan, folder)


def _write_consolidation_book(plan: Plan, folder: Path) -> None:
    header = ("RECORDNO", "BOOKID", "DESCRIPTION", "STATUS", "CURRENCY", "TYPE", "SOURCEBOOKID", "EENAME")
    title = "Harborview group, consolidated"
    row = (
        1,
        CONSOLIDATION_BOOK,
        title,
        "active",
        "USD",
        "Consolidation",
        "ACCRUAL",
        "Harborview eliminations",
    )
    write_table(folder, "GCBOOK", header, [row])
    places = [entity.id for entity in plan.entities] + [ELIMINATION_ENTITY]
    rows = [(number, 1, CONSOLIDATION_BOOK, place) for number, place in enumerate(places, 1)]
    write_table(folder, "GCBOOKENTITY", ("RECORDNO", "BOOKKEY", "BOOKID", "LOCATIONID"), rows)


def _write_periods(plan: Plan, folder: Path) -> None:
    rows = [
        (number, name, american(start), american(end), budgeting, "active")
        for number, (name, start, end, budgeting) in enumerate(_periods(plan), 1)
    ]
    header = ("RECORDNO", "NAME", "START_DATE", "END_DATE", "BUDGETING", "STATUS")
    write_table(folder, "REPORTINGPERIOD", header, rows)


def _periods(plan: Plan) -> Iterator[tuple[str, date, date, str]]:
    """Every month, the fiscal quarters and years that begin in one, and all time; only months are
    budgetable.
    """
    for month in plan.months:
        yield f"Month Ended {month:%B %Y}", month, month_end(month), "true"
    for month in plan.months:
        place = (month.month - plan.options.first_fiscal_month) % 12
        if place % 3 == 0:
            end = month_end(month_of(month, 2))
            yield f"Quarter Ended {end:%B %Y}", month, end, "false"
        if place == 0:
            end = month_end(month_of(month, 11))
            yield f"Year Ended {end:%B %Y}", month, end, "false"
    yield "Inception to date", date(1990, 1, 1), date(2039, 12, 31), "false"
