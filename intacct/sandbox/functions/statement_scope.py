"""What the statement functions have in common: period, books, places, currency, accounts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from zlib import crc32

from lxml import etree

from intacct.sandbox.company import Company
from intacct.sandbox.errors import business_error, not_authorized
from intacct.sandbox.functions.registry import Caller
from intacct.sandbox.request import text_of
from intacct.sandbox.trial_balance import AccountRule, BalanceRow, Window, account_rules, balance_rows

_METHODS = ("ACCRUAL", "CASH")
_STANDARD_ADJUSTMENTS = ("GAAP", "TAX")
Place = tuple[str, str]
"""A location and a department; empty ones are postings without."""


def require_statement_right(caller: Caller) -> None:
    """Raise unless the role allows a trial balance to be run, on which the other balances depend too."""
    if not caller.user.may_read("GLDETAIL", "TRIALBALANCE", "get_trialbalance"):
        raise not_authorized()


def window_of(caller: Caller, call: etree._Element) -> Window:
    """Period, books and places of a call; raises FunctionFailure for one that makes no sense here."""
    company = caller.company
    start, end = _period(company, call)
    location, book = text_of(call, "locationid"), book_of(caller, call)
    _check_location(caller, location, book)
    entity = company.entity_of(location or caller.location)
    month = entity.first_fiscal_month if entity is not None else ""
    return Window(
        start=start,
        end=end,
        books=_books(caller, call, book),
        locations=_locations(caller, location, with_children=text_of(call, "loc_subs", "true") == "true"),
        first_fiscal_month=int(month or company.first_fiscal_month),
        departments=departments_of(company, call),
    )


def book_of(caller: Caller, call: etree._Element) -> str:
    """The reporting book asked for, or the company's own."""
    return text_of(call, "reportingbook", caller.company.default_book)


def _period(company: Company, call: etree._Element) -> tuple[date, date]:
    name = text_of(call, "reportingperiodname")
    if name:
        for period in company.table("REPORTINGPERIOD").records():
            if period["NAME"] == name:
                return american(period["START_DATE"]), american(period["END_DATE"])
        raise business_error(f"Invalid reporting period '{name}' specified.")
    start, end = (date_of(call, tag) for tag in ("startdate", "enddate"))
    if start > end:
        raise business_error("The start date is after the end date.")
    return start, end


def american(text: str) -> date:
    """The date in a company folder's form."""
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def date_of(call: etree._Element, tag: str) -> date:
    """The date under an element of year, month and day; raises FunctionFailure for a day that is none."""
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


def departments_of(company: Company, call: etree._Element) -> frozenset[str] | None:
    """The departments of a call, with those below unless they are left out; None where none is asked for."""
    wanted = text_of(call, "departmentid")
    if not wanted:
        return None
    parents = {row["DEPARTMENTID"]: row.get("PARENTID", "") for row in company.table("DEPARTMENT").records()}
    if wanted not in parents:
        raise business_error(f"Invalid department '{wanted}' specified.")
    found = {wanted}
    while text_of(call, "dept_subs", "true") == "true":
        below = {child for child, parent in parents.items() if parent in found} - found
        if not below:
            break
        found |= below
    return frozenset(found)


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


def currency_of(caller: Caller, location: str, book: str) -> str:
    """The currency of balances at a location: its entity's, or the consolidation book's."""
    company = caller.company
    if book in company.consolidation_books:
        return company.consolidation_books[book].get("CURRENCY") or company.base_currency
    entity = company.entity_of(location or caller.location)
    return entity.currency if entity is not None and entity.currency else company.base_currency


def rules_of(
    caller: Caller, call: etree._Element, window: Window, statistical: str
) -> Mapping[str, AccountRule]:
    """The accounts to list: those asked for, statistical ones included, excluded or alone."""
    known = dict(account_rules(caller.company))
    for number in caller.ledger().accounts(window.books) - known.keys():
        known[number] = AccountRule(number, closes_to="", statistical=False, for_period=False)
    wanted = text_of(call, "statistical", statistical)
    if wanted == "include":
        return known
    return {number: rule for number, rule in known.items() if rule.statistical == (wanted == "only")}


def rows_by_place(
    caller: Caller, rules: Mapping[str, AccountRule], window: Window, *, location: bool, department: bool
) -> Iterator[tuple[Place, BalanceRow]]:
    """The rows of each location, of each department or of both, in the order of accounts; without either,
    of everything at once.
    """
    ledger = caller.ledger()
    if not (location or department):
        yield from ((("", ""), row) for row in balance_rows(ledger, rules.values(), window))
        return
    found = []
    places = {
        (where if location else "", who if department else "")
        for where, who in ledger.places(window.books)
        if (window.locations is None or where in window.locations)
        and (window.departments is None or who in window.departments)
    }
    for place in places:
        part = replace(
            window,
            locations=frozenset({place[0]}) if location else window.locations,
            departments=frozenset({place[1]}) if department else window.departments,
        )
        found += [(place, row) for row in balance_rows(ledger, rules.values(), part)]
    yield from sorted(found, key=lambda pair: (pair[1].account_number, pair[0]))


def trimmed(amount: Decimal, place: str) -> str:
    """The amount as text, with two decimals or with as few as it needs: the gateway mixes both without a
    rule.

    Here the account and the column decide, so that the same call gives the same text.
    """
    shortest = f"{amount.normalize():f}" if amount else "0"
    with_cents = f"{amount:.2f}"
    return with_cents if crc32(place.encode()) % 2 and Decimal(with_cents) == amount else shortest
