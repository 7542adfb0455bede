"""Budgets: what was planned for each account, by reporting period.

`GLBUDGETITEM.csv` has BUDGETID, ACCOUNTNO, PERIODNAME and AMOUNT, debit positive like everything else, and
may have LOCATIONID and DEPARTMENTID. The file is the sandbox's own form; budgets are not served as objects.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from intacct.sandbox.company import Company
from intacct.sandbox.trial_balance import Window

Planned = Mapping[tuple[str, tuple[str, str]], Decimal]
"""Amounts by account and by place, which is a location and a department, empty where they do not matter."""


def has_budget(company: Company, budget: str) -> bool:
    """Whether the company has a budget of this id."""
    return any(row["BUDGETID"] == budget for row in company.table("GLBUDGETITEM").records())


def planned(company: Company, budget: str, window: Window, *, location: bool, department: bool) -> Planned:
    """What a budget plans for the reporting periods inside a window, at its locations and departments."""
    inside = _periods_inside(company, window)
    sums: dict[tuple[str, tuple[str, str]], Decimal] = defaultdict(Decimal)
    for row in company.table("GLBUDGETITEM").records():
        where, who = row.get("LOCATIONID", ""), row.get("DEPARTMENTID", "")
        if row["BUDGETID"] != budget or row["PERIODNAME"] not in inside:
            continue
        if (window.locations is None or where in window.locations) and (
            window.departments is None or who in window.departments
        ):
            place = (where if location else "", who if department else "")
            sums[row["ACCOUNTNO"], place] += Decimal(row["AMOUNT"])
    return sums


def _periods_inside(company: Company, window: Window) -> frozenset[str]:
    return frozenset(
        row["NAME"]
        for row in company.table("REPORTINGPERIOD").records()
        if window.start <= _day(row["START_DATE"]) and _day(row["END_DATE"]) <= window.end
    )


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a date without a clock
