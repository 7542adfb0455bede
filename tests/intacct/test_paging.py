"""Every row once, proved by keys and counts, while the company changes between two pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.errors import IntacctError
from intacct.keys import REMEMBERED, Key, TextOrder
from intacct.pages import Counts
from intacct.paging import READINGS, KeysetRead
from intacct.scanning import Values

KEY = Key("RECORDNO")


class Page:
    """A page of a script: its rows, what it announces, and what breaks it off, if anything."""

    def __init__(self, rows: list[Values], counts: Counts, breaks_with: IntacctError | None = None) -> None:
        self.rows = rows
        self.counts = counts
        self.breaks_with = breaks_with
        self.closed = False

    def batches(self) -> Iterator[list[Values]]:
        for row in self.rows:
            yield [row]
        if self.breaks_with is not None:
            raise self.breaks_with

    def close(self) -> None:
        self.closed = True


def page(*keys: object, total: int | None = None, remaining: int = 0, count: int | None = None) -> Page:
    counted = len(keys) if count is None else count
    counts = Counts(counted + remaining if total is None else total, counted, remaining)
    return Page([(str(key),) for key in keys], counts)


def broken(*keys: object, remaining: int, error: IntacctError) -> Page:
    counts = Counts(len(keys) + 1 + remaining, len(keys) + 1, remaining)
    return Page([(str(key),) for key in keys], counts, error)


def script(*pages: Page) -> tuple[Callable[[str], Page], list[str]]:
    left, asked = list(pages), list[str]()

    def read_page(last: str) -> Page:
        asked.append(last)
        return left.pop(0)

    return read_page, asked


def read_all(
    read_page: Callable[[str], Page], key: Key, label: str, waited: list[int] | None = None
) -> Iterator[Values]:
    def pause(failures: int, problem: IntacctError) -> None:
        (waited if waited is not None else []).append(failures)

    for batch in KeysetRead(read_page, key, 0, label, pause).batches():
        yield from batch


def keys(rows: Iterator[Values]) -> list[str]:
    return [row[0] for row in rows]


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
        page(count=3),
    ],
)
def test_counts_that_do_not_agree_with_the_rows_are_read_again_then_refused(
    wrong: Page,
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


TEXT = Key("BOOKID", number=False)


def test_a_text_key_may_come_in_any_order_but_not_twice() -> None:
    assert keys(read_all(script(page("b", "B", "10", "9"))[0], TEXT, "query T")) == ["b", "B", "10", "9"]
    with pytest.raises(intacct.IncompleteRead, match="repeat"):
        keys(read_all(script(page("a", "b", "a"))[0], TEXT, "query T"))


@pytest.mark.parametrize(
    "order", [["1", "10", "9"], ["9", "10", "100"], ["11-1", "13-1", "7-1"], ["a", "B", "c"]]
)
def test_a_text_key_may_go_up_as_text_as_numbers_or_without_case(order: list[str]) -> None:
    assert keys(read_all(script(page(*order))[0], TEXT, "query T")) == order


@pytest.mark.parametrize("order", [["9", "10", "9"], ["2", "10", "1"], ["5", "4"], ["1", "1"]])
def test_a_text_key_of_digits_that_goes_back_is_refused(order: list[str]) -> None:
    with pytest.raises(intacct.IncompleteRead, match="repeat or go back"):
        keys(read_all(script(page(*order))[0], TEXT, "query T"))


def test_a_page_that_begins_at_the_last_text_key_is_refused() -> None:
    read_page, _ = script(page("x-1", "x-2", remaining=2), page("x-2", "x-3"))
    with pytest.raises(intacct.IncompleteRead, match="x-2"):
        keys(read_all(read_page, TEXT, "query T"))


@given(st.lists(st.text("ab1-", min_size=1, max_size=4), max_size=30))
def test_no_text_key_is_taken_twice_in_any_order(order: list[str]) -> None:
    seen = TextOrder("K", "query T")
    try:
        for value in order:
            seen.take([value])
    except intacct.IncompleteRead:
        return
    assert len(set(order)) == len(order)


def test_the_memory_of_text_keys_is_bounded() -> None:
    order = TextOrder("K", "query T")
    for start in range(0, 5 * REMEMBERED, 100):
        order.take([f"k{number:08}" for number in range(start, start + 100)])
    assert len(order._latest) == REMEMBERED
    assert len(order._known) <= 2 * REMEMBERED + 100
    with pytest.raises(intacct.IncompleteRead, match="k00024999"):
        order.take(["k00024999"])


@given(st.sets(st.integers(0, 500), max_size=60), st.integers(1, 20))
def test_text_keys_are_paged_in_the_gateways_order(numbers: set[int], page_size: int) -> None:
    ordered = sorted(str(number) for number in numbers)

    def read_page(last: str) -> Page:
        matching = [value for value in ordered if value > last]
        rows = matching[:page_size]
        return page(*rows, remaining=len(matching) - len(rows))

    assert keys(read_all(read_page, TEXT, "query T")) == ordered


@pytest.mark.parametrize("error", [intacct.ConnectionFailed(), intacct.ServiceUnavailable()])
def test_a_page_that_breaks_off_goes_on_behind_its_last_row(error: IntacctError) -> None:
    waited: list[int] = []
    read_page, asked = script(page(1, remaining=4), broken(2, 3, remaining=1, error=error), page(4, 5))
    assert keys(read_all(read_page, KEY, "query T", waited)) == ["1", "2", "3", "4", "5"]
    assert asked == ["", "1", "3"]
    assert waited == [1]


def test_a_list_that_keeps_breaking_off_is_given_up() -> None:
    error = intacct.ConnectionFailed("cut")
    pages = [broken(number, remaining=8 - number, error=error) for number in range(9)]
    read_page, asked = script(*pages)
    with pytest.raises(intacct.ConnectionFailed):
        keys(read_all(read_page, KEY, "query T"))
    assert len(asked) == READINGS


@pytest.mark.parametrize("error", [intacct.RequestTimedOut(), intacct.UnreadableReply("odd")])
def test_what_does_not_pass_is_not_asked_for_again(error: IntacctError) -> None:
    read_page, asked = script(broken(1, remaining=4, error=error))
    with pytest.raises(type(error)):
        keys(read_all(read_page, KEY, "query T"))
    assert asked == [""]


def test_rows_beyond_those_announced_are_asked_for_again_then_refused() -> None:
    read_page, asked = script(*[page(1, 2, 3, count=2, total=2), *[page(3, 4, count=1, total=1)] * 6])
    with pytest.raises(intacct.IncompleteRead):
        keys(read_all(read_page, KEY, "query T"))
    assert asked[:2] == ["", "2"]


def test_every_page_is_closed() -> None:
    pages = [page(1, remaining=2), page(2), page(2, 3)]
    read_page, _ = script(*pages)
    keys(read_all(read_page, KEY, "query T"))
    assert all(one.closed for one in pages)


@pytest.mark.parametrize("value", ["", "  "])
def test_a_row_without_its_key_is_refused(value: str) -> None:
    for key in (KEY, TEXT):
        with pytest.raises(intacct.IncompleteRead, match=f"has no {key.field}"):
            keys(read_all(script(page(value))[0], key, "query T"))


def test_a_key_that_is_no_number_is_refused() -> None:
    with pytest.raises(intacct.UnreadableReply):
        keys(read_all(script(page("A7"))[0], KEY, "query T"))


def test_no_row_is_handed_on_behind_a_key_that_went_back() -> None:
    read_page, _ = script(page(1, remaining=2), page(3, 2))
    rows = read_all(read_page, KEY, "query T")
    taken: list[str] = []
    with pytest.raises(intacct.IncompleteRead):
        taken.extend(row[0] for row in rows)
    assert "2" not in taken
