"""Journal lines, agings and cash that do not tie.

Sound books with one thing spoiled: the right check fails, by exactly that much, and no other does. Where
arithmetic ties two checks to each other, both must fail.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from collections_app.reports.journal import JournalLine
from tests.collections_app.reports.checks.proving import failing, only, prove
from tests.collections_app.reports.checks.sound import (
    MONTHS,
    PAYABLES,
    RECEIVABLES,
    Entry,
    shifted,
    sound_books,
    with_lines,
    without,
)

EVERY_MONTH, LAST = range(len(MONTHS)), (len(MONTHS) - 1,)


def test_an_entry_that_the_journal_lacks_is_the_difference_to_the_trial_balance() -> None:
    books = with_lines(sound_books(), lambda line: () if line.batch == "7" else (line,))
    months = {"2023-11"}
    failed = failing(books)
    assert failed == {"C1": "1", "R8": failed["R8"]}
    assert failed["R8"] in ("100.00", "-100.00")
    assert {row.place for row in prove(books)["C1"].evidence} == months


def test_lines_that_were_lost_from_a_busy_month_fail_against_the_trial_balance_alone() -> None:
    more = Entry("9", date(2023, 11, 2), {"1500": 20_000, "1000": -20_000})
    books = with_lines(sound_books(more), lambda line: () if line.batch == "9" else (line,))
    assert only(books, "R8") in ("200.00", "-200.00")


def test_a_line_on_the_wrong_entry_leaves_two_entries_one_sided() -> None:
    books = with_lines(
        sound_books(), lambda line: (replace(line, batch="6") if line.record == "7-1" else line,)
    )
    assert only(books, "R9") in ("100.00", "-100.00")
    assert prove(books)["R9"].evidence_count == 2


def test_an_entry_that_balances_only_over_two_entities_is_one_sided_in_each() -> None:
    located = with_lines(
        sound_books(), lambda line: (replace(line, location="E2" if line.record == "7-1" else "E1"),)
    )
    assert failing(located) == {}
    known = replace(located, entity_of_location={"E1": "E1", "E2": "E2"})
    assert only(known, "R9") in ("100.00", "-100.00")


def test_an_entry_that_began_before_the_period_is_told_and_not_judged() -> None:
    def early(line: JournalLine) -> Iterator[JournalLine]:
        yield line
        if line.record == "1-1":
            before = date(2022, 12, 31)
            yield replace(line, batch="0", batch_date=before, debit=Decimal(5), credit=Decimal(0))
            yield replace(line, batch="00", debit=Decimal(0), credit=Decimal(5))

    check = prove(with_lines(sound_books(), early))["R9"]
    assert check.evidence_count == 1
    assert "1 entry is dated outside the period" in check.sentence


def test_an_invoice_that_is_missing_is_the_difference_to_the_control_account() -> None:
    books = replace(sound_books(), receivables=without(RECEIVABLES, "invoice:2"))
    assert only(books, "R10") == "-400.00"


def test_a_bill_that_is_missing_is_the_difference_to_the_control_account() -> None:
    books = replace(sound_books(), payables=without(PAYABLES, "invoice:1"))
    assert only(books, "R11") == "-800.00"


def test_a_small_difference_of_the_aging_is_a_warning() -> None:
    more = Entry("9", date(2023, 12, 1), {"1200": 200, "1000": -200})
    check = prove(sound_books(more))["R10"]
    assert (check.outcome, check.is_warning) == ("fail", True)
    assert check.difference == Decimal("-2.00")
    notes = {row.note for row in check.evidence}
    assert "Journals posted to the control account without a document." in notes


def test_cash_that_does_not_follow_from_the_lines_breaks_its_row_and_the_cash_flow() -> None:
    books = shifted(sound_books(), "1000", LAST, closing="5.00")
    books = shifted(books, "1500", LAST, closing="-5.00")
    failed = failing(books)
    assert failed.keys() == {"R2", "R12"}
    assert failed["R12"] == "5.00"


def test_a_line_outside_the_month_of_its_entry_is_found() -> None:
    books = with_lines(
        sound_books(),
        lambda line: (replace(line, batch_date=date(2023, 12, 1)) if line.record == "7-1" else line,),
    )
    assert only(books, "R20") == "1"


def test_lines_after_the_day_of_collection_are_found() -> None:
    books = sound_books()
    early = replace(books.heading, collected_at=datetime(2024, 1, 14, 8, 0, tzinfo=UTC))
    assert only(replace(books, heading=early), "R20") == "2"
