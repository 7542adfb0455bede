"""Conditions of a query."""

from __future__ import annotations

import pytest
from lxml import etree

from intacct import filters


@pytest.mark.parametrize(
    ("condition", "xml"),
    [
        (filters.equal_to("A", "x<y"), b"<equalto><field>A</field><value>x&lt;y</value></equalto>"),
        (filters.not_equal_to("A", "1"), b"<notequalto><field>A</field><value>1</value></notequalto>"),
        (filters.less_than("A", "1"), b"<lessthan><field>A</field><value>1</value></lessthan>"),
        (
            filters.at_most("A", "1"),
            b"<lessthanorequalto><field>A</field><value>1</value></lessthanorequalto>",
        ),
        (
            filters.at_least("A", "1"),
            b"<greaterthanorequalto><field>A</field><value>1</value></greaterthanorequalto>",
        ),
        (
            filters.between("A", "1", "2"),
            b"<between><field>A</field><value>1</value><value>2</value></between>",
        ),
        (filters.one_of("A", "1", "2"), b"<in><field>A</field><value>1</value><value>2</value></in>"),
        (filters.is_null("A"), b"<isnull><field>A</field></isnull>"),
        (
            filters.either(filters.is_null("A"), filters.is_not_null("B")),
            b"<or><isnull><field>A</field></isnull><isnotnull><field>B</field></isnotnull></or>",
        ),
        (filters.every(filters.is_null("A")), b"<isnull><field>A</field></isnull>"),
    ],
)
def test_conditions_are_written_as_the_query_language_has_them(condition: filters.Filter, xml: bytes) -> None:
    parent = etree.Element("filter")
    condition.write(parent)
    assert etree.tostring(parent[0]) == xml


def test_lists_of_values_stay_within_what_the_gateway_takes() -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        filters.one_of("A", *map(str, range(1001)))
    with pytest.raises(ValueError, match="condition"):
        filters.every()
