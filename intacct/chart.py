"""Rows of GLACCOUNT and GCBOOK as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from intacct.errors import UnreadableReply
from intacct.parsing import boolean, shown, whole_number
from intacct.records import (
    Account,
    AccountType,
    AlternativeAccount,
    ClosingType,
    ConsolidationBook,
    NormalBalance,
)

ACCOUNT_FIELDS = (
    "RECORDNO",
    "ACCOUNTNO",
    "TITLE",
    "ACCOUNTTYPE",
    "NORMALBALANCE",
    "CLOSINGTYPE",
    "CLOSINGACCOUNTNO",
    "STATUS",
    "CATEGORY",
    "ALTERNATIVEACCOUNT",
    "SUBLEDGERCONTROLON",
    "MEGAENTITYID",
)
BOOK_FIELDS = ("BOOKID", "DESCRIPTION", "CURRENCY", "TYPE", "SOURCEBOOKID", "STATUS", "EENAME")

_ACCOUNT_TYPES: dict[str, AccountType] = {
    "balancesheet": "balancesheet",
    "incomestatement": "incomestatement",
}
_NORMAL_BALANCES: dict[str, NormalBalance] = {"debit": "debit", "credit": "credit"}
_CLOSING_TYPES: dict[str, ClosingType] = {
    "non-closing account": "non-closing account",
    "closing account": "closing account",
    "closed to account": "closed to account",
}
_ALTERNATIVES: dict[str, AlternativeAccount] = {
    "": "",
    "None": "",
    "Payables account": "payables",
    "Receivables account": "receivables",
}
_STATUSES = {status: status for status in ("active", "active non-posting", "inactive")}
# The other types are the main book, user-defined books and the adjustment books of a consolidation.
_CONSOLIDATION_TYPES = ("", "Consolidation", "Tier Consolidation")

Value = TypeVar("Value", bound=str)


def account(row: Mapping[str, str]) -> Account:
    """A GLACCOUNT row. Raises UnreadableReply, naming account and value, for a word that is not known."""
    number = row.get("ACCOUNTNO", "")
    if not number:
        raise UnreadableReply("an account has no number")

    def word(field: str, known: Mapping[str, Value]) -> Value:
        value = row.get(field, "")
        if value not in known:
            raise UnreadableReply(f"account {number} has an unknown {field}: {shown(value)}")
        return known[value]

    return Account(
        record_number=whole_number(row.get("RECORDNO", ""), f"RECORDNO of account {number}"),
        number=number,
        title=row.get("TITLE", ""),
        account_type=word("ACCOUNTTYPE", _ACCOUNT_TYPES),
        normal_balance=word("NORMALBALANCE", _NORMAL_BALANCES),
        closing_type=word("CLOSINGTYPE", _CLOSING_TYPES),
        closes_to=row.get("CLOSINGACCOUNTNO", ""),
        status=word("STATUS", _STATUSES),
        category=row.get("CATEGORY", ""),
        entity_id=row.get("MEGAENTITYID", ""),
        alternative_account=word("ALTERNATIVEACCOUNT", _ALTERNATIVES),
        subledger_control=boolean(controlled, f"SUBLEDGERCONTROLON of account {number}")
        if (controlled := row.get("SUBLEDGERCONTROLON", ""))
        else False,
    )


def consolidation_book(row: Mapping[str, str]) -> ConsolidationBook | None:
    """A GCBOOK row, or None for a book that consolidates nothing."""
    if row.get("TYPE", "") not in _CONSOLIDATION_TYPES:
        return None
    book = row.get("BOOKID", "")
    if not book:
        raise UnreadableReply("a consolidation book has no id")
    return ConsolidationBook(
        id=book,
        name=row.get("DESCRIPTION", "") or book,
        currency=row.get("CURRENCY", ""),
        source_book=row.get("SOURCEBOOKID", ""),
        status=row.get("STATUS", ""),
        elimination_entity=row.get("EENAME", ""),
    )
