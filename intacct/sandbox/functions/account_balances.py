"""get_accountbalances and get_accountbalancesbydimensions: balances of some accounts, alone or by place."""

from collections.abc import Mapping

from lxml import etree

from intacct.sandbox.errors import business_error
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
    "contentselection": one_of("Actual"),
    "adjbooks": sequence("adjbook+"),
    "includereportingbook": TRUTH,
    "statistical": one_of("include", "exclude", "only"),
    "dept_subs": TRUTH,
    "loc_subs": TRUTH,
}
_PERIODS = ("reportingperiodname", "startdate enddate")
_ACCOUNTS = "glaccountno? startaccountno? endaccountno?"
_BALANCES = (
    f"{_ACCOUNTS} locationid? departmentid? showzerobalances? reportingbook? adjbooks? "
    "includereportingbook? statistical? dept_subs? loc_subs?"
)
_BY_DIMENSIONS = (
    f"contentselection? showperiodbalancedetail? showzerowithactivity? {_ACCOUNTS} reportingbook? adjbooks? "
    "includereportingbook? statistical? departmentid? dept_subs? locationid? loc_subs? groupby?"
)


def _schema(rest: str) -> Content:
    return Either(tuple(sequence(f"{period} {rest}", _CHILDREN) for period in _PERIODS))


def _get_account_balances(caller: Caller, call: etree._Element) -> Outcome:
    require_statement_right(caller)
    window, book = window_of(caller, call), book_of(caller, call)
    rules = rules_of(caller, call, window, statistical="include")
    show_zero = text_of(call, "showzerobalances") == "true"
    rows = rows_by_place(caller, rules, window, location=False, department=False)
    currency = currency_of(caller, text_of(call, "locationid"), book)
    return Outcome(
        element(
            "data",
            *(
                _balance(row, book, currency)
                for _, row in rows
                if _is_asked_for(call, row) and (show_zero or not is_silent(row))
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


def _is_asked_for(call: etree._Element, row: BalanceRow) -> bool:
    only = text_of(call, "glaccountno")
    first, last = text_of(call, "startaccountno"), text_of(call, "endaccountno")
    number = row.account_number
    return (not only or number == only) and (not first or number >= first) and (not last or number <= last)


def _get_account_balances_by_dimensions(caller: Caller, call: etree._Element) -> Outcome:
    """An empty `locationid` or `departmentid` filters nothing and lists the dimension all the same."""
    require_statement_right(caller)
    window, book = window_of(caller, call), book_of(caller, call)
    rules = rules_of(caller, call, window, statistical="exclude")
    location, department = (_is_grouped(call, name) for name in ("location", "department"))
    detail = text_of(call, "showperiodbalancedetail") == "true"
    with_activity = text_of(call, "showzerowithactivity") == "true"
    rows = rows_by_place(caller, rules, window, location=location, department=department)
    made = []
    for place, row in rows:
        moved = bool(row.turnover.all_debits or row.turnover.all_credits)
        if _is_asked_for(call, row) and (not is_silent(row) or (with_activity and moved)):
            currency = currency_of(caller, text_of(call, "locationid") or place[0], book)
            names = _names(caller, place, location=location, department=department)
            made.append(_by_dimensions(row, {"currency": currency} | names, detail=detail))
    return Outcome(element("data", *made))


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


FUNCTIONS = (
    Function("get_accountbalances", _schema(_BALANCES), _get_account_balances),
    Function("get_accountbalancesbydimensions", _schema(_BY_DIMENSIONS), _get_account_balances_by_dimensions),
)
