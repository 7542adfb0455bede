from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.analysis.comparison import (
    against_last_year,
    against_previous,
    common_size,
    common_size_of,
    own_totals,
    percent_of,
)
from collections_app.reports.analysis.json_form import common_size_json, comparison_json
from collections_app.reports.statement import Column, Line, Statement


def numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def month(year: int, number: int, last: int) -> Column:
    return Column(f"{year}-{number:02}", "", date(year, number, 1), date(year, number, last))


INCOME = Statement(
    "income_statement",
    "Income statement",
    (
        month(2023, 2, 28),
        month(2024, 1, 31),
        month(2024, 2, 29),
        Column("2024-03-01 to 2024-03-15", "", date(2024, 3, 1), date(2024, 3, 15)),
        Column("total", "Total", date(2023, 2, 1), date(2024, 3, 15)),
    ),
    (
        Line("operating_expenses", "Operating expenses", 2, "heading"),
        Line("revenue", "Revenue", 2, "line", numbers("80", "100", "120", "50", "350")),
        Line("other_income", "Other income", 2, "line", numbers("0", "0", "5", "0", "5")),
        Line("net_income", "Net income", 1, "grand_total", numbers("-10", "-20", "30", "25", "25")),
    ),
)
SHEET = Statement(
    "balance_sheet",
    "Balance sheet",
    (Column("2023-12-31", "", None, date(2023, 12, 31)), Column("2024-12-31", "", None, date(2024, 12, 31))),
    (
        Line("assets", "Assets", 1, "heading"),
        Line("cash_and_equivalents", "Cash", 3, "line", numbers("50", "80")),
        Line("accumulated_depreciation", "Less depreciation", 3, "line", numbers("-10", "-20")),
        Line("total_assets", "Total assets", 1, "grand_total", numbers("200", "160")),
        Line("accounts_payable", "Payables", 3, "line", numbers("30", "40")),
        Line("total_liabilities", "Total liabilities", 1, "total", numbers("60", "0")),
        Line("paid_in_capital", "Paid-in capital", 2, "line", numbers("140", "160")),
        Line("total_equity", "Total equity", 1, "total", numbers("140", "160")),
        Line("total_liabilities_and_equity", "Both", 1, "grand_total", numbers("200", "160")),
    ),
)


def test_each_month_is_set_against_the_one_before_it_and_no_other_span() -> None:
    found = against_previous(INCOME)
    assert [(now.key, then.key) for now, then in found.columns] == [("2024-02", "2024-01")]
    heading, revenue, other, net = found.lines
    assert heading.changes == ()
    assert (revenue.changes[0].amount, revenue.changes[0].percent.display) == (Decimal(20), "20.0%")
    assert (other.changes[0].amount, other.changes[0].percent.display) == (Decimal(5), "n/m")
    assert other.changes[0].percent.reason == "The base is zero."
    assert (net.changes[0].amount, net.changes[0].percent.reason) == (Decimal(50), "The base is negative.")


def test_a_month_is_set_against_the_same_month_of_last_year() -> None:
    found = against_last_year(INCOME)
    assert [(now.key, then.key) for now, then in found.columns] == [("2024-02", "2023-02")]
    assert found.lines[1].changes[0].percent.value == 50


def test_balance_sheets_are_set_against_the_one_to_the_left_and_of_last_year() -> None:
    for found in (against_previous(SHEET), against_last_year(SHEET)):
        assert [(now.key, then.key) for now, then in found.columns] == [("2024-12-31", "2023-12-31")]
        assert (found.lines[1].changes[0].amount, found.lines[1].changes[0].percent.value) == (
            Decimal(30),
            Decimal(60),
        )
        assert found.lines[2].changes[0].percent.display == "n/m"


def test_common_size_is_of_total_assets_or_of_net_sales() -> None:
    sheet = common_size(SHEET, "total_assets")
    assert [share.display for share in sheet.lines[1].shares] == ["25.0%", "50.0%"]
    assert [share.display for share in sheet.lines[2].shares] == ["-5.0%", "-12.5%"]
    assert sheet.lines[0].shares == ()
    income = common_size(INCOME, "revenue")
    assert [share.display for share in income.lines[3].shares][:2] == ["-12.5%", "-20.0%"]


def test_common_size_may_be_of_net_income_where_there_is_one() -> None:
    shares = common_size(INCOME, "net_income").lines[1].shares
    assert [share.display for share in shares] == ["n/m", "n/m", "400.0%", "200.0%", "1,400.0%"]


def test_common_size_may_be_of_each_blocks_own_total() -> None:
    shares = {line.key: line for line in common_size(SHEET, own_totals(SHEET)).lines}
    assert shares["accounts_payable"].base == "total_liabilities"
    assert [share.display for share in shares["accounts_payable"].shares] == ["50.0%", "n/m"]
    assert shares["paid_in_capital"].base == "total_equity"
    assert [share.display for share in shares["paid_in_capital"].shares] == ["100.0%", "100.0%"]
    assert shares["cash_and_equivalents"].base == "total_assets"


def test_common_size_may_be_of_amounts_from_another_statement() -> None:
    found = common_size_of(INCOME, "net_sales", numbers("100", "100", "100", "0", "100"))
    assert (found.lines[0].shares, found.lines[1].base) == ((), "net_sales")
    assert [share.display for share in found.lines[1].shares] == [
        "80.0%",
        "100.0%",
        "120.0%",
        "n/m",
        "350.0%",
    ]
    with pytest.raises(ValueError, match="shorter"):
        common_size_of(INCOME, "net_sales", numbers("100"))


def test_a_base_that_is_no_line_is_refused() -> None:
    with pytest.raises(KeyError, match="net_sales"):
        common_size(INCOME, "net_sales")


def test_percentages_round_half_up_for_people_and_never_show_minus_zero() -> None:
    assert percent_of(Decimal("12.25"), Decimal(100)).display == "12.3%"
    assert percent_of(Decimal("-0.01"), Decimal(100)).display == "0.0%"


def test_both_analyses_have_a_form_for_machines() -> None:
    horizontal = comparison_json(against_previous(INCOME))
    assert horizontal["columns"] == [{"column": "2024-02", "against": "2024-01"}]
    assert horizontal["lines"][0] == {"key": "revenue", "changes": [{"amount": "20.00", "percent": "20.00"}]}
    assert horizontal["lines"][1]["changes"] == [{"amount": "5.00", "percent": None}]
    vertical = common_size_json(common_size(SHEET, "total_assets"))
    assert vertical["columns"] == ["2023-12-31", "2024-12-31"]
    assert vertical["lines"][0] == {
        "key": "cash_and_equivalents",
        "base": "total_assets",
        "percent": ["25.00", "50.00"],
    }
