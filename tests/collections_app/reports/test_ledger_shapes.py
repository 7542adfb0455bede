"""Ledgers of every shape, from books to workbook, tables and JSON: given out whole, or refused in words."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from collections_app.reports.books import Books
from collections_app.reports.build import build
from collections_app.reports.consistency import AccountRepeated, AccountUnclear, BooksRefused, MonthMissing
from collections_app.reports.csv_tables import write_csv
from collections_app.reports.export import statements_json
from collections_app.reports.figures import Account, MonthlyTrialBalance, TrialBalanceRow
from collections_app.reports.periods import month_end
from collections_app.reports.report_tables import tables
from tests.collections_app.reports.cast import CASH, CHART, JANUARY, RENT, SALES, row, small_books
from tests.collections_app.reports.listed_journal import ListedJournal
from tests.collections_app.reports.subledger_cast import invoice, subledger
from tests.collections_app.reports.test_workbook import find_row, foreign_cells, read_back, sheet_rows

LONG = "Long name, \u00fcber all " + "x" * 235
NO_RECEIVABLES = subledger(currency="USD")


def books(*rows: TrialBalanceRow, accounts: tuple[Account, ...] = CHART, **heading: Any) -> Books:
    made = small_books(accounts=accounts, **heading)
    return replace(made, months=(replace(JANUARY, rows=rows),))


def with_period_thirteen() -> Books:
    """Twelve months, and what was posted to the adjusting period that follows the last of them."""
    months = [
        MonthlyTrialBalance(date(2024, month, 1), month_end(date(2024, month, 1)), ())
        for month in range(1, 13)
    ]
    adjusted = (
        TrialBalanceRow("1000", credits=Decimal(0), adjusting_credits=Decimal(40), closing=Decimal(-40)),
        TrialBalanceRow("6000", adjusting_debits=Decimal(40), closing=Decimal(40)),
    )
    months[-1] = replace(months[-1], rows=adjusted)
    return replace(small_books(date_to=date(2024, 12, 31)), months=tuple(months))


def with_deleted_customer() -> Books:
    """A customer who still owes, but is no longer in the list of customers."""
    owed = replace(
        subledger(invoice(1, "75.00", date(2024, 1, 5), party="C-GONE"), currency="USD"), parties={}
    )
    return replace(small_books(), receivables=owed)


def with_long_names() -> Books:
    accounts = (replace(CASH, title=LONG), *CHART[1:])
    owed = subledger(invoice(1, "75.00", date(2024, 1, 5)), names={"C1": LONG}, currency="USD")
    made = small_books(accounts=accounts, borrower=LONG, lender=LONG, company_name=LONG, reference=LONG)
    return replace(made, receivables=owed)


SHAPES: dict[str, Callable[[], Books]] = {
    "empty company": lambda: replace(books(), journal=ListedJournal([]), receivables=NO_RECEIVABLES),
    "one line": lambda: books(row("1000", "0", "5"), row("4000", "0", "0", "5")),
    "no accounts": lambda: books(accounts=()),
    "figures without a chart": lambda: books(row("1", "0", "9"), row("2", "0", "0", "9"), accounts=()),
    "unbalanced": lambda: books(row("1000", "500", "7"), row("3000", "-500")),
    "other currency": lambda: small_books(currency="EUR"),
    "thirteen periods": with_period_thirteen,
    "long names": with_long_names,
    "deleted customer": with_deleted_customer,
}


@dataclass(frozen=True)
class GivenOut:
    """What people and programs get."""

    document: dict[str, Any]
    tables: dict[str, list[dict[str, str]]]
    workbook: Workbook

    def check(self, key: str) -> tuple[str, str, str]:
        """The outcome of a check by JSON, table and workbook."""
        of_json = next(check for check in self.document["checks"] if check["id"] == key)
        of_table = next(check for check in self.tables["checks"] if check["id"] == key)
        return of_json["outcome"], of_table["outcome"], str(find_row(self.workbook["Checks"], key)[2]).lower()

    def lines(self, statement: str) -> dict[str, list[str]]:
        return {line["key"]: line["values"] for line in self.document[statement]["lines"]}


def given_out(made: Books) -> GivenOut:
    reports = build(made)
    found = {}
    for table in tables(reports):
        file = io.StringIO(newline="")
        write_csv(table, file)
        header, *rows = csv.reader(io.StringIO(file.getvalue(), newline=""))
        found[table.name] = [dict(zip(header, values, strict=True)) for values in rows]
    return GivenOut(json.loads(statements_json(reports)), found, read_back(reports))


@pytest.fixture(scope="module")
def shapes() -> dict[str, GivenOut]:
    return {name: given_out(made()) for name, made in SHAPES.items()}


def figures(given: GivenOut) -> Iterator[tuple[Any, ...]]:
    """The last figure of the lines that sum a statement up: by JSON, by table and by workbook."""
    for statement, sheet, key, label in (
        ("balance_sheet", "Balance sheet", "total_assets", "Total assets"),
        ("income_statement", "Income statement", "net_income", "Net income"),
    ):
        table = next(each for each in given.tables[statement] if each["key"] == key)
        yield (
            Decimal(given.lines(statement)[key][-1]),
            Decimal(list(table.values())[-1]),
            Decimal(str(find_row(given.workbook[sheet], label)[-1])),
        )


@pytest.mark.parametrize("name", SHAPES)
def test_workbook_tables_and_json_tell_the_same(shapes: dict[str, GivenOut], name: str) -> None:
    given = shapes[name]
    for of_json, of_table, of_workbook in figures(given):
        assert of_json == of_table == of_workbook
    assert foreign_cells(given.workbook) == []
    assert len(given.tables["checks"]) == len(given.document["checks"]) == 20
    assert len(given.tables["chart_of_accounts"]) == len(given.document["accounts"])
    assert {"Checks", "Trial balance", "Chart of accounts"} <= set(given.workbook.sheetnames)


@pytest.mark.parametrize("name", ["empty company", "no accounts"])
def test_a_company_without_figures_has_statements_of_zero_and_a_check_that_asks_whether_it_is_the_right_one(
    shapes: dict[str, GivenOut], name: str
) -> None:
    given = shapes[name]
    assert {value for line in given.lines("balance_sheet").values() for value in line} == {"0.00"}
    (failing,) = [check for check in given.document["checks"] if check["outcome"] == "fail"]
    assert (failing["id"], *given.check("C5")) == ("C5", "fail", "fail", "fail")
    assert "returned no figures at all" in failing["sentence"]


def test_an_empty_company_has_an_aging_of_nothing(shapes: dict[str, GivenOut]) -> None:
    given = shapes["empty company"]
    assert given.document["ar_aging"]["rows"] == given.tables["ar_aging"] == []
    assert given.document["ar_aging"]["total"] == "0.00"
    assert "Receivables aging" in given.workbook.sheetnames


def test_one_line_is_in_both_statements(shapes: dict[str, GivenOut]) -> None:
    given = shapes["one line"]
    assert given.lines("balance_sheet")["total_assets"] == ["5.00"]
    assert given.lines("income_statement")["net_income"] == ["5.00", "5.00"]


def test_figures_without_a_chart_are_shown_as_unassigned_with_a_failing_check(
    shapes: dict[str, GivenOut],
) -> None:
    given = shapes["figures without a chart"]
    assert [each["account"] for each in given.document["unassigned"]] == ["1", "2"]
    assert given.check("C2") == ("fail", "fail", "fail")


def test_an_unbalanced_ledger_fails_its_check_and_shows_the_difference(shapes: dict[str, GivenOut]) -> None:
    given = shapes["unbalanced"]
    assert given.check("R1") == ("fail", "fail", "fail")
    evidence = [each for each in given.tables["check_evidence"] if each["id"] == "R1"]
    assert {each["place"]: each["difference"] for each in evidence} == {
        "Jan 2024, credits less debits": "-7.00",
        "Jan 2024, sum of closing balances": "7.00",
    }
    assert given.lines("balance_sheet")["total_assets"] == ["507.00"]
    assert "Accounting equation" in str(find_row(given.workbook["Checks"], "R3")[1])
    assert given.check("R3")[0] == "fail"


def test_another_currency_is_named_everywhere_and_its_paper_is_used(shapes: dict[str, GivenOut]) -> None:
    given = shapes["other currency"]
    assert given.document["currency"] == "EUR"
    sheet = given.workbook["Balance sheet"]
    assert find_row(sheet, "Amounts in EUR")
    assert sheet.page_setup.paperSize == 9
    assert shapes["one line"].workbook["Balance sheet"].page_setup.paperSize == 1


def test_the_thirteenth_period_is_in_the_last_month_and_in_columns_of_its_own(
    shapes: dict[str, GivenOut],
) -> None:
    given = shapes["thirteen periods"]
    assert given.lines("income_statement")["net_income"][-2:] == ["-40.00", "-40.00"]
    adjusted = [each for each in given.tables["trial_balance"] if each["adjusting_debits"] != "0.00"]
    assert [(each["end"], each["account"]) for each in adjusted] == [("2024-12-31", "6000")]
    assert given.lines("balance_sheet")["total_assets"][-1] == "-40.00"


def test_names_of_255_characters_are_whole_everywhere(shapes: dict[str, GivenOut]) -> None:
    assert len(LONG) == 255
    given = shapes["long names"]
    assert given.document["borrower"] == given.document["accounts"][0]["title"] == LONG
    assert given.tables["chart_of_accounts"][0]["title"] == LONG
    assert [each["name"] for each in given.tables["ar_aging"]] == [LONG]
    assert LONG in {each[1] for each in sheet_rows(given.workbook["Chart of accounts"])}
    assert LONG in {each[1] for each in sheet_rows(given.workbook["Receivables aging"])}


def test_what_a_deleted_customer_owes_is_named_by_the_customers_id(shapes: dict[str, GivenOut]) -> None:
    given = shapes["deleted customer"]
    (of_json,) = given.document["ar_aging"]["rows"]
    (of_table,) = given.tables["ar_aging"]
    (by_currency,) = given.tables["ar_aging_by_currency"]
    for each in (of_json, of_table, by_currency):
        assert (each["party"], each["name"], each["total"]) == ("C-GONE", "C-GONE", "75.00")
    assert find_row(given.workbook["Receivables aging"], "C-GONE")[1] == "C-GONE"
    (document,) = given.tables["receivable_documents"]
    assert (document["name"], document["open_at_period_end"]) == ("C-GONE", "75.00")


def four_week_periods() -> Books:
    starts = [date(2024, 1, 1) + timedelta(days=28 * number) for number in range(13)]
    months = tuple(MonthlyTrialBalance(start, start + timedelta(days=27), ()) for start in starts)
    return replace(small_books(date_to=date(2024, 12, 29)), months=months)


def without_type() -> Books:
    untyped = replace(CASH, account_type="")  # type: ignore[arg-type]
    return small_books(accounts=(untyped, *CHART[1:]))


REFUSED: dict[str, tuple[Callable[[], Books], type[BooksRefused], str]] = {
    "thirteen periods of four weeks": (
        four_week_periods,
        MonthMissing,
        "The trial balance for 2024-01 is missing; collect it again.",
    ),
    "account with no type": (
        without_type,
        AccountUnclear,
        "Account 1000 has the type ''; it must be balancesheet or incomestatement.",
    ),
    "account number twice in the chart": (
        lambda: small_books(accounts=(*CHART, replace(RENT, number="1000"))),
        AccountRepeated,
        "Account 1000 is 2 times in the chart of accounts; it belongs there once.",
    ),
    "account number twice in a month": (
        lambda: books(row("4000", "1"), row("4000", "2"), accounts=(*CHART, replace(SALES, number="4001"))),
        AccountRepeated,
        "Account 4000 is 2 times in the trial balance for 2024-01; it belongs there once.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_books_that_cannot_make_a_statement_are_refused_in_one_sentence(name: str) -> None:
    made, kind, sentence = REFUSED[name]
    with pytest.raises(kind) as caught:
        build(made())
    assert str(caught.value) == sentence
