from decimal import Decimal

import pytest

from collections_app.reports.desk.tables import figure


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "–"),
        ("-0.00", "–"),
        ("1234567.8", "1,234,567.80"),
        ("-1234.5", "(1,234.50)"),
        ("0.005", "0.005"),
        ("123456789012345678.91", "123,456,789,012,345,678.91"),
    ],
)
def test_an_amount_is_never_rounded_and_a_negative_one_is_in_brackets(amount: str, shown: str) -> None:
    assert figure(Decimal(amount)) == shown
