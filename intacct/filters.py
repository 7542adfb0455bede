"""Conditions of a query: ``where=equal_to("STATUS", "active")``, joined by ``every`` and ``either``.

Values are text as the gateway writes it: the long words of an enumeration, not its database codes.
Comparisons are sensitive to case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

LARGEST_LIST = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field against one value, several values or none."""

    operator: str
    field: str
    values: tuple[str, ...] = ()

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.operator)
        etree.SubElement(node, "field").text = self.field
        for value in self.values:
            etree.SubElement(node, "value").text = value


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more conditions under "and" or "or"."""

    operator: str
    conditions: tuple[Filter, ...]

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.operator)
        for condition in self.conditions:
            condition.write(node)


Filter = Comparison | Joined


def equal_to(field: str, value: str) -> Filter:
    return Comparison("equalto", field, (value,))


def not_equal_to(field: str, value: str) -> Filter:
    return Comparison("notequalto", field, (value,))


def less_than(field: str, value: str) -> Filter:
    return Comparison("lessthan", field, (value,))


def at_most(field: str, value: str) -> Filter:
    return Comparison("lessthanorequalto", field, (value,))


def greater_than(field: str, value: str) -> Filter:
    return Comparison("greaterthan", field, (value,))


def at_least(field: str, value: str) -> Filter:
    return Comparison("greaterthanorequalto", field, (value,))


def between(field: str, low: str, high: str) -> Filter:
    """Both ends count."""
    return Comparison("between", field, (low, high))


def one_of(field: str, *values: str) -> Filter:
    """Raises ValueError for no value or more than the gateway takes in one list (1,000)."""
    if not 1 <= len(values) <= LARGEST_LIST:
        raise ValueError(f"A list of values holds 1 to {LARGEST_LIST} of them, not {len(values)}.")
    return Comparison("in", field, values)


def none_of(field: str, *values: str) -> Filter:
    """Raises ValueError for no value or more than the gateway takes in one list (1,000)."""
    if not 1 <= len(values) <= LARGEST_LIST:
        raise ValueError(f"A list of values holds 1 to {LARGEST_LIST} of them, not {len(values)}.")
    return Comparison("notin", field, values)


def like(field: str, pattern: str) -> Filter:
    """% stands for any text, _ for one character."""
    return Comparison("like", field, (pattern,))


def not_like(field: str, pattern: str) -> Filter:
    return Comparison("notlike", field, (pattern,))


def on_or_between(field: str, first: date, last: date) -> Filter:
    """A day in this range. The gateway takes days in a filter as month/day/year, whatever the settings."""
    return between(field, f"{first:%m/%d/%Y}", f"{last:%m/%d/%Y}")


def is_null(field: str) -> Filter:
    return Comparison("isnull", field)


def is_not_null(field: str) -> Filter:
    return Comparison("isnotnull", field)


def every(*conditions: Filter) -> Filter:
    """All of these hold. The gateway wants two or more under "and", so a single one stays as it is."""
    return _joined("and", conditions)


def either(*conditions: Filter) -> Filter:
    """At least one of these holds."""
    return _joined("or", conditions)


def _joined(operator: str, conditions: tuple[Filter, ...]) -> Filter:
    if not conditions:
        raise ValueError("At least one condition is needed.")
    return conditions[0] if len(conditions) == 1 else Joined(operator, conditions)
