"""Changes to bytes that look like the gateway's: cut, doubled, joined with others, sprinkled with markup."""

from __future__ import annotations

import random
from collections.abc import Sequence

PIECES = (
    [
        b"<",
        b">",
        b"&",
        b"/",
        b"</",
        b"/>",
        b'"',
        b"\x00",
        b"\xff",
        b"\xe9",
        b"\r",
        b"\n",
        b"]]>",
        b"<!--",
        b"-->",
    ]
    + [b"<![CDATA[", b"<!DOCTYPE a>", b"<?x?>", b"&amp;", b"&#0;", b"&#39;", b"&#x41;", b"&nbsp;", b"<data>"]
    + [
        b"</data>",
        b"<data/>",
        b"<error/>",
        b"failure",
        b"success",
        b"<GLACCOUNT>",
        b"</GLACCOUNT>",
        b"<glaccount/>",
    ]
    + [
        b"<RECORDNO>",
        b"</RECORDNO>",
        b"<TITLE/>",
        b"1e5",
        b"NaN",
        b"-0.00",
        b"1,234",
        b"02/30/2024",
        b"0000-00-00",
    ]
    + [b"9" * 40, b"numremaining", b'totalcount="0"', b"xmlns:x='y'", b"x:", " ﻿".encode(), "🚲".encode()]
)


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The data after one to four changes."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 1, 2, 8, 40, 200)))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:start] + data[end:]
        elif kind == 1:
            data = data[:end] + data[start:end] + data[end:]
        elif kind == 2 and others:
            other = chance.choice(others)
            cut = chance.randint(0, len(other))
            data = data[:start] + other[cut : cut + chance.choice((1, 20, 400))] + data[end:]
        elif kind == 3 and data:
            place = min(start, len(data) - 1)
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        else:
            data = data[:start] + chance.choice(PIECES) + data[end:]
    return data
