"""The one place where amounts are divided, because a quotient alone among our figures may need rounding."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

_CONTEXT = Context(prec=50, rounding=ROUND_HALF_EVEN)


def quotient(numerator: Decimal, denominator: Decimal, places: int) -> Decimal | None:
    """The quotient rounded half up to so many places; None where nothing can be divided by."""
    if not denominator:
        return None
    exact = _CONTEXT.divide(numerator, denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_CONTEXT)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """What part of the whole it is, in percent with two places; None where the whole is zero."""
    return quotient(part.scaleb(2, context=_CONTEXT), whole, 2)


def share(amount: Decimal, percentage: Decimal) -> Decimal:
    """So many percent of an amount, rounded half up to the cent."""
    part = _CONTEXT.multiply(amount, percentage).scaleb(-2, context=_CONTEXT)
    return part.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP, context=_CONTEXT)
