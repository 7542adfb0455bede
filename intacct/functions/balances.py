"""Balances of chosen accounts, whole or by dimension."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import localcontext

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.functions.function import NamedFunction
from intacct.functions.trial_balance import EXACT, refuse_repeated, row_of_account, write_date, write_text
from intacct.menus import TRIAL_BALANCE
from intacct.parsing import amount, flat, required, text
from intacct.records import AccountBalance, DimensionBalance


@dataclass(frozen=True)
class AccountChoice:
    """One account, the accounts of a group, or a range from one number to another; all if none is given."""

    number: str = ""
    group: str = ""
    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        chosen = (bool(self.number), bool(self.group), bool(self.first or self.last))
        if sum(chosen) > 1 or bool(self.first) != bool(self.last):
            raise ValueError("Choose one account, one group, or a range with both ends.")

    def write(self, parent: etree._Element) -> None:
        for name, value in (
            ("glaccountno", self.number),
            ("accountgroupname", self.group),
            ("startaccountno", self.first),
            ("endaccountno", self.last),
        ):
            if value:
                write_text(parent, name, value)


ALL_ACCOUNTS = AccountChoice()


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"The period ends ({self.end}) before it starts ({self.start}).")

    def write(self, parent: etree._Element) -> None:
        write_date(parent, "startdate", self.start)
        write_date(parent, "enddate", self.end)


@dataclass(frozen=True)
class GetAccountBalances(NamedFunction):
    """Opening, movement and closing of chosen accounts. Statistical accounts are left out."""

    period: Period
    accounts: AccountChoice = ALL_ACCOUNTS
    book: str = ""
    location: str = ""
    show_zero_balances: bool = True
    name = "get_accountbalances"
    needs = TRIAL_BALANCE

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        self.period.write(node)
        self.accounts.write(node)
        if self.location:
            write_text(node, "locationid", self.location)
        write_text(node, "showzerobalances", "true" if self.show_zero_balances else "false")
        if self.book:
            write_text(node, "reportingbook", self.book)
        write_text(node, "statistical", "exclude")
        if self.location:
            write_text(node, "loc_subs", "true")

    def read(self, data: etree._Element) -> tuple[AccountBalance, ...]:
        with localcontext(EXACT):
            rows = tuple(AccountBalance(*row_of_account(element, "accountbalance")) for element in data)
        refuse_repeated(row.account_number for row in rows)
        return rows


@dataclass(frozen=True)
class GetAccountBalancesByDimension(NamedFunction):
    """Balances of chosen accounts, one row for each combination of the dimensions named.

    group_by: "location", "department" and so on.
    """

    period: Period
    group_by: tuple[str, ...] = field(default=())
    accounts: AccountChoice = ALL_ACCOUNTS
    book: str = ""
    location: str = ""
    name = "get_accountbalancesbydimensions"
    needs = TRIAL_BALANCE

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        self.period.write(node)
        self.accounts.write(node)
        if self.book:
            write_text(node, "reportingbook", self.book)
        # Empty means: no choice among locations, but show them.
        if self.location or "location" in self.group_by:
            write_text(node, "locationid", self.location)
        if self.group_by:
            write_text(node, "groupby", ",".join(self.group_by))

    def read(self, data: etree._Element) -> tuple[DimensionBalance, ...]:
        with localcontext(EXACT):
            rows = tuple(_dimension_balance(element) for element in data)
        refuse_repeated(f"{row.account_number} {row.dimensions} {row.currency}" for row in rows)
        return rows


def _dimension_balance(element: etree._Element) -> DimensionBalance:
    if element.tag != "accountbalance":
        raise UnreadableReply(f"the balances hold {element.tag}")
    account = required(element, "glaccountno")
    opening, movement, closing = (
        amount(text(element, name), f"{name} of account {account}")
        for name in ("startbalance", "periodbalance", "endbalance")
    )
    if opening + movement != closing:
        raise UnreadableReply(f"the balance of account {account} does not add up to its closing balance")
    known = ("glaccountno", "startbalance", "periodbalance", "endbalance", "currency", "reportingbook")
    dimensions = tuple((name, value) for name, value in flat(element).items() if name not in known)
    return DimensionBalance(account, opening, movement, closing, text(element, "currency"), dimensions)
