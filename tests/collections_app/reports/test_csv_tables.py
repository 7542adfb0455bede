"""The CSV tables: complete, exact, and harmless when a spreadsheet opens them."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.reports.build import Reports, build
from collections_app.reports.checks.check import Evidence
from collections_app.reports.csv_tables import CsvStream, Table, harmless, write_csv
from collections_app.reports.report_tables import tables
from collections_app.reports.wording import plain
from tests.collections_app.reports.cast import CASH, CHART, small_books
from tests.collections_app.reports.company_books import company_books
from tests.collections_app.reports.subledger_cast import invoice, subledger

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


def csv_rows(table: Table) -> list[list[str]]:
    file = io.StringIO(newline="")
    write_csv(table, file)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


def table_of(reports: Reports, name: str) -> list[dict[str, str]]:
    table = next(table for table in tables(reports) if table.name == name)
    header, *rows = csv_rows(table)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def generated(small_company: Path) -> Reports:
    return build(company_books(small_company, date(2025, 7, 1), date(2026, 6, 30)))


def test_there_is_one_table_for_each_statement() -> None:
    names = [table.name for table in tables(build(small_books()))]
    assert names[:4] == ["balance_sheet", "income_statement", "cash_flow", "changes_in_equity"]
    assert names[-4:] == ["trial_balance", "chart_of_accounts", "checks", "check_evidence"]
    assert len(names) == len(set(names))


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


def test_only_what_was_asked_for_has_a_table() -> None:
    books = replace(small_books(), wanted=frozenset({"balance_sheet"}))
    names = [table.name for table in tables(build(books))]
    assert names == [
        "balance_sheet",
        "balance_sheet_quarters",
        "balance_sheet_fiscal_years",
        "balance_sheet_year_to_date",
        "vertical_analysis",
        "chart_of_accounts",
        "checks",
        "check_evidence",
    ]


def test_the_ledger_leads_from_each_opening_balance_to_the_closing_one(generated: Reports) -> None:
    rows = table_of(generated, "general_ledger")
    balance = Decimal(0)
    for row in rows:
        if row["row"] == "opening":
            balance = Decimal(row["balance"])
        else:
            balance += Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
            assert balance == Decimal(row["balance"]), row
    assert {row["row"] for row in rows} >= {"opening", "line", "closing"}


def test_open_documents_and_the_aging_have_one_total(generated: Reports) -> None:
    documents = table_of(generated, "receivable_documents")
    open_documents = sum(Decimal(row["open_at_period_end"] or 0) for row in documents)
    aging = [row for row in table_of(generated, "ar_aging") if row["as_of"] == "2026-06-30"]
    owed = sum(Decimal(row["total"]) - Decimal(row["unapplied"]) for row in aging)
    assert owed == open_documents
    assert len(documents) == len(generated.receivables.subledger.documents)  # type: ignore[union-attr]


def test_the_agings_are_there_for_every_party_at_every_month_end(generated: Reports) -> None:
    side = generated.receivables
    assert side is not None
    for name, agings in (("ar_aging", side.by_due_date), ("ar_aging_by_invoice_date", side.by_invoice_date)):
        assert len(agings) == 12
        rows = table_of(generated, name)
        assert [row["as_of"] for row in rows] == [
            aging.as_of.isoformat() for aging in agings for _ in aging.rows
        ]
        for aging in agings:
            of_day = [row for row in rows if row["as_of"] == aging.as_of.isoformat()]
            assert sum(Decimal(row["total"]) for row in of_day) == aging.total
            for bucket, total in zip(aging.method.buckets, aging.totals, strict=True):
                assert sum(Decimal(row[bucket]) for row in of_day) == total


def test_agings_by_currency_are_in_the_currency_of_the_documents() -> None:
    day = date(2024, 1, 10)
    records = (
        invoice(1, "110.00", day, currency="EUR", transaction_amount=Decimal("100.00")),
        invoice(2, "50.00", day, currency="USD", party="C2"),
        invoice(3, "25.00", day, party="C3"),
    )
    reports = build(replace(small_books(), receivables=subledger(*records, currency="USD")))
    rows = table_of(reports, "ar_aging_by_currency")
    assert [(row["as_of"], row["currency"], row["party"], row["total"]) for row in rows] == [
        ("2024-01-31", "EUR", "C1", "100.00"),
        ("2024-01-31", "USD", "C2", "50.00"),
        ("2024-01-31", "USD", "C3", "25.00"),
    ]
    assert [row["total"] for row in table_of(reports, "ar_aging")] == ["110.00", "50.00", "25.00"]
    assert "ar_aging_by_currency" in [table.name for table in tables(reports)]
    unwanted = replace(reports, wanted=frozenset({"balance_sheet"}))
    assert not [table.name for table in tables(unwanted) if table.name.startswith("ar_aging")]


def test_the_evidence_of_a_check_is_a_row_for_each_place() -> None:
    evidence = (
        Evidence("account 1000", Decimal("560.00"), Decimal("559.00"), Decimal("-1.00"), "Look there."),
        Evidence("account 2000"),
    )
    reports = build(small_books())
    sound = tuple(replace(check, evidence=()) for check in reports.checks)
    made = replace(reports, checks=(*sound, replace(sound[0], id="R99", evidence=evidence)))
    known = {
        "id": "R99",
        "place": "account 1000",
        "expected": "560.00",
        "actual": "559.00",
        "difference": "-1.00",
        "note": "Look there.",
    }
    unknown = dict.fromkeys(known, "") | {"id": "R99", "place": "account 2000"}
    assert table_of(made, "check_evidence") == [known, unknown]


def test_a_table_read_as_a_stream_is_the_file_that_is_written(generated: Reports) -> None:
    streamed = {table.name: CsvStream(table) for table in tables(generated)}
    for table in tables(generated):
        text = io.StringIO(newline="")
        write_csv(table, text)
        assert io.BufferedReader(streamed[table.name]).read() == text.getvalue().encode()


def test_what_is_not_known_is_empty_and_never_zero() -> None:
    ratios = table_of(build(small_books()), "ratios")
    unknown = [row for row in ratios if row["status"] != "value"]
    assert unknown
    assert {row["value"] for row in unknown} == {""}
    assert plain(Decimal("560")) in {row["numerator_amount"] for row in ratios}
