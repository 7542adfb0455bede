"""The parser under attack, and readers that do not guess."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct import parsing
from intacct.parsing import amount, boolean, flat, parse, text, timestamp, whole_number

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><response>&c;</response>"""
QUADRATIC = (
    b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 50_000 + b'">]><response>' + b"&a;" * 10_000 + b"</response>"
)
EXTERNAL = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><response>&a;</response>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><response/>'

ATTACKS = {
    "billion laughs": LAUGHS,
    "quadratic blow-up": QUADRATIC,
    "external entity": EXTERNAL,
    "parameter entity": PARAMETER,
    "plain document type": b"<!DOCTYPE response><response/>",
    "document type in small letters": b"<!doctype response><response/>",
    "document type behind a declaration": b'<?xml version="1.0"?>\n<!DOCTYPE r SYSTEM "x"><r/>',
    "document type behind a comment": b'<!-- x --><!DOCTYPE r SYSTEM "x"><r/>',
    "depth 100,000": b"<response>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</response>",
    "text of 11 MB": b"<response>" + b"x" * 11_000_000 + b"</response>",
    "undefined entity": b"<response>&nbsp;</response>",
    "NUL": b"<response>\x00</response>",
    "character reference to NUL": b"<response>&#0;</response>",
    "control character": b"<response>\x08</response>",
    "invalid UTF-8": b"<response>\xff\xfe\xfa</response>",
    "Latin-1 declared": b'<?xml version="1.0" encoding="ISO-8859-1"?><response>\xe9</response>',
    "UTF-7 declared": b'<?xml version="1.0" encoding="UTF-7"?><response>+ADw-script+AD4-</response>',
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><response/>'.encode("utf-16"),
    "UTF-16 without a mark": "<response/>".encode("utf-16-le"),
    "UTF-32": "<response/>".encode("utf-32"),
    "EBCDIC": '<?xml version="1.0" encoding="cp037"?><response/>'.encode("cp037"),
    "JSON": b'{"status": "success"}',
    "plain text": b"API rate limit exceeded",
    "empty": b"",
    "blank": b"  \n ",
    "truncated": b"<response><control><status>succ",
    "two roots": b"<response/><response/>",
    "text behind the root": b"<response/>trailing",
    "HTML": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "a script before the root": b"<?php system('x') ?><response/>",
    "unclosed declaration": b'<?xml version="1.0" <response/>',
    "repeated attribute": b'<response a="1" a="2"/>',
    "unbound prefix": b"<x:response/>",
}


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_quickly(body: bytes) -> None:
    began = time.process_time()
    with pytest.raises(intacct.UnreadableReply):
        parse(body)
    assert time.process_time() - began < 2


def test_a_refusal_does_not_quote_the_reply() -> None:
    with pytest.raises(intacct.UnreadableReply) as caught:
        parse(b"<response><sessionid>hunter22</sesionid></response>")
    assert "hunter22" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_reply_beyond_the_size_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAXIMUM_BYTES", 20)
    with pytest.raises(intacct.UnreadableReply, match="larger than 20 bytes"):
        parse(b"<response>" + b" " * 20 + b"</response>")


def test_two_hundred_thousand_attributes_end_quickly() -> None:
    body = b"<response " + b" ".join(b'a%d="x"' % index for index in range(200_000)) + b"/>"
    began = time.process_time()
    with contextlib.suppress(intacct.UnreadableReply):
        parse(body)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "body",
    [
        b"<response/>",
        b'<?xml version="1.0" encoding="UTF-8"?><response/>',
        b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' ?>\r\n<response/>",
        b'<?xml version="1.0"?>\n\n<response/>',
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response/>',
    ],
)
def test_the_forms_that_the_gateway_writes_are_read(body: bytes) -> None:
    assert parse(body).tag == "response"


def test_names_in_any_script_arrive_whole() -> None:
    root = parse("<r><NAME>Zoë &amp; Søn – 株式会社 &#039;x&#039;</NAME></r>".encode())
    assert text(root, "NAME") == "Zoë & Søn – 株式会社 'x'"


def test_comments_do_not_cut_a_text_in_two() -> None:
    assert text(parse(b"<r><a>12<!-- x -->34</a></r>"), "a") == "1234"


def test_missing_empty_and_blank_all_mean_null() -> None:
    root = parse(b"<r><a/><b></b><c>  </c></r>")
    assert [text(root, name) for name in "abcd"] == ["", "", "", ""]


def test_a_field_given_twice_is_refused() -> None:
    root = parse(b"<r><a>1</a><a>2</a></r>")
    with pytest.raises(intacct.UnreadableReply, match="more than once"):
        text(root, "a")
    with pytest.raises(intacct.UnreadableReply, match="more than once"):
        flat(root)


