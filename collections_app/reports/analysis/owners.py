"""What went between the owners and the business in a period, and what else moved their equity.

Many books keep drawings beside capital, under one category and with the same normal side, so neither tells
them apart. The movement does: a capital account that falls was drawn on, one that rises was paid into
(practice). A transfer from one capital account to another therefore shows on both sides.
"""

from dataclasses import replace
from decimal import Decimal

from collections_app.reports.analysis.figure import ARITHMETIC, ZERO, Figure, total, unknown
from collections_app.reports.analysis.period import OPENING_NEEDED, Period, Position

CAPITAL_LINE = "paid_in_capital"


def contributions(period: Period) -> Figure:
    """What the capital accounts that rose have risen by; positive."""
    return _moved(period, "Contributions to capital accounts", 1)


def distributions(period: Period) -> Figure:
    """What was paid to the owners: drawn from capital accounts or booked on the distributions account.

    That account prints negative, so its fall is a payment. A journal that closes it to retained earnings
    lowers the figure.
    """
    drawn = _moved(period, "Drawn from capital accounts", -1)
    movement = replace(period.change("distributions"), label="Movement of the distributions account")
    return total("Distributions", [drawn], [movement])


def other_changes_in_earnings(period: Period) -> Figure:
    """What moved earned equity beside net income: postings straight to retained earnings."""
    return total(
        "Other changes in retained earnings",
        [period.change("retained_earnings"), period.change("current_year_net_income")],
        [period.flows.figure("net_income")],
    )


def _moved(period: Period, label: str, sign: int) -> Figure:
    """The movements of one sign, account by account, as a positive amount."""
    opening = period.opening
    if opening is None:
        return unknown(label, OPENING_NEEDED)
    missing = (*period.closing.figure(CAPITAL_LINE).missing, *opening.figure(CAPITAL_LINE).missing)
    if missing:
        return unknown(label, *missing)
    before, after = _accounts(opening), _accounts(period.closing)
    amount = ZERO
    for number in sorted(before.keys() | after.keys()):
        movement = ARITHMETIC.subtract(after.get(number, ZERO), before.get(number, ZERO))
        if movement * sign > 0:
            amount = ARITHMETIC.add(amount, ARITHMETIC.abs(movement))
    return Figure(label, amount)


def _accounts(position: Position) -> dict[str, Decimal]:
    """The capital accounts by number; what the line holds beside them counts as one more account."""
    accounts = dict(position.capital)
    rest = position.lines[CAPITAL_LINE]
    for amount in accounts.values():
        rest = ARITHMETIC.subtract(rest, amount)
    return {**accounts, "": rest}
