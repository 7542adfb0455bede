"""What is fuzzed: bytes in, and nothing but an answer or one of our errors may come out.

Two readers of one list exist, the one that cuts rows out of the text and the parser. Whatever the first
takes, the second must take too, with the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import intacct
from intacct.chart import account
from intacct.envelope import circumstances, read_reply
from intacct.functions import (
    Function,
    GetAccountBalancesByDimension,
    GetAPISession,
    GetReceivablesAging,
    GetTrialBalance,
    GetUserPermissions,
    Lookup,
    Period,
    Query,
    ReadByQuery,
    ReadEntityDetails,
    ReadUserFormatting,
)
from intacct.parsing import flat, parse
from intacct.rows import Row, RowShape
from intacct.scanning import RowScanner, Values
from intacct.streaming import ListReply

SENDER = intacct.Sender("lenderportal", "sender-secret-1")
SESSION = intacct.Session("SESSION-ID", "https://api.intacct.com/", datetime(2026, 5, 4, tzinfo=UTC))
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))
FIELDS = ("RECORDNO", "ACCOUNTNO", "TITLE", "STATUS", "AMOUNT", "ENTRY_DATE", "WHENMODIFIED", "TAXABLE")
FORMATTING = intacct.UserFormatting("en_US", intacct.DateFormat("/mdY"), "-08:00", "24")
CONTROL_ID = "c"
WHOLE: tuple[Function[Any], ...] = (
    GetAPISession(),
    ReadEntityDetails(),
    ReadUserFormatting("u"),
    GetTrialBalance(APRIL.start, APRIL.end),
    GetAccountBalancesByDimension(APRIL, ("location",)),
    GetReceivablesAging(APRIL.end),
    GetUserPermissions("u"),
    Lookup("GLACCOUNT"),
)
LISTS = (Query("GLACCOUNT", FIELDS), Query("GLDETAIL", FIELDS), ReadByQuery("GLACCOUNT", FIELDS))
SIZES = (1, 3, 17, 256, 65536)


def whole(data: bytes) -> None:
    """An answer that is read as a whole; the first byte chooses the call."""
    function = WHOLE[data[0] % len(WHOLE)] if data else WHOLE[0]
    try:
        function.read(read_reply(data[1:], function, SESSION, SENDER, CONTROL_ID).data)
    except intacct.IntacctError as error:
        check(error)


def listed(data: bytes) -> None:
    """A list; the first byte chooses the call, the second how the bytes are cut."""
    function = LISTS[data[0] % len(LISTS)] if data else LISTS[0]
    size = SIZES[data[1] % len(SIZES)] if len(data) > 1 else SIZES[0]
    body = data[2:]
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    sent = circumstances(function, SESSION, SENDER)
    reply = ListReply(chunks, function, CONTROL_ID, sent, RowScanner(function.object_name, function.fields))
    try:
        function.counts(reply.head().attributes)
        rows = [values for batch in reply.batches() for values in batch]
    except intacct.IntacctError as error:
        check(error)
        return
    assert stripped(rows) == by_parser(read_reply(body, function, SESSION, SENDER, CONTROL_ID).data)
    for values in rows:
        read_values(Row(RowShape(function.object_name, FIELDS, FORMATTING), values))


def scanned(data: bytes) -> None:
    """The text between the tags of a list; the first byte chooses how it is cut."""
    size = SIZES[data[0] % len(SIZES)] if data else SIZES[0]
    text = data[1:].decode("utf-8", "replace")
    scanner = RowScanner("GLACCOUNT", FIELDS)
    rows: list[Values] = []
    try:
        for start in range(0, len(text), size):
            rows += scanner.scan(text[start : start + size])
            if scanner.finished:
                return
    except intacct.IntacctError as error:
        check(error)
        return
    taken = text[: len(text) - len(scanner.rest)]
    assert stripped(rows) == by_parser(parse(f"<data>{taken}</data>".encode()))


TARGETS: Mapping[str, Callable[[bytes], None]] = {"whole": whole, "listed": listed, "scanned": scanned}


def by_parser(data: Any) -> list[Values]:
    found = [flat(row) for row in data]
    return [tuple(row.get(field, "") for field in FIELDS) for row in found]


def stripped(rows: list[Values]) -> list[Values]:
    return [tuple(value.strip() for value in row) for row in rows]


def read_values(row: Row) -> None:
    readers = (row.amount, row.date, row.timestamp, row.boolean, row.whole_number)
    for name in FIELDS:
        for reader in readers:
            try:
                reader(name)
            except intacct.IntacctError as error:
                check(error)
    try:
        account(row.fields)
    except intacct.IntacctError as error:
        check(error)


def check(error: intacct.IntacctError) -> None:
    """An error has a sentence and shows no secret."""
    assert error.sentence
    shown = f"{error} {error!r} {error.__dict__}"
    assert SENDER.password not in shown
    assert SESSION.id not in shown
