"""The general ledger's lines: months in order, two at a time, each line once, or an error."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.ahead import IN_FLIGHT, in_order
from intacct.errors import IntacctError
from intacct.keys import Key
from intacct.ledger_detail import windows
from intacct.pages import Counts
from intacct.paging import KeysetRead
from intacct.sandbox import Sandbox
from intacct.scanning import Values
from tests.intacct.conftest import Connect

SPRING = (date(2026, 1, 1), date(2026, 4, 30))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_the_windows_cover_every_day_once_and_none_is_longer_than_a_month(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    found = list(windows(start, end))
    covered = [first + timedelta(days=day) for first, last in found for day in range((last - first).days + 1)]
    assert covered == [start + timedelta(days=day) for day in range(days + 1)]
    assert all((first.year, first.month) == (last.year, last.month) for first, last in found)


def test_a_range_that_ends_before_it_starts_is_refused(connect: Connect) -> None:
    with connect() as company, pytest.raises(ValueError, match="ends"):
        list(company.general_ledger_detail(SPRING[1], SPRING[0]))


def test_the_lines_of_a_book_sum_to_zero_and_come_month_after_month(connect: Connect) -> None:
    with connect() as company:
        lines = [line for line in company.general_ledger_detail(*SPRING) if not line.statistical]
    assert lines
    assert sum(line.movement for line in lines) == 0
    months = [line.entry_date.month for line in lines if line.entry_date]
    assert months == sorted(months)
    assert len({line.record_number for line in lines}) == len(lines)
    first = lines[0]
    assert (first.account_number, first.debit, first.credit) == ("1000", Decimal(10000), Decimal(0))
    assert (first.journal, first.location_id, first.description) == ("GJ", "L110", "Opening capital")
    assert first.department_id == ""
    assert "GLDETAIL" in repr(first)


def test_the_lines_explain_the_trial_balance(connect: Connect) -> None:
    with connect() as company:
        moved: dict[str, Decimal] = {}
        for line in company.general_ledger_detail(*SPRING, page_size=2):
            moved[line.account_number] = moved.get(line.account_number, Decimal(0)) + line.movement
        for row in company.trial_balance(*SPRING, book="ACCRUAL"):
            assert moved.get(row.account_number, Decimal(0)) == row.debits - row.credits + (
                row.adjusting_debits - row.adjusting_credits
            )


def test_a_month_that_was_read_is_forgotten(connect: Connect) -> None:
    """Its proof keeps thousands of keys, and a long ledger has many months."""
    gc.collect()
    others = {id(read) for read in reads_there_are()}
    most = 0
    with connect() as company:
        for _ in company.general_ledger_detail(*SPRING, page_size=2):
            most = max(most, len({id(read) for read in reads_there_are()} - others))
    assert 0 < most <= IN_FLIGHT + 1


def reads_there_are() -> list[KeysetRead]:
    # By `type`, because a lazy object of another test that is asked for its class by `isinstance` wakes up.
    return [each for each in gc.get_objects() if type(each) is KeysetRead]


def test_further_conditions_and_fields_can_be_named(connect: Connect) -> None:
    with connect() as company:
        lines = list(
            company.general_ledger_detail(
                *SPRING, where=intacct.filters.equal_to("ACCOUNTNO", "1000"), fields=["ACCOUNTNO", "AMOUNT"]
            )
        )
    assert {line.account_number for line in lines} == {"1000"}
    with pytest.raises(KeyError):
        lines[0].text("DESCRIPTION")


def test_lines_are_counted_once_more_in_the_end(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect() as company:
        right = company.count("GLDETAIL")
        assert right > 0
        monkeypatch.setattr(company, "count", lambda *_, **__: right + 100)
        with pytest.raises(intacct.IncompleteRead, match="the gateway counts"):
            list(company.general_ledger_detail(*SPRING))


def test_a_session_that_dies_while_two_months_are_read_is_replaced(
    connect: Connect, sandbox: Sandbox
) -> None:
    with connect() as company:
        sandbox.faults.next("session-death", function="query")
        assert list(company.general_ledger_detail(*SPRING, page_size=3))


def test_a_refusal_in_a_reading_thread_reaches_the_caller(connect: Connect) -> None:
    login = intacct.Login("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1")
    with connect(login=login) as company, pytest.raises(intacct.PermissionDenied) as caught:
        list(company.general_ledger_detail(*SPRING))
    assert "General Ledger, General Ledger, Run" in caught.value.sentence


def test_a_loop_over_lines_that_is_left_early_ends_its_threads(connect: Connect) -> None:
    with connect() as company:
        lines = company.general_ledger_detail(*SPRING, page_size=1)
        next(lines)
        lines.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 5
    while any(thread.name == "intacct-reader" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Watched:
    """Pages of numbers, which note how many lists are being read and how far ahead of the taker they are."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.begun = 0
        self.pages = 0

    def read(self, first: int, count: int, page_size: int = 10) -> KeysetRead:
        with self.lock:
            self.begun += 1

        def open_page(last: str) -> Numbers:
            with self.lock:
                self.pages += 1
            start = int(last) + 1 if last else first
            return Numbers(start, min(page_size, first + count - start), first + count)

        return KeysetRead(open_page, Key("N"), 0, "query T", _no_pause)


def _no_pause(failures: int, problem: IntacctError) -> None:
    raise problem


class Numbers:
    def __init__(self, start: int, count: int, end: int) -> None:
        self.counts = Counts(end - start, count, end - start - count)
        self._rows: list[Values] = [(str(number),) for number in range(start, start + count)]

    def batches(self) -> Iterator[list[Values]]:
        if self._rows:
            yield self._rows

    def close(self) -> None:
        self._rows = []


@given(st.lists(st.integers(0, 35), max_size=6))
def test_lists_are_handed_on_in_order_whatever_their_lengths(lengths: list[int]) -> None:
    watched, starts = Watched(), [100 * place for place in range(len(lengths))]
    reads = [partial(watched.read, first, count) for first, count in zip(starts, lengths, strict=True)]
    found = [int(row[0]) for batch in in_order(reads) for row in batch]
    assert found == [first + n for first, count in zip(starts, lengths, strict=True) for n in range(count)]


def test_two_lists_are_read_at_a_time_and_not_far_ahead() -> None:
    watched = Watched()
    reads = [partial(watched.read, 100_000 * place, 50_000, 500) for place in range(5)]
    batches = in_order(reads)
    next(batches)
    time.sleep(0.2)
    assert watched.begun == IN_FLIGHT
    assert watched.pages <= 2 * IN_FLIGHT + 2
    batches.close()  # type: ignore[attr-defined]


def test_an_error_comes_in_its_place() -> None:
    watched = Watched()

    def broken() -> KeysetRead:
        def open_page(last: str) -> Numbers:
            raise intacct.RequestTimedOut("late")

        return KeysetRead(open_page, Key("N"), 0, "query T", _no_pause)

    found: list[Values] = []
    with pytest.raises(intacct.RequestTimedOut):
        for batch in in_order([lambda: watched.read(0, 25), broken]):
            found += batch
    assert len(found) == 25
