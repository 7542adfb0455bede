import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from collections_app.reports.build import build
from collections_app.reports.export import Table, harmless, statements_json, tables, write_csv
from collections_app.reports.wording import clean, moment, plain
from tests.collections_app.reports.cast import CASH, CHART, small_books
from tests.collections_app.reports.conftest import MapleBooks

HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+1+1",
    "-1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM",
]
HARMLESS = ["00123", "1e5", "-100.00", "+100", "https://example.com/?a=1", "a=1", "", "'", "7-Eleven"]


def document(**changes: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(statements_json(build(small_books(**changes))))
    return loaded


def csv_rows(table: Table) -> list[list[str]]:
    file = io.StringIO(newline="")
    write_csv(table, file)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


def walk(value: Any) -> Iterator[Any]:
    yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from walk(part)


def test_statements_json_states_what_every_report_states() -> None:
    stated = {key: value for key, value in document().items() if not isinstance(value, list)}
    del stated["balance_sheet"], stated["income_statement"]
    assert stated == {
        "schema": 1,
        "reference": "C-2026-0042",
        "lender": "Harbour Bank",
        "borrower": "Juniper Works",
        "company": {"id": "JUNIPER", "name": "Juniper Works Inc."},
        "scope": {"kind": "company", "id": "", "name": "Juniper Works Inc."},
        "basis": "accrual",
        "currency": "USD",
        "from": "2024-01-01",
        "to": "2024-01-31",
        "first_fiscal_month": 1,
        "collected_at": "2026-03-02T09:15:00Z",
        "source": "Sage Intacct, api.intacct.com",
    }


def test_accounts_rows_and_lines_have_exactly_their_promised_keys() -> None:
    loaded = document()
    assert loaded["accounts"][0] == {
        "number": "1000",
        "title": "Cash",
        "type": "balancesheet",
        "normal_balance": "debit",
        "category": "Cash and Cash Equivalents",
        "category_source": "intacct",
    }
    assert loaded["trial_balance"][0]["start"] == "2024-01-01"
    assert loaded["trial_balance"][0]["end"] == "2024-01-31"
    assert loaded["trial_balance"][0]["rows"][0] == {
        "account": "1000",
        "opening": "500.00",
        "debits": "100.00",
        "credits": "40.00",
        "adjusting_debits": "0.00",
        "adjusting_credits": "0.00",
        "closing": "560.00",
    }
    assert loaded["income_statement"]["columns"] == ["2024-01", "total"]
    assert loaded["balance_sheet"]["columns"] == ["2024-01-31"]
    assert loaded["income_statement"]["lines"][0] == {
        "key": "revenue",
        "label": "Revenue",
        "level": 2,
        "values": ["100.00", "100.00"],
    }


def test_what_is_not_built_is_absent() -> None:
    assert not {"cash_flow", "ar_aging", "ap_aging", "checks"} & document().keys()


def test_every_line_has_a_value_for_each_column_and_a_key_of_its_own() -> None:
    for name in ("balance_sheet", "income_statement"):
        statement = document()[name]
        assert {len(line["values"]) for line in statement["lines"]} == {len(statement["columns"])}
        keys = [line["key"] for line in statement["lines"]]
        assert len(keys) == len(set(keys))


def test_no_amount_is_a_float_or_has_an_exponent(maple_books: MapleBooks) -> None:
    loaded = json.loads(statements_json(build(maple_books(date(2020, 1, 1), date(2020, 12, 31)))))
    assert not [value for value in walk(loaded) if isinstance(value, float)]
    for month in loaded["trial_balance"]:
        for row in month["rows"]:
            for name, amount in row.items():
                if name != "account":
                    assert amount == plain(Decimal(amount)), row
    assert len(loaded["trial_balance"][0]["rows"]) == len(loaded["accounts"]) == 71


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("-0.00", "0.00"),
        ("0E-8", "0.00"),
        ("1E+3", "1000.00"),
        ("1.5", "1.50"),
        ("-1.500", "-1.50"),
        ("1.005", "1.005"),
        ("-0.0010", "-0.001"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("100", "100.00"),
        ("1E-7", "0.0000001"),
    ],
)
def test_amounts_are_written_in_full(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


def test_the_same_books_give_the_same_bytes() -> None:
    books = small_books()
    shuffled = replace(books, accounts=tuple(reversed(books.accounts)))
    assert statements_json(build(books)) == statements_json(build(shuffled))
    local = books.heading.collected_at.astimezone(timezone(timedelta(hours=-5)))
    assert statements_json(build(small_books(collected_at=local))) == statements_json(build(books))


def test_unassigned_accounts_are_listed_with_the_reason() -> None:
    loaded = document(accounts=(replace(CASH, category="Rent Expense"), *CHART[1:]))
    assert loaded["unassigned"] == [
        {
            "account": "1000",
            "reason": "Its category belongs to the other statement than its account type.",
        }
    ]


def test_text_that_no_file_can_carry_becomes_the_replacement_character() -> None:
    hostile = replace(CASH, title="a\x00b\ud800c")
    reports = build(small_books(accounts=(hostile, *CHART[1:]), borrower="\udfffJuniper"))
    loaded = json.loads(statements_json(reports).decode("utf-8"))
    assert loaded["accounts"][0]["title"] == "a\ufffdb\ufffdc"
    assert loaded["borrower"] == "\ufffdJuniper"
    assert clean("tab\tand\r\nline ends stay, \u00e9 and \U0001f600 too") == (
        "tab\tand\r\nline ends stay, \u00e9 and \U0001f600 too"
    )


def test_there_is_one_table_for_each_statement() -> None:
    names = [table.name for table in tables(build(small_books()))]
    assert names == ["balance_sheet", "income_statement", "trial_balance", "chart_of_accounts"]


def test_a_csv_has_its_header_first_and_ends_lines_as_the_standard_says() -> None:
    file = io.StringIO(newline="")
    write_csv(next(tables(build(small_books()))), file)
    first, second, *_ = file.getvalue().split("\r\n")
    assert first == "key,label,level,2024-01-31"
    assert second == "cash_and_equivalents,Cash and cash equivalents,3,560.00"
    assert file.getvalue().endswith("\r\n")


def test_the_trial_balance_csv_has_every_account_of_every_month() -> None:
    table = [table for table in tables(build(small_books())) if table.name == "trial_balance"][0]
    rows = csv_rows(table)
    assert rows[0][:4] == ["start", "end", "account", "title"]
    assert rows[1][:4] == ["2024-01-01", "2024-01-31", "1000", "Cash"]
    assert rows[1][4:] == ["500.00", "100.00", "40.00", "0.00", "0.00", "560.00"]
    assert len(rows) == 1 + len(CHART)


def test_the_chart_csv_says_where_each_account_stands_and_why() -> None:
    table = [table for table in tables(build(small_books())) if table.name == "chart_of_accounts"][0]
    rows = [dict(zip(table.header, row, strict=True)) for row in csv_rows(table)[1:]]
    assert rows[0]["statement_line"] == "cash_and_equivalents"
    assert rows[1]["remark"] == "Retained earnings, because other accounts close to it."


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    reports = build(small_books(accounts=(replace(CASH, title=text), *CHART[1:])))
    table = [table for table in tables(reports) if table.name == "chart_of_accounts"][0]
    assert csv_rows(table)[1][1] == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_numbers_and_ordinary_text_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_time_for_people_names_its_zone() -> None:
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert moment(noon) == "2026-03-02 12:00 UTC"
    eastern = timezone(timedelta(hours=-5), "EST")
    assert moment(noon.astimezone(eastern)) == "2026-03-02 07:00 EST (UTC-05:00)"
    assert moment(noon.astimezone(timezone(timedelta(hours=5, minutes=30)))) == "2026-03-02 17:30 UTC+05:30"
