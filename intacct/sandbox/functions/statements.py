"""get_trialbalance: what the books say between two days."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from zlib import crc32

from lxml import etree

from intacct.sandbox.company import Company
from intacct.sandbox.errors import business_error, not_authorized
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.replies import element, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import DATE, TRUTH, Content, Either, one_of, sequence
from intacct.sandbox.trial_balance import (
    AccountRule,
    BalanceRow,
    Window,
    account_rules,
    balance_rows,
    is_silent,
)

# The documentation goes on with departments, projects and other dimensions. They are left out of the
# schema on purpose:
# to accept a filter and not apply it would answer a question that was not asked.
_REST = (
    "showzerobalances? showdeptdetail? showlocdetail? reportingbook? adjbooks? includereportingbook? "
    "statistical? locationid? "
    "loc_subs? debitcreditbalance?"
)
_CHILDREN: Mapping[str, Content] = {
    "startdate": DATE,
    "enddate": DATE,
    "showzerobalances": TRUTH,
    "showdeptdetail": one_of("false"),
    "showlocdetail": one_of("false"),
    "adjbooks": sequence("adjbook+"),
    "includereportingbook": TRUTH,
    "statistical": one_of("include", "exclude", "only"),
    "loc_subs": TRUTH,
    "debitcreditbalance": TRUTH,
}
_SCHEMA = Either(
    (sequence(f"reportingperiodname {_REST}", _CHILDREN), sequence(f"startdate enddate {_REST}", _CHILDREN))
)
_METHODS = ("ACCRUAL", "CASH")
_STANDARD_ADJUSTMENTS = ("GAAP", "TAX")


def _get_trial_balance(caller: Caller, call: etree._Element) -> Outcome:
    if not caller.user.may_read("GLDETAIL", "TRIALBALANCE", "get_trialbalance"):
        raise not_authorized()
    company = caller.company
    book = text_of(call, "reportingbook", company.default_book)
    window = _window(caller, call, book)
    currency = _currency(caller, text_of(call, "locationid") or caller.location, book)
    rules = _rules(caller, text_of(call, "statistical", "include"), window)
    show_zero = text_of(call, "showzerobalances") == "true"
    gross = text_of(call, "debitcreditbalance") == "true"
    rows = balance_rows(caller.ledger(), rules.values(), window)
    return Outcome(
        element(
            "data", *(_row(row, gross, book, currency) for row in rows if show_zero or not is_silent(row))
        )
    )


def _window(caller: Caller, call: etree._Element, book: str) -> Window:
    company = caller.company
    start, end = _period(company, call)
    location = text_of(call, "locationid")
    _check_location(caller, location, book)
    entity = company.entity_of(location or caller.location)
    month = entity.first_fiscal_month if entity is not None else ""
    return Window(
        start=start,
        end=end,
        books=_books(caller, call, book),
        locations=_locations(caller, location, with_children=text_of(call, "loc_subs", "true") == "true"),
        first_fiscal_month=int(month or company.first_fiscal_month),
    )


def _period(company: Company, call: etree._Element) -> tuple[date, date]:
    name = text_of(call, "reportingperiodname")
    if name:
        for period in company.table("REPORTINGPERIOD").records():
            if period["NAME"] == name:
                return _american(period["START_DATE"]), _american(period["END_DATE"])
        raise business_error(f"Invalid reporting period '{name}' specified.")
    start, end = (_date(call, tag) for tag in ("startdate", "enddate"))
    if start > end:
        raise business_error("The start date is after the end date.")
    return start, end


def _american(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def _date(call: etree._Element, tag: str) -> date:
    year, month, day = (int(text_of(call, f"{tag}/{part}")) for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise business_error(f"{month:02}/{day:02}/{year} is not a date.") from error


def _check_location(caller: Caller, location: str, book: str) -> None:
    company = caller.company
    visible = caller.visible_locations()
    if location and location not in company.location_parents:
        raise business_error(f"Invalid location '{location}' specified.")
    if location and visible is not None and location not in visible:
        raise business_error(f"Invalid location '{location}' specified.")
    consolidated = book in company.consolidation_books
    if company.multi_base_currency and not (location or caller.location or consolidated):
        raise business_error("A location is required in a company with more than one base currency.")
    if consolidated and caller.location:
        raise business_error(f"Invalid reporting book '{book}' specified.")


def _locations(caller: Caller, location: str, *, with_children: bool) -> frozenset[str] | None:
    if not location:
        return caller.visible_locations()
    return caller.company.with_children(location) if with_children else frozenset({location})


def _books(caller: Caller, call: etree._Element, book: str) -> tuple[str, ...]:
    """The GLDETAIL book ids to add up: an adjustment book's lines carry its id with the accounting method
    appended.
    """
    company = caller.company
    consolidation = company.consolidation_books.get(book)
    if consolidation is None and book not in _METHODS:
        raise business_error(f"Invalid reporting book '{book}' specified.")
    method = book if consolidation is None else consolidation.get("SOURCEBOOKID", "ACCRUAL")
    adjustments = [(adjustment.text or "").strip() for adjustment in call.iterfind("adjbooks/adjbook")]
    for adjustment in adjustments:
        if adjustment in _METHODS or adjustment not in (*company.books, *_STANDARD_ADJUSTMENTS):
            raise business_error(f"Invalid adjustment book '{adjustment}' specified.")
    books = tuple(f"{adjustment}{method}" for adjustment in adjustments)
    if not adjustments or text_of(call, "includereportingbook") == "true":
        return (book, *books)
    return books


def _currency(caller: Caller, location: str, book: str) -> str:
    company = caller.company
    if book in company.consolidation_books:
        return company.consolidation_books[book].get("CURRENCY") or company.base_currency
    entity = company.entity_of(location)
    return entity.currency if entity is not None and entity.currency else company.base_currency


def _rules(caller: Caller, statistical: str, window: Window) -> Mapping[str, AccountRule]:
    known = dict(account_rules(caller.company))
    for number in caller.ledger().accounts(window.books) - known.keys():
        known[number] = AccountRule(number, closes_to="", statistical=False, for_period=False)
    if statistical == "include":
        return known
    return {number: rule for number, rule in known.items() if rule.statistical == (statistical == "only")}


def _row(row: BalanceRow, gross: bool, book: str, currency: str) -> etree._Element:
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
            "endbalancedebit": row.opening_debits + turnover.all_debits,
            "endbalancecredit": row.opening_credits + turnover.all_credits,
        }
    values = {name: _trimmed(amount, row.account_number + name) for name, amount in amounts.items()}
    return record(
        "trialbalance",
        {"glaccountno": row.account_number} | values | {"reportingbook": book, "currency": currency},
    )


def _trimmed(amount: Decimal, place: str) -> str:
    """The amount as text, with two decimals or with as few as it needs: the gateway mixes both without a
    rule.

    Here the account and the column decide, so that the same call gives the same text.
    """
    shortest = f"{amount.normalize():f}" if amount else "0"
    with_cents = f"{amount:.2f}"
    return with_cents if crc32(place.encode()) % 2 and Decimal(with_cents) == amount else shortest


FUNCTIONS = (Function("get_trialbalance", _SCHEMA, _get_trial_balance),)
