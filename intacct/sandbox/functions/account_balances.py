"""get_accountbalances and get_accountbalancesbydimensions: balances of some accounts, alone or by place."""

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from intacct.sandbox.budgets import Planned, has_budget, planned
from intacct.sandbox.errors import business_error
from intacct.sandbox.functions.account_groups import group_named
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.functions.statement_scope import (
    Place,
    book_of,
    currency_of,
    require_statement_right,
    rows_by_place,
    rules_of,
    trimmed,
    window_of,
)
from intacct.sandbox.ledger import ZERO
from intacct.sandbox.replies import element, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import DATE, TRUTH, Content, Either, one_of, sequence
from intacct.sandbox.trial_balance import BalanceRow, is_silent

_CHILDREN: Mapping[str, Content] = {
    "startdate": DATE,
    "enddate": DATE,
    "showzerobalances": TRUTH,
    "showzerowithactivity": TRUTH,
    "showperiodbalancedetail": TRUTH,
    "contentselection": one_of("Actual", "Budget", "Actual and Budget"),
    "budgetcomparison": one_of("Budget minus Actual", "Actual minus Budget"),
    "adjbooks": sequence("adjbook+"),
    "includereportingbook": TRUTH,
    "statistical": one_of("include", "exclude", "only"),
    "dept_subs": TRUTH,
    "loc_subs": TRUTH,
}
_PERIODS = ("reportingperiodname", "startdate enddate")
_ACCOUNTS = "(glaccountno|accountgroupname|startaccountno)? endaccountno?"
_BALANCES = (
    f"{_ACCOUNTS} locationid? departmentid? showzerobalances? reportingbook? adjbooks? "
    "includereportingbook? statistical? dept_subs? loc_subs?"
)
_BY_DIMENSIONS = (
    f"contentselection? budgetid? budgetcomparison? showperiodbalancedetail? "
    f"showzerowithactivity? {_ACCOUNTS} reportingbook? adjbooks? "
    "includereportingbook? statistical? departmentid? dept_subs? locationid? loc_subs? groupby?"
)


def _schema(rest: str) -> Content:
    pairs = (("startaccountno", "endaccountno"),)
    return Either(tuple(sequence(f"{period} {rest}", _CHILDREN, pairs=pairs) for period in _PERIODS))


def _get_account_balances(caller: Caller, call: etree._Element) -> Outcome:
    require_statement_right(caller)
    window, book = window_of(caller, call), book_of(caller, call)
    rules = rules_of(caller, call, window, statistical="include")
    show_zero, is_asked_for = text_of(call, "showzerobalances") == "true", _choice(caller, call)
    rows = rows_by_place(caller, rules, window, location=False, department=False)
    currency = currency_of(caller, text_of(call, "locationid"), book)
    return Outcome(
        element(
            "data",
            *(
                _balance(row, book, currency)
                for _, row in rows
                if is_asked_for(row.account_number) and (show_zero or not is_silent(row))
            ),
        )
    )


def _balance(row: BalanceRow, book: str, currency: str) -> etree._Element:
    turnover = row.turnover
    amounts = {
        "startbalance": row.opening,
        "debits": turnover.debits,
        "credits": turnover.credits,
        "adjdebits": turnover.adjusting_debits,
        "adjcredits": turnover.adjusting_credits,
        "endbalance": row.closing,
    }
    values = {name: trimmed(amount, row.account_number + name) for name, amount in amounts.items()}
    ends = {"reportingbook": book, "currency": currency}
    return record("accountbalance", {"glaccountno": row.account_number, **values, **ends})


def _choice(caller: Caller, call: etree._Element) -> Callable[[str], bool]:
    """Which account numbers are asked for: one, those of a group, a range, or all."""
    only, group = text_of(call, "glaccountno"), text_of(call, "accountgroupname")
    if group:
        return group_named(caller, group).numbers().__contains__
    first, last = text_of(call, "startaccountno"), text_of(call, "endaccountno")
    return lambda number: number == only if only else not last or first <= number <= last


