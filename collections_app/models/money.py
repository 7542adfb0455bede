"""Exact money in every database."""

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

CENT = Decimal("0.01")
MOST_DIGITS = 34
# The usual arithmetic keeps 28 digits and would round the longest amounts without a word.
EXACT = Context(prec=MOST_DIGITS)

if TYPE_CHECKING:
    DecimalField = models.DecimalField[Decimal | int, Decimal]
else:
    DecimalField = models.DecimalField


def plain(amount: Decimal) -> Decimal:
    """The same amount with two places where two are enough, and no trailing zeros beyond them."""
    in_cents = amount.quantize(CENT, context=EXACT)
    return in_cents if in_cents == amount else amount.normalize(EXACT)


class MoneyField(DecimalField):
    """A decimal amount that comes back as it went in.

    SQLite keeps Django's own decimal columns as binary fractions and loses digits after the fifteenth; here
    the column is text there, and `numeric` elsewhere. Amounts are therefore never summed by the database. Ten
    places after the point, because the gateway may print more than cents.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": MOST_DIGITS, "decimal_places": 10} | kwargs)

    def get_internal_type(self) -> str:
        return "MoneyField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return (
            "text" if connection.vendor == "sqlite" else f"numeric({self.max_digits}, {self.decimal_places})"
        )

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        return None if value is None else plain(Decimal(value))
