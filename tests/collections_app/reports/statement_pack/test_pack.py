import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from collections_app.reports.build import Reports, build
from collections_app.reports.checks.check import Check, Evidence
from collections_app.reports.figures import MonthlyTrialBalance
from collections_app.reports.statement_pack.document import ROW_LIMIT, document
from collections_app.reports.wording import printed
from tests.collections_app.reports.cast import CASH, CHART, RENT, row, small_books
from tests.collections_app.reports.company_books import company_books
from tests.collections_app.reports.statement_pack.reading import Pack, pack_bytes
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

FAILED = Check(
    id="R1",
    title="Balance sheet equation",
    family="reliability",
    outcome="fail",
    start=date(2024, 1, 1),
    end=date(2024, 1, 31),
    sentence="Assets are not liabilities and equity.",
    expected=Decimal("560.00"),
    actual=Decimal("559.00"),
    difference=Decimal("-1.00"),
    tolerance=Decimal("0.00"),
    evidence=(Evidence("account 1000", difference=Decimal("-1.00")),),
    evidence_count=1,
)
PASSED = replace(FAILED, id="R2", title="Roll-forward", outcome="pass", sentence="Each month goes on.")


def proven_bytes() -> bytes:
    return pack_bytes(replace(build(small_books()), checks=(PASSED, FAILED)))


@pytest.fixture(scope="module")
def small_pack() -> Pack:
    return Pack(proven_bytes())


@pytest.fixture(scope="module")
def maple_reports(maple: Path) -> Reports:
    return build(company_books(maple, date(2020, 3, 1), date(2021, 2, 28)))


@pytest.fixture(scope="module")
def maple_pack(maple_reports: Reports) -> Pack:
    return Pack(pack_bytes(maple_reports))


def test_the_document_names_itself_and_its_language(small_pack: Pack) -> None:
    about = small_pack.reader.metadata
    assert about is not None
    assert about.title == "Financial statements of Juniper Works"
    assert about.author == "Harbour Bank"
    assert about.subject == "Reference C-2026-0042"
    assert small_pack.catalog["/Lang"] == "en"
    assert small_pack.catalog["/ViewerPreferences"]["/DisplayDocTitle"] is not False


def test_the_document_says_that_it_is_accessible(small_pack: Pack) -> None:
    assert b"pdfuaid" in small_pack.catalog["/Metadata"].get_object().get_data()
    assert small_pack.catalog["/MarkInfo"]["/Marked"]


def test_the_structure_has_headings_tables_with_headers_and_figures_that_are_described(
    small_pack: Pack,
) -> None:
    elements = list(small_pack.elements())
    kinds = Counter(element["/S"] for element in elements)
    assert kinds["/H1"] == 1
    assert kinds["/H2"] > 5
    assert kinds["/Table"] > 5
    assert kinds["/TH"] > 50
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert figures
    assert all(str(figure["/Alt"]).strip() for figure in figures)


def test_every_amount_knows_the_headers_of_its_row_and_its_column(small_pack: Pack) -> None:
    cells = [element for element in small_pack.elements() if element["/S"] == "/TD" and "/A" in element]
    assert cells
    assert all(len(cell["/A"]["/Headers"]) >= 1 for cell in cells)


def test_bookmarks_lead_to_the_sections(small_pack: Pack) -> None:
    bookmarks = small_pack.bookmarks()
    for title in ("Charts", "Balance sheet", "Income statement", "Changes in equity", "Checks", "Notes"):
        assert title in small_pack.pages[bookmarks[title] - 1]


def test_every_page_says_whose_it_is_and_which_of_how_many(small_pack: Pack) -> None:
    count = len(small_pack.pages)
    for number, page in enumerate(small_pack.pages, start=1):
        assert f"Page {number} of {count}" in page
        assert "Accrual basis, amounts in USD, reference C-2026-0042" in page
        assert "Juniper Works" in page
        assert "Harbour Bank" in page


def test_the_cover_says_what_a_reader_must_know_and_names_failed_checks_first(small_pack: Pack) -> None:
    cover = small_pack.pages[0]
    for fact in ("Juniper Works Inc. (JUNIPER)", "1 Jan 2024 to 31 Jan 2024", "2026-03-02 09:15 UTC"):
        assert fact in cover
    assert "Of 2 checks, 1 failed and 1 passed." in cover
    assert "Failed: Balance sheet equation. Assets are not liabilities and equity." in cover
    assert "Roll-forward" not in cover


def test_a_failed_check_comes_first_with_its_difference_and_evidence(small_pack: Pack) -> None:
    checks = small_pack.pages[small_pack.bookmarks()["Checks"] - 1]
    assert checks.index("R1 Balance sheet equation") < checks.index("R2 Roll-forward")
    assert "Expected 560.00, found 559.00, difference (1.00), tolerance –." in checks
    assert "account 1000: difference (1.00)" in checks