def _get_account_balances_by_dimensions(caller: Caller, call: etree._Element) -> Outcome:
    """An empty `locationid` or `departmentid` filters nothing and lists the dimension all the same."""
    require_statement_right(caller)
    window, book = window_of(caller, call), book_of(caller, call)
    rules = rules_of(caller, call, window, statistical="exclude")
    location, department = (_is_grouped(call, name) for name in ("location", "department"))
    is_asked_for, asked = _choice(caller, call), text_of(call, "locationid")
    rows = rows_by_place(caller, rules, window, location=location, department=department)
    found = {(row.account_number, place): row for place, row in rows if is_asked_for(row.account_number)}

    def ends(place: Place) -> dict[str, str]:
        names = _names(caller, place, location=location, department=department)
        return {"currency": currency_of(caller, asked or place[0], book)} | names

    content = text_of(call, "contentselection", "Actual")
    if content == "Actual":
        return Outcome(element("data", *_actual(call, found, ends)))
    budget = _budget(caller, call)
    plan = planned(caller.company, budget, window, location=location, department=department)
    plan = {key: amount for key, amount in plan.items() if is_asked_for(key[0])}
    if content == "Budget":
        return Outcome(element("data", *_beside_budget(plan, {}, "", ends)))
    comparison = text_of(call, "budgetcomparison", "Budget minus Actual")
    return Outcome(element("data", *_beside_budget(plan, found, comparison, ends)))


Found = Mapping[tuple[str, Place], BalanceRow]
Ends = Callable[[Place], dict[str, str]]


def _actual(call: etree._Element, found: Found, ends: Ends) -> Iterator[etree._Element]:
    detail = text_of(call, "showperiodbalancedetail") == "true"
    with_activity = text_of(call, "showzerowithactivity") == "true"
    for (_, place), row in found.items():
        moved = bool(row.turnover.all_debits or row.turnover.all_credits)
        if not is_silent(row) or (with_activity and moved):
            yield _by_dimensions(row, ends(place), detail=detail)


def _budget(caller: Caller, call: etree._Element) -> str:
    """The budget asked for, or the company's own."""
    if text_of(call, "showperiodbalancedetail") == "true":
        raise business_error("The detail of the period can only be shown for actual balances.")
    budget = text_of(call, "budgetid", caller.company.default_budget)
    if not has_budget(caller.company, budget):
        raise business_error(f"Invalid budget '{budget}' specified.")
    return budget


def _beside_budget(plan: Planned, found: Found, comparison: str, ends: Ends) -> Iterator[etree._Element]:
    """What was planned for the period, and where a comparison is asked for, what came of it."""
    moved = {key: row.turnover.net for key, row in found.items() if row.turnover.net}
    for number, place in sorted(plan.keys() | moved.keys()):
        budget, actual = (amounts.get((number, place), ZERO) for amounts in (plan, moved))
        values = {"budgetbalance": budget}
        if comparison:
            sign = 1 if comparison == "Budget minus Actual" else -1
            values |= {"periodbalance": actual, "difference": sign * (budget - actual)}
        written = {name: trimmed(amount, number + name) for name, amount in values.items()}
        yield record("accountbalance", {"glaccountno": number, **written, **ends(place)})


def _is_grouped(call: etree._Element, dimension: str) -> bool:
    groups = [group.strip().lower() for group in text_of(call, "groupby").split(",") if group.strip()]
    unknown = [group for group in groups if group not in ("location", "department")]
    if unknown:
        raise business_error(f"Invalid dimension '{unknown[0]}' specified.")
    return dimension in groups or (
        call.find(f"{dimension}id") is not None and not text_of(call, f"{dimension}id")
    )


def _names(caller: Caller, place: Place, *, location: bool, department: bool) -> dict[str, str]:
    company = caller.company
    names: dict[str, str] = {}
    if location:
        name = company.location_names.get(place[0], "")
        names |= {"locationid": place[0], "locationname": name}
    if department:
        titles = {row["DEPARTMENTID"]: row.get("TITLE", "") for row in company.table("DEPARTMENT").records()}
        names |= {"departmentid": place[1], "departmentname": titles.get(place[1], "")}
    return names


def _by_dimensions(row: BalanceRow, ends: Mapping[str, str], *, detail: bool) -> etree._Element:
    turnover = row.turnover
    amounts = {"startbalance": row.opening, "periodbalance": turnover.net, "endbalance": row.closing}
    if detail:
        amounts |= {"perioddebit": turnover.all_debits, "periodcredit": turnover.all_credits}
    values = {name: trimmed(amount, row.account_number + name) for name, amount in amounts.items()}
    return record("accountbalance", {"glaccountno": row.account_number, **values, **ends})


DIMENSIONS = Function(
    "get_accountbalancesbydimensions", _schema(_BY_DIMENSIONS), _get_account_balances_by_dimensions
)
FUNCTIONS = (Function("get_accountbalances", _schema(_BALANCES), _get_account_balances), DIMENSIONS)
