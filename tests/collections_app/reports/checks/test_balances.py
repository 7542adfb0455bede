"""Balances and equity that are wrong.

Sound books with one thing spoiled: the right check fails, by exactly that much, and no other does. Where
arithmetic ties two checks to each other, both must fail.
"""

from datetime import date
from decimal import Decimal

from tests.collections_app.reports.checks.proving import failing, only, prove
from tests.collections_app.reports.checks.sound import (
    MONTHS,
    Entry,
    shifted,
    sound_books,
)

EVERY_MONTH, LAST = range(len(MONTHS)), (len(MONTHS) - 1,)


def test_a_balance_without_its_other_side_breaks_balance_and_equation() -> None:
    books = shifted(sound_books(), "1500", EVERY_MONTH, opening="50.00", closing="50.00")
    assert failing(books) == {"R1": "50.00", "R3": "50.00"}


def test_rounding_passes_up_to_a_cent_for_each_row() -> None:
    books = shifted(sound_books(), "1500", EVERY_MONTH, opening="0.03", closing="0.03")
    check = prove(books)["R1"]
    assert (check.outcome, check.difference) == ("pass", Decimal("0.03"))
    assert check.tolerance == Decimal("0.09")


def test_rows_whose_closing_balances_do_not_follow_are_found_though_they_cancel() -> None:
    books = shifted(sound_books(), "1500", LAST, closing="5.00")
    books = shifted(books, "2400", LAST, closing="-5.00")
    assert only(books, "R2") in ("5.00", "-5.00")
    assert prove(books)["R2"].evidence_count == 2


def test_history_that_changed_between_two_months_is_found() -> None:
    books = shifted(sound_books(), "1500", EVERY_MONTH[6:], opening="5.00", closing="5.00")
    books = shifted(books, "2400", EVERY_MONTH[6:], opening="-5.00", closing="-5.00")
    assert only(books, "R4") in ("5.00", "-5.00")
    assert {row.place for row in prove(books)["R4"].evidence} == {
        "Start of Jul 2023, account 1500 Equipment",
        "Start of Jul 2023, account 2400 Bank loan",
    }


def test_an_income_account_that_goes_back_to_zero_alone_inside_a_year_is_changed_history() -> None:
    books = sound_books()
    reset = shifted(books, "6000", EVERY_MONTH[8:12], opening="-800.00", closing="-800.00")
    reset = shifted(reset, "3000", EVERY_MONTH[8:12], opening="800.00", closing="800.00")
    assert "R4" in failing(reset)


def test_a_year_end_close_that_does_not_reach_retained_earnings_is_found() -> None:
    books = shifted(sound_books(), "3000", LAST, opening="9.00", closing="9.00")
    failed = failing(books)
    assert failed["R4"] == "9.00"
    assert (failed["R6"], failed["R7"]) == ("9.00", "-9.00")


def test_equity_that_changed_past_the_income_statement_is_found() -> None:
    months = EVERY_MONTH[5:8]
    books = shifted(sound_books(), "3000", months, opening="-5.00", closing="-5.00")
    books = shifted(books, "1500", months, opening="5.00", closing="5.00")
    failed = failing(books)
    assert failed.keys() == {"R4", "R6"}
    assert failed["R6"] in ("5.00", "-5.00")


def test_income_of_earlier_years_that_is_raised_by_a_posting_is_a_restatement() -> None:
    books = sound_books(Entry("9", date(2023, 6, 1), {"1500": 50_000, "3000": -50_000}))
    assert only(books, "R7") == "500.00"
    check = prove(books)["R7"]
    assert not check.is_warning
    assert "500.00 USD was posted straight to retained earnings" in check.evidence[0].note
    assert "500.00 USD was posted straight to retained earnings" in prove(books)["R6"].sentence


def test_a_posting_that_lowers_retained_earnings_may_be_a_distribution_and_is_a_warning() -> None:
    books = sound_books(Entry("9", date(2023, 6, 1), {"1000": -50_000, "3000": 50_000}))
    assert only(books, "R7") == "-500.00"
    assert prove(books)["R7"].is_warning


def test_distributions_that_are_moved_to_retained_earnings_are_expected_there() -> None:
    books = sound_books(Entry("9", date(2023, 12, 31), {"3100": -10_000, "3000": 10_000}))
    assert failing(books) == {}
