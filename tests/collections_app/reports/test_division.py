"""Amounts are divided in one place, and exactly everywhere else."""

from decimal import Decimal, localcontext

from collections_app.reports.division import percent, quotient, share
from collections_app.reports.exactness import EXACT


def test_quotients_are_rounded_half_up_at_their_last_place() -> None:
    assert quotient(Decimal(1), Decimal(8), 2) == Decimal("0.13")
    assert quotient(Decimal(-1), Decimal(8), 2) == Decimal("-0.13")
    assert percent(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert share(Decimal("10.10"), Decimal("2.5")) == Decimal("0.25")


def test_nothing_is_divided_by_zero() -> None:
    assert quotient(Decimal(1), Decimal(0), 2) is None
    assert percent(Decimal(0), Decimal(0)) is None


def test_a_quotient_is_the_only_thing_that_may_be_inexact() -> None:
    with localcontext(EXACT):
        assert quotient(Decimal(2), Decimal(3), 4) == Decimal("0.6667")
        assert share(Decimal("0.01"), Decimal("33.33")) == 0
