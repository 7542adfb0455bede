"""The trial balance of one period, checked row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.functions.function import NamedFunction
from intacct.menus import TRIAL_BALANCE
from intacct.parsing import amount, required, text
from intacct.records import TrialBalanceRow

# Fifty digits before and after the point fit, so that no sum is rounded.
EXACT = Context(prec=120)
_FIGURES = ("startbalance", "debits", "credits", "adjdebits", "adjcredits", "endbalance")


@dataclass(frozen=True)
class GetTrialBalance(NamedFunction):
    """Opening, movement and closing of every account between two days, both included.

    Statistical accounts are left out: they hold quantities, and a balance with them does not sum to zero.
    With adjustment books the sum of the main book and those books is asked for.
    """

    start: date
    end: date
    book: str = ""
    adjustment_books: tuple[str, ...] = ()
    location: str = ""
    show_zero_balances: bool = True
    name = "get_trialbalance"
    needs = TRIAL_BALANCE

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"The period ends ({self.end}) before it starts ({self.start}).")

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        write_date(node, "startdate", self.start)
        write_date(node, "enddate", self.end)
        write_text(node, "showzerobalances", "true" if self.show_zero_balances else "false")
        if self.book:
            write_text(node, "reportingbook", self.book)
        if self.adjustment_books:
            books = etree.SubElement(node, "adjbooks")
            for book in self.adjustment_books:
                write_text(books, "adjbook", book)
            # The default is not documented for this call, and false would leave the main book out.
            write_text(node, "includereportingbook", "true")
        write_text(node, "statistical", "exclude")
        if self.location:
            write_text(node, "locationid", self.location)
            write_text(node, "loc_subs", "true")

    def read(self, data: etree._Element) -> tuple[TrialBalanceRow, ...]:
        with localcontext(EXACT):
            rows = tuple(TrialBalanceRow(*row_of_account(element, "trialbalance")) for element in data)
        refuse_repeated(row.account_number for row in rows)
        return rows


def write_text(parent: etree._Element, name: str, value: str) -> None:
    """A child with this text."""
    etree.SubElement(parent, name).text = value


def write_date(parent: etree._Element, name: str, day: date) -> None:
    """A date in its three elements, as the older functions take it."""
    node = etree.SubElement(parent, name)
    write_text(node, "year", f"{day.year:04}")
    write_text(node, "month", f"{day.month:02}")
    write_text(node, "day", f"{day.day:02}")


def row_of_account(
    element: etree._Element, kind: str
) -> tuple[str, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal, str, str]:
    """The figures of one account, in the order of TrialBalanceRow; checked to add up.

    Raises UnreadableReply for another element, an amount that is none, and a closing that does not follow.
    """
    if element.tag != kind:
        raise UnreadableReply(f"the list of {kind} holds {element.tag}")
    account = required(element, "glaccountno")
    opening, debits, credits, adjusting_debits, adjusting_credits, closing = (
        amount(text(element, name), f"{name} of account {account}") for name in _FIGURES
    )
    if opening + debits - credits + adjusting_debits - adjusting_credits != closing:
        raise UnreadableReply(f"the {kind} of account {account} does not add up to its closing balance")
    book, currency = text(element, "reportingbook"), text(element, "currency")
    return account, opening, debits, credits, adjusting_debits, adjusting_credits, closing, book, currency


def refuse_repeated(accounts: Iterable[str]) -> None:
    """Raises UnreadableReply when two rows are of the same account."""
    seen: set[str] = set()
    for account in accounts:
        if account in seen:
            raise UnreadableReply(f"the trial balance holds account {account} more than once")
        seen.add(account)