def test_elements_where_text_should_be_are_refused() -> None:
    root = parse(b"<r><a>1<b>2</b></a></r>")
    with pytest.raises(intacct.UnreadableReply):
        text(root, "a")
    with pytest.raises(intacct.UnreadableReply):
        flat(root)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0", "0"),
        ("0.00", "0.00"),
        ("12.5", "12.5"),
        ("-12.50", "-12.50"),
        (".5", "0.5"),
        ("-.25", "-0.25"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
    ],
)
def test_amounts_are_exact(written: str, meant: str) -> None:
    assert amount(written, "x") == Decimal(meant)


def test_negative_zero_is_zero() -> None:
    assert str(amount("-0.00", "x")) == "0.00"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "1,234.56",
        "1.234,56",
        "1 234",
        "1e5",
        "1E5",
        "NaN",
        "Infinity",
        "-",
        ".",
        "5.",
        "+5",
        "--5",
        "1_000",
    ]
    + ["0x10", "٣", "１２", "1.2.3", "(5)", "5-", "$5", "9" * 31, "1\n"],
)
def test_what_could_mean_two_things_is_no_amount(written: str) -> None:
    with pytest.raises(intacct.UnreadableReply, match="not a plain amount"):
        amount(written, "x")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4))
def test_every_plain_decimal_is_read_as_itself(number: Decimal) -> None:
    assert amount(f"{number:f}", "x") == number


@given(st.text(max_size=12))
def test_a_text_is_an_exact_amount_or_refused(written: str) -> None:
    try:
        number = amount(written, "x")
    except intacct.UnreadableReply:
        return
    assert number == Decimal(written)
    assert written.isascii()


@pytest.mark.parametrize("written", ["", "-1", "1.0", "1,000", "٣", "1e3", " 1", "9" * 19])
def test_what_is_not_plain_digits_is_no_whole_number(written: str) -> None:
    with pytest.raises(intacct.UnreadableReply):
        whole_number(written, "x")


def test_booleans_are_words_or_letters_and_nothing_else() -> None:
    assert [boolean(value, "x") for value in ("true", "false", "T", "F")] == [True, False, True, False]
    for value in ("", "yes", "1", "True", "null"):
        with pytest.raises(intacct.UnreadableReply):
            boolean(value, "x")


def test_a_time_without_an_offset_is_refused() -> None:
    assert timestamp("2026-05-04T09:15:00-08:00", "x").utcoffset() is not None
    for value in ("", "2026-05-04T09:15:00", "05/04/2026", "now"):
        with pytest.raises(intacct.UnreadableReply):
            timestamp(value, "x")


@given(st.binary(max_size=200))
def test_any_bytes_are_xml_or_refused(body: bytes) -> None:
    with contextlib.suppress(intacct.UnreadableReply):
        parse(body)


@pytest.mark.parametrize(
    ("setting", "written"),
    [("/mdY", "02/03/2026"), (".dmY", "03.02.2026"), ("-Ymd", "2026-02-03"), (" dmY", "3 2 2026")],
)
def test_dates_are_read_in_the_users_own_format(setting: str, written: str) -> None:
    assert intacct.DateFormat(setting).read(written, "x") == date(2026, 2, 3)


@pytest.mark.parametrize(
    "written", ["02/30/2024", "00/00/0000", "0000-00-00", "13/01/2024", "1/2/24", "", "2/3/2026 "]
)
def test_a_day_that_is_not_in_the_calendar_or_the_format_is_refused(written: str) -> None:
    with pytest.raises(intacct.UnreadableReply):
        intacct.DateFormat("/mdY").read(written, "x")


@pytest.mark.parametrize("setting", ["", "/mdy", "mdY", "/mmY", "/mdYY", "%m/%d/%Y", "/dM", "\\dmY"])
def test_a_date_setting_that_cannot_be_read_safely_is_the_borrowers_to_change(setting: str) -> None:
    with pytest.raises(intacct.UnreadableFormatting) as caught:
        intacct.DateFormat(setting)
    assert caught.value.mender is intacct.Mender.BORROWER


@given(st.dates(), st.sampled_from(["/mdY", ".dmY", "-Ymd", "/Ydm"]))
def test_every_day_survives_every_format(day: date, setting: str) -> None:
    parts = {"d": f"{day.day:02}", "m": f"{day.month:02}", "Y": f"{day.year:04}"}
    written = setting[0].join(parts[part] for part in setting[1:])
    assert intacct.DateFormat(setting).read(written, "x") == day
