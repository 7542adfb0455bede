"""Books that nobody would think of: the arithmetic checks hold, and a planted error is found by its check."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from collections_app.reports.books import Books
from collections_app.reports.categories import find
from collections_app.reports.figures import TrialBalanceRow
from collections_app.reports.journal import JournalLine
from collections_app.reports.periods import collection_windows
from tests.collections_app.reports.checks.proving import prove
from tests.collections_app.reports.generated_companies import Company, Posting, companies
from tests.collections_app.reports.integer_ledger import RESET_RULES, money, year_start
from tests.collections_app.reports.listed_journal import ListedJournal

pytestmark = pytest.mark.slow

EXAMPLES = settings(max_examples=10, deadline=None)
ARITHMETIC = ("C1", "C2", "C5", "R1", "R2", "R3", "R4", "R6", "R8", "R9", "R12", "R20")
PLACES = st.integers(0, 10**6)


def journal_line(place: int, line: Posting) -> JournalLine:
    """Entries are pairs of lines, as they were drawn."""
    return JournalLine(
        record=str(place),
        batch=str(place // 2),
        batch_date=line.day,
        batch_title="",
        journal="GJ",
        book="ACCRUAL",
        module="2.GL",
        line_number=str(place % 2 + 1),
        entry_date=line.day,
        account=line.account,
        debit=money(max(line.cents, 0)),
        credit=money(max(-line.cents, 0)),
        adjusting=line.adjusting,
        location=line.entity,
    )


def books_of(company: Company, rule: str = "fiscal year") -> Books:
    """The company's books with its journal and its entities."""
    lines = [journal_line(place, line) for place, line in enumerate(company.lines)]
    return replace(
        company.books(rule),
        entities=company.group().entities,
        entity_of_location={"E1": "E1", "E2": "E2", "ELIM": "ELIM"},
        journal=ListedJournal(lines),
    )


def first_day(company: Company) -> date:
    """The first day that is collected."""
    return collection_windows(company.date_from, company.date_to, company.first_month)[0].start


def collected(company: Company) -> list[int]:
    """The places of the lines with an amount that are in the months shown."""
    return [
        place
        for place, line in enumerate(company.lines)
        if line.cents and company.date_from <= line.day <= company.date_to
    ]


def outcomes(books: Books) -> dict[str, str]:
    return {name: check.outcome for name, check in prove(books).items() if name in ARITHMETIC}


def spoiled(books: Books, place: int, change: Callable[[JournalLine], Iterable[JournalLine]]) -> Books:
    """The books with one journal line, and nothing else, replaced."""
    assert isinstance(books.journal, ListedJournal)
    lines = list(books.journal.all)
    lines[place : place + 1] = change(lines[place])
    return replace(books, journal=ListedJournal(lines))


@settings(max_examples=25, deadline=None)
@given(companies(), st.sampled_from(RESET_RULES))
def test_every_arithmetic_check_passes_on_sound_books(company: Company, rule: str) -> None:
    assert outcomes(books_of(company, rule)) == dict.fromkeys(ARITHMETIC, "pass")


def posted_straight(company: Company, start: date, end: date) -> int:
    """Cents posted straight to retained earnings, apart from distributions moved there; positive raises."""
    kept = {each.number for each in company.accounts if each.is_closed_to}
    paid = {
        each.number
        for each in company.accounts
        if each.number not in kept
        and (found := find(each.category))
        and found.line == "distributions"
        and each.account_type == "balancesheet"
    }
    inside = [line for line in company.lines if start <= line.day <= end]
    direct = -sum(line.cents for line in inside if line.account in kept)
    moved = sum(max(-line.cents, 0) for line in inside if line.account in paid)
    return direct + min(moved, max(-direct, 0))


@EXAMPLES
@given(companies())
def test_retained_earnings_roll_but_for_what_was_posted_straight_to_them(company: Company) -> None:
    check = prove(books_of(company))["R7"]
    last_start = year_start(company.date_to, company.first_month)
    if first_day(company) == last_start:
        assert check.outcome == "inconclusive"
        return
    starts, day = [], last_start
    while day >= first_day(company):
        starts.append(day)
        day = year_start(day - timedelta(days=1), company.first_month)
    years = [(start, end - timedelta(days=1)) for end, start in zip(starts, starts[1:], strict=False)]
    straight = [abs(posted_straight(company, *year)) for year in years]
    assert check.difference is not None
    assert abs(check.difference) == money(max(straight))


@EXAMPLES
@given(companies(), PLACES)
def test_a_line_that_is_dropped_is_the_difference_to_balances_and_entry(company: Company, at: int) -> None:
    places = collected(company)
    assume(places)
    place = places[at % len(places)]
    checks = prove(spoiled(books_of(company), place, lambda line: ()))
    amount = money(-company.lines[place].cents)
    assert checks["R8"].outcome == checks["R9"].outcome == "fail"
    assert checks["R8"].difference == checks["R9"].difference == amount
    failed = {name for name in ARITHMETIC if checks[name].outcome == "fail"}
    assert {"R8", "R9"} <= failed <= {"C1", "R8", "R9"}


@EXAMPLES
@given(companies(), PLACES, st.integers(-500, 500).filter(bool))
def test_an_amount_that_is_changed_fails_by_the_change(company: Company, at: int, cents: int) -> None:
    places = collected(company)
    assume(places)
    place = places[at % len(places)]
    checks = prove(
        spoiled(books_of(company), place, lambda line: (replace(line, debit=line.debit + money(cents)),))
    )
    assert checks["R8"].difference == checks["R9"].difference == money(cents)
    assert {name for name in ARITHMETIC if checks[name].outcome == "fail"} == {"R8", "R9"}


