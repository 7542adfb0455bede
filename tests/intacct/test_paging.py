"""Every row once, proved by keys and counts, while the company changes between two pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.functions import Page
from intacct.paging import READINGS, Key, read_all

KEY = Key("RECORDNO")


def page(*keys: object, total: int | None = None, remaining: int = 0) -> Page:
    rows = tuple({"RECORDNO": str(key)} for key in keys)
    return Page(rows, len(rows) + remaining if total is None else total, remaining)


def script(*pages: Page | intacct.IntacctError) -> tuple[Callable[[str], Page], list[str]]:
    left, asked = list(pages), list[str]()

    def read_page(last: str) -> Page:
        asked.append(last)
        following = left.pop(0)
        if isinstance(following, intacct.IntacctError):
            raise following
        return following

    return read_page, asked


def keys(rows: Iterator[object], name: str = "RECORDNO") -> list[str]:
    return [row[name] for row in rows]  # type: ignore[index]


class Table:
    """A gateway's table: rows after a key, in order, a page at a time."""

    def __init__(self, numbers: set[int], page_size: int) -> None:
        self.numbers = numbers
        self.page_size = page_size

    def read_page(self, last: str) -> Page:
        matching = sorted(number for number in self.numbers if number > int(last or -1))
        rows = matching[: self.page_size]
        return page(*rows, remaining=len(matching) - len(rows))


@given(st.sets(st.integers(0, 500), max_size=60), st.integers(1, 20))
def test_every_row_arrives_once_in_order(numbers: set[int], page_size: int) -> None:
    table = Table(numbers, page_size)
    assert keys(read_all(table.read_page, KEY, "query T")) == [str(number) for number in sorted(numbers)]


@given(
    st.sets(st.integers(0, 100), min_size=1, max_size=40),
    st.integers(1, 5),
    st.lists(st.tuples(st.booleans(), st.integers(0, 120)), max_size=12),
)
def test_rows_that_stay_arrive_once_whatever_comes_and_goes_between_pages(
    numbers: set[int], page_size: int, changes: list[tuple[bool, int]]
) -> None:
    table, left, stayed = Table(set(numbers), page_size), list(changes), set(numbers)

    def read_page(last: str) -> Page:
        answer = table.read_page(last)
        if left:
            added, number = left.pop(0)
            (table.numbers.add if added else table.numbers.discard)(number)
            stayed.discard(-1 if added else number)
        return answer

    try:
        received = keys(read_all(read_page, KEY, "query T"))
    except intacct.IncompleteRead:
        return
    assert len(received) == len(set(received))
    assert {str(number) for number in stayed} <= set(received)


def test_each_page_asks_for_what_follows_the_last_key() -> None:
    read_page, asked = script(page(1, 9, remaining=2), page(10, 11))
    assert keys(read_all(read_page, KEY, "query T")) == ["1", "9", "10", "11"]
    assert asked == ["", "9"]


def test_no_page_is_read_before_it_is_needed() -> None:
    read_page, asked = script(page(1, remaining=1), page(2))
    rows = read_all(read_page, KEY, "query T")
    next(rows)
    assert asked == [""]


def test_a_page_shorter_than_asked_is_no_end() -> None:
    read_page, _ = script(page(1, remaining=3), page(2, remaining=2), page(3, 4))
    assert keys(read_all(read_page, KEY, "query T")) == ["1", "2", "3", "4"]


def test_a_page_that_moved_is_read_again_and_taken_once_it_holds_still() -> None:
    read_page, asked = script(page(1, 2, remaining=2), page(4), page(4))
    assert keys(read_all(read_page, KEY, "query T")) == ["1", "2", "4"]
    assert asked == ["", "2", "2"]


def test_a_page_that_says_what_was_left_at_the_second_reading_is_taken() -> None:
    read_page, _ = script(page(1, remaining=2), page(2), page(2, 3))
    assert keys(read_all(read_page, KEY, "query T")) == ["1", "2", "3"]


