"""The key of a list: what tells its rows apart, and the proof that they come in its order, each once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from intacct.errors import IncompleteRead
from intacct.parsing import whole_number

# More than two of the largest pages.
REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Key:
    """The field that orders the rows and tells them apart.

    number: compared as a number, so that 9 comes before 10. A key that is text is ordered by the gateway, in
    an order of its own, which is observed and not assumed.
    """

    field: str
    number: bool = True


class Order(Protocol):
    """Sees the keys as they come; raises IncompleteRead for one that repeats or goes back."""

    def next(self, value: str) -> None: ...


def order_of(key: Key, label: str) -> Order:
    """The proof for one list.  label: for errors."""
    return NumberOrder(key.field, label) if key.number else TextOrder(key.field, label)


class NumberOrder:
    """Numbers go up."""

    def __init__(self, field: str, label: str) -> None:
        self._field = field
        self._label = label
        self._highest = -1

    def next(self, value: str) -> None:
        if not value:
            raise _missing(self._field, self._label)
        number = whole_number(value, self._field)
        if number <= self._highest:
            raise _repeated(self._field, value, self._label)
        self._highest = number


class TextOrder:
    """Text goes up in an order that the gateway does not name.

    As long as all keys go up in one of the usual orders, none can have repeated, and nothing is remembered.
    Keys of digits that go up in none of them went back. Keys with letters may follow rules of a language that
    we do not know; then a repetition is noticed among the latest keys, and farther back by the counts of the
    pages, which have to go down by just the rows received.
    """

    def __init__(self, field: str, label: str) -> None:
        self._field = field
        self._label = label
        self._before = ""
        self._digits = True
        self._orders: list[Callable[[str, str], bool]] = [_as_text, _as_numbers, _without_case]
        self._latest: set[str] = set()
        self._queue: deque[str] = deque()

    def next(self, value: str) -> None:
        if not value:
            raise _missing(self._field, self._label)
        self._digits = self._digits and value.isascii() and value.isdigit()
        before, self._before = self._before, value
        if before:
            self._orders = [goes_up for goes_up in self._orders if goes_up(before, value)]
        if value in self._latest or (self._digits and not self._orders):
            raise _repeated(self._field, value, self._label)
        self._latest.add(value)
        self._queue.append(value)
        if len(self._queue) > REMEMBERED:
            self._latest.discard(self._queue.popleft())


def _as_text(before: str, value: str) -> bool:
    return before < value


def _as_numbers(before: str, value: str) -> bool:
    if not (before.isascii() and before.isdigit() and value.isascii() and value.isdigit()):
        return False
    return (len(before), before) < (len(value), value)


def _without_case(before: str, value: str) -> bool:
    return before.casefold() < value.casefold()


def _missing(field: str, label: str) -> IncompleteRead:
    return IncompleteRead(f"a row has no {field}", function=label)


def _repeated(field: str, value: str, label: str) -> IncompleteRead:
    return IncompleteRead(f"the rows repeat or go back at {field} {value[:60]}", function=label)
