"""Replies read the way the client reads them: a list while it arrives, anything else as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

import intacct
from intacct.envelope import circumstances, read_reply
from intacct.errors import IncompleteRead
from intacct.functions import Call, Function, ListFunction
from intacct.pages import Counts
from intacct.scanning import RowScanner, Values
from intacct.streaming import ListReply

Authentication = intacct.Login | intacct.Session
PIECE = 1000


def is_list(function: Call) -> TypeGuard[ListFunction]:
    return not hasattr(function, "read")


def pieces(body: bytes, size: int = PIECE) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def list_reply(
    body: bytes,
    function: ListFunction,
    authentication: Authentication,
    sender: intacct.Sender,
    control_id: str,
    size: int = PIECE,
) -> ListReply:
    sent = circumstances(function, authentication, sender)
    scanner = RowScanner(function.object_name, function.fields)
    return ListReply(pieces(body, size), function, control_id, sent, scanner)


def rows_in(
    body: bytes,
    function: ListFunction,
    authentication: Authentication,
    sender: intacct.Sender,
    control_id: str,
    size: int = PIECE,
) -> tuple[Counts, list[Values]]:
    """What a list announces, and its rows, read in pieces of this size."""
    reply = list_reply(body, function, authentication, sender, control_id, size)
    counts = function.counts(reply.head().attributes)
    rows = [values for batch in reply.batches() for values in batch]
    if counts.count != len(rows):
        raise IncompleteRead(f"{counts.count} rows were announced, not {len(rows)}")
    return counts, rows


def records_in(
    body: bytes,
    function: Function[Any] | ListFunction,
    authentication: Authentication,
    sender: intacct.Sender,
    control_id: str,
) -> Any:
    """The records of any answer."""
    if is_list(function):
        return rows_in(body, function, authentication, sender, control_id)[1]
    whole: Any = function
    return whole.read(read_reply(body, whole, authentication, sender, control_id).data)
