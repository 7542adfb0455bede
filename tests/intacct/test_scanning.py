"""Rows cut out of text are the rows that an XML parser sees, however the text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import intacct
from intacct.parsing import flat, parse
from intacct.scanning import LARGEST_ROW, RowScanner, Values

FIELDS = ("A", "B.C", "D")
PLAIN = "<T><A>1</A><B.C>x y</B.C><D/></T>"


def scanned(text: str, size: int = 10_000, fields: Values = FIELDS, name: str = "T") -> list[Values]:
    scanner = RowScanner(name, fields)
    rows: list[Values] = []
    for start in range(0, len(text), size):
        rows += scanner.scan(text[start : start + size])
    assert scanner.finished
    assert scanner.rest.startswith("</data")
    return [tuple(value.strip() for value in row) for row in rows]


def by_parser(rows: str, fields: Values = FIELDS) -> list[Values]:
    found = [flat(row) for row in parse(f"<data>{rows}</data>".encode())]
    return [tuple(row.get(field, "") for field in fields) for row in found]


ROWS = {
    "plain": PLAIN,
    "layout": "\n  <T>\n <A>1</A>\n <B.C> x </B.C>\n</T>\n",
    "missing fields": "<T><A>1</A></T>",
    "another order": "<T><D>3</D><A>1</A></T>",
    "more fields": "<T><A>1</A><X>9</X><D>3</D></T>",
    "references": "<T><A>a &amp; b &lt;c&gt; &quot;d&quot; &#039;e&apos; &#xE9;</A><D>&#169;</D></T>",
    "character data": "<T><A><![CDATA[<1>&]]></A></T>",
    "a comment": "<T><A>1<!-- x -->2</A></T>",
    "an attribute": '<T x="1"><A y="2">1</A></T>',
    "line ends": "<T><A>1\r\n2</A></T>",
    "blanks in tags": "<T ><A >1</A ><D />\n</T>",
    "a big letter by number": "<T><A>&#128512;</A></T>",
    "letters": "<T><A>Łódź Søn – 株式会社 🚲</A></T>",
}


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_row_is_what_the_parser_sees_wherever_it_is_cut(row: str, size: int) -> None:
    if "</T>" not in row:
        return
    text = PLAIN + row + row + PLAIN
    assert scanned(text + "</data>", size) == by_parser(text)


@pytest.mark.parametrize(
    "row",
    [
        "<T><A>1</A><A>2</A></T>",
        "<T><A>1<B>2</B></A></T>",
        "<T><A>&nbsp;</A></T>",
        "<T><A>&#0;</A></T>",
        "<T><A>&#07;</A></T>",
        "<T><A>&#x1f;</A></T>",
        "<T><A>\x08</A></T>",
        "<T><A>\ufffe</A></T>",
        "<T><A>1</B></T>",
        "<T><A>1</T>",
        "<T></A></T>",
        "<T/></T>",
        "<U><A>1</A></U>",
        "text",
        "<!-- a comment --><T/>",
        "<?instruction?>",
        "<![CDATA[<T><A>1</A></T>]]>",
        "<!DOCTYPE x>",
        "<T><x:A>1</x:A></T>",
        "<T><A>a & b</A></T>",
        "<T><A>]]></A></T>",
        "&amp;",
        "\x1c<T><A>1</A></T>",
        "<T>\x1c<A>1</A></T>",
        "<T><A>1</A>\x1d</T>",
        "<T><A>1</A>\xa0text</T>",
    ],
)
@pytest.mark.parametrize("before", ["", PLAIN])
def test_what_is_no_plain_list_of_rows_is_refused(row: str, before: str) -> None:
    with pytest.raises(intacct.UnreadableReply):
        RowScanner("T", FIELDS).scan(before + row + " " * 3 + PLAIN + "</data>")


def test_a_row_that_never_ends_is_refused() -> None:
    scanner = RowScanner("T", FIELDS)
    scanner.scan(PLAIN)
    with pytest.raises(intacct.UnreadableReply, match="too large"):
        for _ in range(LARGEST_ROW // 1000 + 2):
            scanner.scan("<T><A>" + "x" * 1000)


def test_a_tag_that_never_ends_is_refused() -> None:
    with pytest.raises(intacct.UnreadableReply):
        RowScanner("T", FIELDS).scan("<" + "T" * (LARGEST_ROW + 1))


def test_rows_of_the_older_calls_come_in_small_letters() -> None:
    assert scanned("<glaccount><A>1</A></glaccount></data>", name="GLACCOUNT") == [("1", "", "")]


def test_a_row_is_reduced_to_the_fields_asked_for_in_their_order() -> None:
    assert scanned(PLAIN + "</data>", fields=("D", "A")) == [("", "1")]
    assert scanned(PLAIN + PLAIN + "</data>", fields=("B.C",)) == [("x y",), ("x y",)]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n<>&'\""))
ROW = st.dictionaries(st.sampled_from(["A", "B.C", "D", "E"]), TEXTS | st.none(), max_size=4)


@given(st.lists(ROW, max_size=8), st.integers(1, 50), st.booleans())
def test_any_rows_written_as_xml_are_read_as_the_parser_reads_them(
    rows: list[dict[str, str | None]], size: int, ascii_only: bool
) -> None:
    data = etree.Element("data")
    for row in rows:
        element = etree.SubElement(data, "T")
        for name, value in row.items():
            try:
                etree.SubElement(element, name).text = value
            except ValueError:
                return
    if any(not len(row) for row in data):
        return
    encoding = "us-ascii" if ascii_only else "utf-8"
    written = [etree.tostring(row, encoding=encoding, xml_declaration=False) for row in data]
    inner = "".join(piece.decode() for piece in written if isinstance(piece, bytes))
    assert scanned(inner + "</data>", size) == by_parser(inner)


PIECES = st.sampled_from(
    [
        "<T>",
        "</T>",
        "<A>",
        "</A>",
        "<A/>",
        "<T/>",
        "<D>",
        "</D>",
        "1",
        " ",
        "&amp;",
        "&",
        "<",
        ">",
        "<![CDATA[",
    ]
    + ["]]>", "<!--", "-->", "é", "\x00", "&#39;", "&#9;", "</data", "<?", "?>", "\r", 'x="1"']
)


@given(st.lists(PIECES, max_size=30).map("".join), st.integers(1, 40))
def test_whatever_is_taken_the_parser_would_have_taken_too(text: str, size: int) -> None:
    whole = PLAIN + text
    scanner = RowScanner("T", FIELDS)
    rows: list[Values] = []
    try:
        for start in range(0, len(whole), size):
            rows += scanner.scan(whole[start : start + size])
    except intacct.UnreadableReply:
        return
    taken = whole[: len(whole) - len(scanner.rest)]
    if scanner.finished or size >= len(whole):
        assert [tuple(value.strip() for value in row) for row in rows] == by_parser(taken)
