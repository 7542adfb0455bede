"""Rates of exchange: what a unit of a foreign currency is worth, in millionths of the base currency."""

from datetime import date

BASE = "USD"
_FIRST_RATES = {"EUR": 1_084_300, "GBP": 1_271_900}
"""Every rate is above one, so that whole foreign cents come back from the base amount exactly."""


def rate_on(currency: str, day: date) -> int:
    """The rate of a day: it moves from month to month within four percent."""
    if currency == BASE:
        return 1_000_000
    step = (day.year * 12 + day.month) * 7 % 17 - 8
    return _FIRST_RATES[currency] * (1000 + 5 * step) // 1000


def to_base(foreign: int, rate: int) -> int:
    """Foreign cents in cents of the base currency, rounded half up away from nothing."""
    return _rounded(foreign * rate, 1_000_000)


def to_currency(cents: int, rate: int) -> int:
    """Cents of the base currency in foreign cents, rounded in the same way."""
    return _rounded(cents * 1_000_000, rate)


def _rounded(dividend: int, divisor: int) -> int:
    whole = (2 * abs(dividend) + divisor) // (2 * divisor)
    return whole if dividend >= 0 else -whole
