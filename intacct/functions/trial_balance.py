"""The trial balance of one period, checked row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.functions.function import NamedFunction
from intacct.parsing import amount, required, text
from intacct.records import TrialBalanceRow

# Fifty digits before and after the point fit, so that no sum is rounded.
_EXACT = Context(prec=120)


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
    needs = "General Ledger, Trial balance, Run"

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"The period ends ({self.end}) before it starts ({self.start}).")

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        _write_date(node, "startdate", self.start)
        _write_date(node, "enddate", self.end)
        _write(node, "showzerobalances", "true" if self.show_zero_balances else "false")
        if self.book:
            _write(node, "reportingbook", self.book)
        if self.adjustment_books:
            books = etree.SubElement(node, "adjbooks")
            for book in self.adjustment_books:
                _write(books, "adjbook", book)
            # The default is not documented for this call, and false would leave the main book out.
            _write(node, "includereportingbook", "true")
        _write(node, "statistical", "exclude")
        if self.location:
            _write(node, "locationid", self.location)
            _write(node, "loc_subs", "true")

    def read(self, data: etree._Element) -> tuple[TrialBalanceRow, ...]:
        with localcontext(_EXACT):
            rows = tuple(_row(element) for element in data)
        _refuse_repeated(row.account_number for row in rows)
        return rows


def _write(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, name).text = value


def _write_date(parent: etree._Element, name: str, day: date) -> None:
    node = etree.SubElement(parent, name)
    _write(node, "year", f"{day.year:04}")
    _write(node, "month", f"{day.month:02}")
    _write(node, "day", f"{day.day:02}")


def _row(element: etree._Element) -> TrialBalanceRow:
    if element.tag != "trialbalance":
        raise UnreadableReply(f"the trial balance holds {element.tag}")
    account = required(element, "glaccountno")

    def figure(name: str) -> Decimal:
        return amount(text(element, name), f"{name} of account {account}")

    row = TrialBalanceRow(
        account_number=account,
        opening=figure("startbalance"),
        debits=figure("debits"),
        credits=figure("credits"),
        adjusting_debits=figure("adjdebits"),
        adjusting_credits=figure("adjcredits"),
        closing=figure("endbalance"),
        book=text(element, "reportingbook"),
        currency=text(element, "currency"),
    )
    moved = row.debits - row.credits + row.adjusting_debits - row.adjusting_credits
    if row.opening + moved != row.closing:
        raise UnreadableReply(
            f"the trial balance of account {account} does not add up to its closing balance"
        )
    return row


def _refuse_repeated(accounts: Iterable[str]) -> None:
    seen: set[str] = set()
    for account in accounts:
        if account in seen:
            raise UnreadableReply(f"the trial balance holds account {account} more than once")
        seen.add(account)