@EXAMPLES
@given(companies(), PLACES)
def test_an_entry_with_one_side_more_fails_by_that_side(company: Company, at: int) -> None:
    places = collected(company)
    assume(places)
    place = places[at % len(places)]
    extra = {"record": "x", "batch": "x", "debit": Decimal("12.34"), "credit": Decimal(0)}
    checks = prove(
        spoiled(books_of(company), place, lambda line: (line, replace(line, **extra)))  # type: ignore[arg-type]
    )
    assert checks["R8"].difference == checks["R9"].difference == Decimal("12.34")


@EXAMPLES
@given(companies(), PLACES, st.integers(0, 40))
def test_a_date_in_another_month_fails_in_both_and_against_its_entry(
    company: Company, at: int, move: int
) -> None:
    places = collected(company)
    assume(places)
    place = places[at % len(places)]
    day = company.lines[place].day
    collected_windows = collection_windows(company.date_from, company.date_to, company.first_month)
    windows = [window for window in collected_windows if window.start >= company.date_from]
    target = windows[(at + move) % len(windows)].start
    assume((target.year, target.month) != (day.year, day.month))
    checks = prove(spoiled(books_of(company), place, lambda line: (replace(line, entry_date=target),)))
    assert checks["R8"].evidence_count == 2
    assert abs(checks["R8"].difference or 0) == money(abs(company.lines[place].cents))
    assert checks["R20"].difference == 1
    assert checks["R9"].outcome == "pass"


@EXAMPLES
@given(companies(), PLACES)
def test_a_month_without_its_lines_is_named(company: Company, at: int) -> None:
    places = collected(company)
    assume(places)
    day = company.lines[places[at % len(places)]].day
    books = books_of(company)
    month = next(month for month in books.months if month.start <= day <= month.end)
    assert isinstance(books.journal, ListedJournal)
    kept = [line for line in books.journal.all if not month.start <= line.entry_date <= month.end]
    check = prove(replace(books, journal=ListedJournal(kept)))["C1"]
    assert check.difference == 1
    assert check.evidence[0].place.startswith(month.start.isoformat()[:7])


@EXAMPLES
@given(companies(), PLACES)
def test_an_account_that_the_chart_has_lost_is_named(company: Company, at: int) -> None:
    places = collected(company)
    assume(places)
    lost = company.lines[places[at % len(places)]].account
    books = books_of(company)
    check = prove(replace(books, accounts=tuple(each for each in books.accounts if each.number != lost)))[
        "C2"
    ]
    assert check.outcome == "fail"
    assert f"Account {lost}" in {row.place for row in check.evidence}


def with_fault(books: Books, month: int, row: int, **more: Decimal) -> Books:
    """The books with so much added to one row of one month's trial balance."""
    changed = list(books.months)
    rows = list(changed[month].rows)
    at = row % len(rows)
    rows[at] = replace(rows[at], **{name: getattr(rows[at], name) + amount for name, amount in more.items()})
    changed[month] = replace(changed[month], rows=tuple(rows))
    return replace(books, months=tuple(changed))


@EXAMPLES
@given(companies(), PLACES, PLACES, st.integers(-(10**6), 10**6).filter(bool))
def test_a_closing_balance_that_is_wrong_is_found_in_its_row(
    company: Company, month: int, row: int, cents: int
) -> None:
    books = books_of(company)
    check = prove(with_fault(books, month % len(books.months), row, closing=money(cents)))["R2"]
    assert (check.outcome, check.difference, check.evidence_count) == ("fail", money(cents), 1)


@EXAMPLES
@given(companies(), PLACES, st.integers(200, 10**6))
def test_a_history_that_changed_is_found_where_it_changed(company: Company, at: int, cents: int) -> None:
    """Cash opens higher than it closed the month before, from one month on; nothing is on the other side."""
    books = books_of(company)
    assume(len(books.months) > 1)
    first = 1 + at % (len(books.months) - 1)
    cash = next(place for place, row in enumerate(books.months[0].rows) if row.account == "1000")
    changed = books
    for month in range(first, len(books.months)):
        assert books.months[month].rows[cash].account == "1000"
        changed = with_fault(changed, month, cash, opening=money(cents), closing=money(cents))
    checks = prove(changed)
    assert (checks["R4"].outcome, checks["R4"].difference) == ("fail", money(cents))
    assert checks["R4"].evidence_count == 1
    assert checks["R1"].difference == checks["R3"].difference == money(cents)
    assert checks["R12"].outcome == "fail"
    assert {checks[name].outcome for name in ("R2", "R6", "R8", "R9")} == {"pass"}


@EXAMPLES
@given(companies(), PLACES)
def test_a_row_of_a_stranger_is_found(company: Company, month: int) -> None:
    books = books_of(company)
    changed = list(books.months)
    place = month % len(changed)
    stranger = TrialBalanceRow("9999", debits=Decimal(3), credits=Decimal(3))
    changed[place] = replace(changed[place], rows=(*changed[place].rows, stranger))
    check = prove(replace(books, months=tuple(changed)))["C2"]
    assert (check.outcome, check.difference) == ("fail", Decimal(1))
