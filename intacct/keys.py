"""The key of a list: what tells its rows apart, and the proof that they come in its order, each once."""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

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
    """Sees the keys as they come; raises IncompleteRead for one that is missing, repeats or goes back."""

    def take(self, keys: Sequence[str]) -> None: ...


def order_of(key: Key, label: str) -> Order:
    """The proof for one list.  label: for errors."""
    return NumberOrder(key.field, label) if key.number else TextOrder(key.field, label)


class NumberOrder:
    """Numbers go up."""

    def __init__(self, field: str, label: str) -> None:
        self._field = field
        self._label = label
        self._highest = -1

    def take(self, keys: Sequence[str]) -> None:
        for key in keys:
            if not key:
                raise _missing(self._field, self._label)
            number = whole_number(key, self._field)
            if number <= self._highest:
                raise _repeated(self._field, key, self._label)
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
        self._last: tuple[str, ...] = ()
        self._digits = True
        self._orders: list[Callable[[Sequence[str]], bool]] = [_as_text, _as_numbers, _without_case]
        self._latest: deque[str] = deque(maxlen=REMEMBERED)
        self._known: set[str] = set()

    def take(self, keys: Sequence[str]) -> None:
        if not all(keys):
            raise _missing(self._field, self._label)
        self._digits = self._digits and all(map(_is_digits, keys))
        chain = (*self._last, *keys)
        self._orders = [goes_up for goes_up in self._orders if goes_up(chain)]
        if not self._known.isdisjoint(keys) or len(set(keys)) < len(keys):
            raise _repeated(self._field, self._again(keys), self._label)
        if self._digits and not self._orders:
            raise _repeated(self._field, keys[0], self._label)
        self._remember(keys)

    def _remember(self, keys: Sequence[str]) -> None:
        self._last = tuple(keys[-1:])
        self._latest.extend(keys)
        self._known.update(keys)
        if len(self._known) > 2 * REMEMBERED:
            self._known = set(self._latest)

    def _again(self, keys: Sequence[str]) -> str:
        """The key that has come before."""
        seen = set(self._known)
        for key in keys:
            if key in seen:
                return key
            seen.add(key)
        return ""


def _is_digits(key: str) -> bool:
    return key.isascii() and key.isdigit()


def _goes_up(values: Sequence[Any]) -> bool:
    return all(map(operator.lt, values, values[1:]))


def _as_text(keys: Sequence[str]) -> bool:
    return _goes_up(keys)


def _as_numbers(keys: Sequence[str]) -> bool:
    return all(map(_is_digits, keys)) and _goes_up([(len(key), key) for key in keys])


def _without_case(keys: Sequence[str]) -> bool:
    # Folded together, because one long text takes a fraction of the time of a thousand short ones.
    folded = "\n".join(keys).casefold().split("\n")
    return _goes_up(folded if len(folded) == len(keys) else [key.casefold() for key in keys])


def _missing(field: str, label: str) -> IncompleteRead:
    return IncompleteRead(f"a row has no {field}", function=label)


def _repeated(field: str, value: str, label: str) -> IncompleteRead:
    return IncompleteRead(f"the rows repeat or go back at {field} {value[:60]}", function=label)
