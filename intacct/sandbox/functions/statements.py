"""get_trialbalance: what the books say between two days."""

from collections.abc import Mapping

from lxml import etree

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

# The documentation goes on with projects and other dimensions. They are left out of the schema on purpose:
# to accept a filter and not apply it would answer a question that was not asked.
_REST = (
    "showzerobalances? showdeptdetail? showlocdetail? reportingbook? adjbooks? includereportingbook? "
    "statistical? departmentid? dept_subs? locationid? loc_subs? debitcreditbalance?"
)
_CHILDREN: Mapping[str, Content] = {
    "startdate": DATE,
    "enddate": DATE,
    "showzerobalances": TRUTH,
    "showdeptdetail": TRUTH,
    "showlocdetail": TRUTH,
    "adjbooks": sequence("adjbook+"),
    "includereportingbook": TRUTH,
    "statistical": one_of("include", "exclude", "only"),
    "dept_subs": TRUTH,
    "loc_subs": TRUTH,
    "debitcreditbalance": TRUTH,
}
_SCHEMA = Either(
    (sequence(f"reportingperiodname {_REST}", _CHILDREN), sequence(f"startdate enddate {_REST}", _CHILDREN))
)


def _get_trial_balance(caller: Caller, call: etree._Element) -> Outcome:
    require_statement_right(caller)
    window, book = window_of(caller, call), book_of(caller, call)
    rules = rules_of(caller, call, window, statistical="include")
    show_zero, gross, department, location = (
        text_of(call, name) == "true"
        for name in ("showzerobalances", "debitcreditbalance", "showdeptdetail", "showlocdetail")
    )
    rows = rows_by_place(caller, rules, window, location=location, department=department)
    asked = text_of(call, "locationid")
    return Outcome(
        element(
            "data",
            *(
                _row(
                    row,
                    gross=gross,
                    ends={"reportingbook": book, "currency": currency_of(caller, asked or place[0], book)}
                    | _details(place, department=department, location=location),
                )
                for place, row in rows
                if show_zero or not is_silent(row)
            ),
        )
    )


def _details(place: Place, *, department: bool, location: bool) -> dict[str, str]:
    details = {"departmentid": place[1]} if department else {}
    return details | ({"locationid": place[0]} if location else {})


def _row(row: BalanceRow, *, gross: bool, ends: Mapping[str, str]) -> etree._Element:
    turnover = row.turnover
    amounts = {"startbalance": row.opening}
    if gross:
        amounts |= {"startbalancedebit": row.opening_debits, "startbalancecredit": row.opening_credits}
    amounts |= {
        "debits": turnover.debits,
        "credits": turnover.credits,
        "adjdebits": turnover.adjusting_debits,
        "adjcredits": turnover.adjusting_credits,
        "endbalance": row.closing,
    }
    if gross:
        amounts |= {
            # Seen on a live company: the period's ordinary entries are added, and not its adjusting ones.
            "endbalancedebit": row.opening_debits + turnover.debits,
            "endbalancecredit": row.opening_credits + turnover.credits,
        }
    values = {name: trimmed(amount, row.account_number + name) for name, amount in amounts.items()}
    return record("trialbalance", {"glaccountno": row.account_number, **values, **ends})


FUNCTIONS = (Function("get_trialbalance", _SCHEMA, _get_trial_balance),)
