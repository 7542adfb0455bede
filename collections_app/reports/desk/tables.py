"""Statements as tables for the page: every amount is text by now, negative ones in brackets."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from collections_app.reports.figures import TrialBalanceRow
from collections_app.reports.statement import Line, Statement
from collections_app.reports.trial_balance import TrialBalanceMonth
from collections_app.reports.wording import plain

NIL = "–"
DETAIL = ("account", "memo")


def figure(amount: Decimal) -> str:
    """An amount for people: thousands apart, a negative one in brackets, nil as a dash; never rounded."""
    if not amount:
        return NIL
    whole, _, places = plain(abs(amount)).partition(".")
    shown = f"{int(whole):,}.{places}"
    return f"({shown})" if amount < 0 else shown


def figures(amounts: Iterable[Decimal]) -> list[str]:
    return [figure(amount) for amount in amounts]


def statement_table(statement: Statement, *, with_accounts: bool) -> dict[str, Any]:
    """The statement by lines, or with the accounts under each of them."""
    return {
        "key": statement.key,
        "title": statement.title,
        "captions": [column.caption for column in statement.columns],
        "width": len(statement.columns) + 1,
        "rows": list(_rows(statement, with_accounts)),
    }


def _rows(statement: Statement, with_accounts: bool) -> Iterator[dict[str, Any]]:
    for line in statement.shown_lines:
        if with_accounts or line.style not in DETAIL:
            yield _row(line)


def _row(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "style": line.style,
        "level": line.level,
        "account": line.accounts[0] if line.style == "account" and line.accounts else "",
        "has_accounts": line.style == "line" and bool(line.accounts),
        "cells": figures(line.values),
    }


def trial_balance_table(month: TrialBalanceMonth, titles: dict[str, str]) -> dict[str, Any]:
    """One month, without the accounts that have neither balance nor activity."""
    rows = [row for row in month.rows if not row.is_zero]
    adjusted = any(row.adjusting_debits or row.adjusting_credits for row in rows)
    return {
        "caption": month.window.caption,
        "has_adjustments": adjusted,
        "rows": [[row.account, titles.get(row.account, ""), _amounts(row, adjusted)] for row in rows],
        "totals": _amounts(month.total, adjusted),
        "left_out": len(month.rows) - len(rows),
    }


def movements(months: Iterable[TrialBalanceMonth], titles: dict[str, str]) -> dict[str, Any]:
    """For each account its title, and its balances and movements in the months in which it has any."""
    found: dict[str, Any] = {}
    for month in months:
        for row in month.rows:
            if not row.is_zero:
                debits, credits = row.debits + row.adjusting_debits, row.credits + row.adjusting_credits
                cells = figures((row.opening, debits, credits, row.closing))
                told = found.setdefault(row.account, {"title": titles.get(row.account, ""), "months": []})
                told["months"].append([month.window.label, month.window.caption, cells])
    return found


def _amounts(row: TrialBalanceRow, adjusted: bool) -> list[str]:
    return figures(row.amounts if adjusted else (row.opening, row.debits, row.credits, row.closing))
