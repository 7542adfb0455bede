"""C2, C3 and R19: the accounts of the chart, their categories and their types."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    counted,
    money,
    number_of,
)
from collections_app.reports.division import percent
from collections_app.reports.figures import ZERO, Account
from collections_app.reports.placement import Placement, Reason

C2 = Definition("C2", "Accounts known", "completeness", "count")
C3 = Definition("C3", "Accounts categorized", "completeness")
R19 = Definition("R19", "Account types and categories agree", "reliability", "count")
SMALL_PERCENT = Decimal("0.5")


def accounts_known(material: Material) -> Check:
    """C2: each account of the trial balances and of the journal is in the chart.

    Receivables and payables name no account themselves; what they post is in the journal.
    """
    found = Comparisons()
    chart = {account.number for account in material.books.accounts}
    for number, (source, amount) in _used_accounts(material).items():
        if number not in chart:
            found.find(f"Account {number}", f"It is in {source} but not in the chart of accounts.", amount)
    for account in material.books.accounts:
        if account.closes_to and account.closes_to not in chart:
            note = f"It closes to account {account.closes_to}, which is not in the chart of accounts."
            found.find(material.account(account.number), note)
    scanned = "and every journal line " if material.scan is not None else ""
    unread = "" if material.scan is not None else " The journal lines were not collected."
    return counted(
        C2,
        material.span,
        found,
        Sentences(
            f"Every account in every trial balance {scanned}is in the chart of accounts.{unread}",
            f"{number_of(found.failures, 'account is', 'accounts are')} used but not in the chart: "
            "the chart changed or the data was cut. Ask for the accounts named here.",
        ),
    )


def _used_accounts(material: Material) -> dict[str, tuple[str, Decimal]]:
    """Where each account was met, and its closing balance or its movement there, the largest one."""
    used: dict[str, tuple[str, Decimal]] = {}
    for window, month in material.months:
        for row in month.rows:
            _remember(used, row.account, f"the trial balance for {window.label}", row.closing)
    for detail in material.scan.months if material.scan else ():
        for number, movement in detail.movements.items():
            _remember(used, number, f"the journal for {detail.window.label}", movement)
    return used


def _remember(used: dict[str, tuple[str, Decimal]], number: str, source: str, amount: Decimal) -> None:
    if number not in used or abs(amount) > abs(used[number][1]):
        used[number] = (source, amount)


def accounts_categorized(material: Material) -> Check:
    """C3: every account with a balance or activity has a category that its statement knows.

    The amount is what stands on the unassigned lines: closing balances of the last day and the movement of
    all that was collected, each without its sign. Below half a percent of total assets it is a warning.
    """
    found, total = Comparisons(), ZERO
    for placement in _unassigned(material):
        amount = _amount_of(material, placement)
        total += amount
        found.find(material.account(placement.account.number), placement.reason.value, amount)
    part = percent(total, abs(material.collected.balance_sheet.values("total_assets")[-1]))
    share = "" if part is None else f", {part:f} % of total assets"
    check = counted(
        C3,
        material.asked_for,
        found,
        Sentences(
            "Every account with a balance or activity has a category, so no amount is on an unassigned line.",
            f"{money(total, material.currency)}{share} on {number_of(found.failures, 'account')} has no "
            "usable category and stands on a line of its own; a category puts it into the right total.",
        ),
        is_warning=part is not None and part < SMALL_PERCENT,
    )
    return replace(check, actual=total, difference=total)


def _unassigned(material: Material) -> Iterator[Placement]:
    for placement in material.ledger.placements:
        number = placement.account.number
        if placement.is_unassigned and any(not month.rows[number].is_zero for month in material.ledger.shown):
            yield placement


def _amount_of(material: Material, placement: Placement) -> Decimal:
    number = placement.account.number
    if placement.account.account_type == "incomestatement":
        return abs(sum((month.rows[number].flow for month in material.ledger.shown), ZERO))
    return abs(material.ledger.months[-1].rows[number].closing)


def types_agree(material: Material) -> Check:
    """R19: no category of the other statement, and no income account that is never closed.

    The account's own type decides its statement; where the category says otherwise the account is on an
    unassigned line.
    """
    found = Comparisons()
    for placement in material.ledger.placements:
        note = _conflict(placement)
        if note:
            amount = _amount_of(material, placement)
            found.find(material.account(placement.account.number), note, amount)
    return counted(
        R19,
        material.asked_for,
        found,
        Sentences(
            "No account has a category of the other statement, and every income account is closed yearly.",
            f"{number_of(found.failures, 'account contradicts', 'accounts contradict')} itself: its type and "
            "its category or closing belong to different statements. Ask the borrower which is right.",
        ),
    )


def _conflict(placement: Placement) -> str:
    account = placement.account
    if placement.reason is Reason.OTHER_STATEMENT:
        return f"Its type is {_statement(account)}, but its category {account.category!r} is not."
    closing = account.closing_type.strip().casefold()
    if account.account_type == "incomestatement" and closing.startswith("non-closing"):
        return "It is an income-statement account that is not closed at the end of the year."
    return ""


def _statement(account: Account) -> str:
    return "income statement" if account.account_type == "incomestatement" else "balance sheet"