def test_the_same_reports_give_the_same_bytes_in_another_process(small_pack: Pack) -> None:
    """With another hash seed and time zone, since sets, dates and identifiers could differ by these."""
    code = (
        "import hashlib; from tests.collections_app.reports.statement_pack.test_pack import proven_bytes;"
        "print(hashlib.sha256(proven_bytes()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo"}
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == hashlib.sha256(small_pack.content).hexdigest()


def test_key_figures_are_those_of_the_statements(maple_reports: Reports, maple_pack: Pack) -> None:
    text = maple_pack.text
    for statement in maple_reports.by_month.statements:
        for line in statement.lines:
            if line.style in ("total", "grand_total"):
                for amount in line.values:
                    assert printed(amount) in text, (line.key, amount)


def test_agings_and_ratios_are_those_of_the_reports(maple_reports: Reports, maple_pack: Pack) -> None:
    assert maple_reports.receivables is not None
    assert maple_reports.analysis is not None
    aging = maple_reports.receivables.aging
    pages = maple_pack.text
    for row_of_party in aging.largest(5):
        assert row_of_party.name in pages
        assert printed(row_of_party.total) in pages
    assert printed(maple_reports.receivables.tie_out.months[-1].difference) in pages
    for metric in maple_reports.analysis.latest.metrics:
        assert metric.display in pages


def test_a_year_of_a_small_company_is_a_pack_of_some_thirty_pages(maple_pack: Pack) -> None:
    assert 20 <= len(maple_pack.pages) <= 32
    for page in maple_pack.reader.pages:
        width, height = sorted((float(page.mediabox.width), float(page.mediabox.height)))
        assert (width, height) == (612, 792)


def test_only_reports_that_were_asked_for_are_printed() -> None:
    reports = build(replace(small_books(), wanted=frozenset({"balance_sheet"})))
    titles = [section.find(".//h2") for section in document(reports).iter("section")]
    assert [title.text for title in titles if title is not None] == [
        "Checks in short",
        "Charts",
        "Balance sheet",
        "Checks",
        "Notes",
    ]


def text_of(root: Element) -> str:
    return " ".join(" ".join(root.itertext()).split())


def wide_reports(accounts: int) -> Reports:
    """A year of books with so many accounts, all of them with amounts that fill a column."""
    chart = [replace(CASH, number=f"1{number:06}") for number in range(accounts)]
    costs = [replace(RENT, number=f"6{number:06}") for number in range(accounts)]
    months = tuple(_wide_month(month, accounts) for month in range(1, 13))
    books = small_books(accounts=(*chart, *CHART, *costs), date_to=date(2024, 12, 31))
    return build(replace(books, months=months))


def _wide_month(month: int, accounts: int) -> MonthlyTrialBalance:
    amount, month_end = Decimal("9876543210.12"), date(2024, month + 1, 1) if month < 12 else date(2025, 1, 1)
    opening = amount * (month - 1)
    rows = [row(f"1{number:06}", str(-opening), "0", str(amount)) for number in range(accounts)]
    rows += [row(f"6{number:06}", str(opening), str(amount)) for number in range(accounts)]
    return MonthlyTrialBalance(
        date(2024, month, 1),
        date.fromordinal(month_end.toordinal() - 1),
        (row("1000", "500"), row("3000", "-500"), row("4000"), row("6000"), *rows),
    )


def test_the_length_is_bounded_whatever_the_size_of_the_books() -> None:
    reports = wide_reports(800)
    checks = tuple(replace(FAILED, id=f"R{number}") for number in range(500))
    made = document(replace(reports, checks=checks))
    assert sum(1 for _ in made.iter("tr")) <= ROW_LIMIT
    assert "The 802 accounts behind these lines are in report.xlsx and in the CSV files." in text_of(made)
    assert "420 more checks are in statements.json and report.xlsx." in text_of(made)


def test_what_is_left_out_of_a_shorter_pack_is_said() -> None:
    reports = build(small_books())
    rows = sum(1 for _ in document(reports).iter("tr"))
    shorter = text_of(document(reports, row_limit=rows - 1))
    assert "1000 Cash" not in shorter
    assert "Balance sheet: months" in shorter
    shortest = text_of(document(reports, row_limit=1))
    assert "The same by month is in report.xlsx and in the CSV files." in shortest
    assert "Balance sheet: months" not in shortest


def test_accounts_are_printed_where_there_is_room_for_them() -> None:
    made = text_of(document(build(small_books())))
    assert "4000 Sales" in made
