"""R16 and R17: balances that stand on the wrong side, and accounts that should be empty."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import Definition, Sentences, judged, number_of
from collections_app.reports.division import share
from collections_app.reports.figures import ZERO, Account
from collections_app.reports.periods import day_caption
from collections_app.reports.placement import Placement
from collections_app.reports.title_words import words_of

R16 = Definition("R16", "Balances on their normal side", "reliability")
R17 = Definition("R17", "Suspense and clearing accounts", "reliability")

_PERCENT = Decimal("0.5")
_DEBIT_LINES = frozenset({"cash_and_equivalents", "accounts_receivable", "inventory", "fixed_assets_gross"})
_CREDIT_LINES = frozenset(
    {"accounts_payable", "notes_payable_current", "notes_payable_long_term", "deferred_revenue_current"}
)
# Lines that hold accounts of both sides: their sum has a side too.
_NET_LINES = {"accounts_receivable": "accounts_receivable", "fixed_assets_net": "fixed_assets_gross"}
_UNRESOLVED = frozenset({"suspense", "clearing", "uncategorized", "uncategorised", "ask", "temporary"})


def on_normal_side(material: Material) -> Check:
    """R16: no cash, receivables, inventory or fixed assets below zero, and no payables, debt or deferred
    revenue above it, beyond half a percent of total assets.

    Contra accounts (an allowance, accumulated depreciation) stand on the other side by nature and are judged
    with their line. Looked at are the month ends of the request. The statements are right as they are, so it
    is a warning.
    """
    compared = Comparisons()
    assets = _total_assets(material)
    for side in _sides(material):
        for place, amount in enumerate(side.amounts):
            where = f"{side.name}, {day_caption(material.ledger.shown[place].window.end)}"
            compared.compare(where, ZERO, min(amount, ZERO), assets[place])
    return judged(
        R16,
        material.asked_for,
        compared,
        Sentences(
            "Cash, receivables, inventory, fixed assets, payables, debt and deferred revenue stand on their "
            "normal side at every month end.",
            f"{number_of(compared.failures, 'balance is', 'balances are')} on the wrong side, "
            f"{material.furthest(compared)}: an overdraft, unapplied cash or a misposting.",
        ),
        is_warning=True,
    )


class _Side(NamedTuple):
    """An account or a line, and its balances at the month ends shown, positive on the normal side."""

    name: str
    amounts: tuple[Decimal, ...]


def _sides(material: Material) -> Iterator[_Side]:
    flagged = set()
    for placement in material.ledger.placements:
        sign = _normal_sign(placement)
        if sign:
            number = placement.account.number
            amounts = tuple(sign * month.rows[number].closing for month in material.ledger.shown)
            if any(amount < 0 for amount in amounts):
                flagged.add(placement.line)
            yield _Side(f"Account {material.account(number)}", amounts)
    sheet = material.collected.balance_sheet
    for key, line in _NET_LINES.items():
        if line not in flagged:
            yield _Side(sheet.line(key).label, sheet.values(key)[-len(material.ledger.shown) :])


def _normal_sign(placement: Placement) -> int:
    """1 where a debit is normal, -1 where a credit is, 0 for contra accounts and for other lines."""
    account: Account = placement.account
    if placement.line in _DEBIT_LINES:
        return 1 if account.normal_balance == "debit" else 0
    if placement.line in _CREDIT_LINES:
        return -1 if account.normal_balance == "credit" else 0
    return 0


def _total_assets(material: Material) -> tuple[Decimal, ...]:
    """Half a percent of total assets at each month end shown: what passes."""
    totals = material.collected.balance_sheet.values("total_assets")[-len(material.ledger.shown) :]
    return tuple(share(abs(total), _PERCENT) for total in totals)


def suspense_is_empty(material: Material) -> Check:
    """R17: accounts titled suspense, clearing, uncategorized, ask or temporary end at zero, or below half a
    percent of total assets.

    An income account counts with its fiscal year to date. The statements are right as they are, so it is a
    warning.
    """
    compared, last = Comparisons(), material.ledger.shown[-1]
    tolerance = _total_assets(material)[-1]
    for placement in material.ledger.placements:
        account = placement.account
        if not _UNRESOLVED.isdisjoint(words_of(account.title)):
            closing = last.rows[account.number].closing
            compared.compare(f"Account {material.account(account.number)}", ZERO, closing, tolerance)
    looked = (
        f"{number_of(compared.count, 'account')} for suspense, clearing or temporary items "
        f"{'was' if compared.count == 1 else 'were'} looked at; none holds more than half a percent of total "
        "assets at the end."
        if compared.count
        else "There is no account for suspense, clearing or temporary items."
    )
    return judged(
        R17,
        material.asked_for,
        compared,
        Sentences(
            looked,
            f"{number_of(compared.failures, 'account')} for unresolved items still "
            f"{'holds' if compared.failures == 1 else 'hold'} a balance, {material.furthest(compared)}: "
            "ask what it is made of.",
        ),
        is_warning=True,
    )
