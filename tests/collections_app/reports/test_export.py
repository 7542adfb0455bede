import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from collections_app.reports.books import EntityBooks
from collections_app.reports.build import build
from collections_app.reports.export import statements_json
from collections_app.reports.figures import Scope
from collections_app.reports.wording import clean, moment, plain
from tests.collections_app.reports.cast import CASH, CHART, small_books
from tests.collections_app.reports.conftest import MapleBooks

STATEMENTS = ["balance_sheet", "income_statement", "cash_flow", "changes_in_equity"]


def document(**changes: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(statements_json(build(small_books(**changes))))
    return loaded


def walk(value: Any) -> Iterator[Any]:
    yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from walk(part)


def test_statements_json_states_what_every_report_states() -> None:
    stated = {key: value for key, value in document().items() if not isinstance(value, list)}
    for name in (*STATEMENTS, "mapped", "ratios", "spread"):
        del stated[name]
    assert stated == {
        "attestation": None,
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
        "statement_line": "cash_and_equivalents",
        "remark": "Placed by its category.",
        "cash_flow_class": "cash",
        "cash_flow_remark": "Placed by its category.",
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
    assert not {"ar_aging", "ap_aging", "concentration", "consolidation_bridges"} & document().keys()


def test_every_line_has_a_value_for_each_column_and_a_key_of_its_own() -> None:
    for name in STATEMENTS:
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


def test_a_time_for_people_names_its_zone() -> None:
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert moment(noon) == "2026-03-02 12:00 UTC"
    eastern = timezone(timedelta(hours=-5), "EST")
    assert moment(noon.astimezone(eastern)) == "2026-03-02 07:00 EST (UTC-05:00)"
    assert moment(noon.astimezone(timezone(timedelta(hours=5, minutes=30)))) == "2026-03-02 17:30 UTC+05:30"


def test_statements_of_other_periods_stand_under_a_key_of_their_own(maple_books: MapleBooks) -> None:
    loaded = json.loads(statements_json(build(maple_books(date(2020, 1, 1), date(2020, 12, 31)))))
    sets = {each["key"]: each for each in loaded["period_sets"]}
    assert list(sets) == ["quarters", "fiscal_years", "year_to_date", "trailing_twelve_months"]
    first = sets["quarters"]["periods"][0]
    assert first == {
        "key": "2020-01-01 to 2020-02-29",
        "label": "1 Jan–29 Feb 2020, part of Q4",
        "from": "2020-01-01",
        "to": "2020-02-29",
        "complete": False,
    }
    for each in sets.values():
        for name in STATEMENTS:
            assert {len(line["values"]) for line in each[name]["lines"]} == {len(each[name]["columns"])}
    income = {line["key"]: line["values"] for line in sets["quarters"]["income_statement"]["lines"]}
    assert income["net_income"][-1] == "369541.45"


def test_the_bridge_of_a_group_is_told_line_by_line() -> None:
    books = small_books()
    entity = EntityBooks(Scope("entity", "E1", "East"), "USD", books.months)
    loaded = json.loads(statements_json(build(replace(books, entities=(entity,)))))
    assert "consolidation_bridges" not in document()
    bridge = loaded["consolidation_bridges"][0]
    assert bridge["entities"] == [{"id": "E1", "name": "East", "currency": "USD"}]
    assert (bridge["statement"], bridge["is_proof"]) == ("balance_sheet", True)
    assert bridge["lines"][0] == {
        "key": "cash_and_equivalents",
        "label": "Cash and cash equivalents",
        "level": 3,
        "entities": ["560.00"],
        "sum": "560.00",
        "eliminations": "0.00",
        "translation": "0.00",
        "book": "560.00",
        "residual": "0.00",
    }
