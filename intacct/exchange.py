"""What was sent and what came back, with every secret masked: for support, when an answer cannot be relied
on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intacct.redaction import mask, mask_xml

KEPT_OF_EACH_END = 32 * 1024
_GAP = "\n[left out here]\n"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and as much of its reply as arrived, masked. Of a long reply both ends are kept.

    The reply holds the company's own figures: whoever keeps it keeps it as confidential as the books.
    """

    request: str
    reply: str


class Recorder:
    """Listens to a reply while it arrives and keeps what an `Exchange` needs of it."""

    def __init__(self, request: bytes, secrets: Iterable[str]) -> None:
        self._request = request
        self._secrets = tuple(secrets)
        self._head = b""
        self._tail = b""
        self._length = 0

    def chunks(self, arriving: Iterator[bytes]) -> Iterator[bytes]:
        """The same chunks."""
        for chunk in arriving:
            self.keep(chunk)
            yield chunk

    def keep(self, chunk: bytes) -> None:
        room = KEPT_OF_EACH_END - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        self._length += len(chunk)
        self._tail = (self._tail + chunk)[-KEPT_OF_EACH_END:]

    @property
    def exchange(self) -> Exchange:
        gap = _GAP if self._length > len(self._tail) else ""
        reply = self._head.decode("utf-8", "replace") + gap + self._tail.decode("utf-8", "replace")
        return Exchange(self._masked(self._request.decode("utf-8", "replace")), self._masked(reply))

    def _masked(self, text: str) -> str:
        return mask(mask_xml(text), self._secrets)