def test_a_page_that_never_holds_still_is_incomplete() -> None:
    read_page, asked = script(page(1, remaining=9), page(2), page(2, 3), page(2, 3, 4))
    with pytest.raises(intacct.IncompleteRead, match="9 rows were left") as caught:
        keys(read_all(read_page, KEY, "query T"))
    assert caught.value.function == "query T"
    assert len(asked) == 1 + READINGS


@pytest.mark.parametrize(
    "wrong",
    [
        page(1, 2, total=5, remaining=1),
        page(1, 2, total=1, remaining=0),
        page(total=3, remaining=3),
        page(total=3, remaining=0),
        intacct.IncompleteRead("announces 3 rows, not 2"),
    ],
)
def test_counts_that_do_not_agree_with_the_rows_are_read_again_then_refused(
    wrong: Page | intacct.IntacctError,
) -> None:
    read_page, asked = script(*[wrong] * READINGS)
    with pytest.raises(intacct.IncompleteRead) as caught:
        keys(read_all(read_page, KEY, "query T"))
    assert len(asked) == READINGS
    assert caught.value.retryable


def test_a_wrong_count_that_was_a_slip_is_forgiven() -> None:
    read_page, _ = script(page(1, total=7, remaining=0), page(1, 2))
    assert keys(read_all(read_page, KEY, "query T")) == ["1", "2"]


@pytest.mark.parametrize(
    "pages",
    [
        (page(1, 2, remaining=2), page(1, 2, remaining=0)),
        (page(1, 2, remaining=1), page(2)),
        (page(2, 1),),
        (page(1, 1),),
        (page(5, remaining=1), page(4)),
        (page(9, 10, 9),),
    ],
)
def test_a_key_that_repeats_or_goes_back_is_refused(pages: tuple[Page, ...]) -> None:
    read_page, _ = script(*pages)
    with pytest.raises(intacct.IncompleteRead, match="repeat or go back"):
        keys(read_all(read_page, KEY, "query T"))


def test_the_same_page_for_ever_ends() -> None:
    def read_page(last: str) -> Page:
        return page(1, 2, total=100, remaining=98)

    with pytest.raises(intacct.IncompleteRead):
        keys(read_all(read_page, KEY, "query T"))


def test_numbers_are_compared_as_numbers() -> None:
    read_page, _ = script(page(9, 10, 100))
    assert keys(read_all(read_page, KEY, "query T")) == ["9", "10", "100"]


def test_a_text_key_may_come_in_any_order_but_not_twice() -> None:
    def rows(*names: str) -> Page:
        return Page(tuple({"BOOKID": name} for name in names), len(names), 0)

    key = Key("BOOKID", number=False)
    assert keys(read_all(script(rows("b", "B", "10", "9"))[0], key, "query T"), "BOOKID") == [
        "b",
        "B",
        "10",
        "9",
    ]
    with pytest.raises(intacct.IncompleteRead, match="repeat"):
        keys(read_all(script(rows("a", "b", "a"))[0], key, "query T"), "BOOKID")


@pytest.mark.parametrize("row", [{}, {"RECORDNO": ""}])
def test_a_row_without_its_key_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(intacct.IncompleteRead, match="has no RECORDNO"):
        keys(read_all(script(Page((row,), 1, 0))[0], KEY, "query T"))


def test_a_key_that_is_no_number_is_refused() -> None:
    with pytest.raises(intacct.UnreadableReply):
        keys(read_all(script(page("A7"))[0], KEY, "query T"))


def test_no_rows_of_a_refused_page_are_handed_on() -> None:
    read_page, _ = script(page(1, remaining=2), page(3, 2))
    rows = read_all(read_page, KEY, "query T")
    assert next(rows)["RECORDNO"] == "1"
    with pytest.raises(intacct.IncompleteRead):
        next(rows)
