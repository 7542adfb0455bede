"""A list's answer, read while it arrives.

Everything before the rows goes through the parser, and all three levels must have said success before the
first row is handed on. The rows are cut out on the way, and what follows them goes through the parser too, so
that in the end the whole document has been seen and holds nothing that contradicts its beginning.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from lxml import etree

from intacct.classification import Circumstances
from intacct.envelope import read_levels
from intacct.errors import ServiceUnavailable, UnreadableReply
from intacct.functions.function import Call
from intacct.parsing import PROLOG_LENGTH, attributes, check_prolog, hardened, looks_like_html
from intacct.redaction import excerpt
from intacct.scanning import RowScanner, Values

LARGEST_FRAME = 1024 * 1024
LARGEST_TAG = 64 * 1024
_DATA = re.compile(rb"<data(?:[ \t\r\n][^<>]*|/)?>")
# As many bytes as an envelope has before any row, and enough to tell a web page.
_ENOUGH = 512
_PATH = ["result", "operation", "response"]


@dataclass(frozen=True, slots=True)
class ListHead:
    """What an answer says before its rows: the attributes of the list, and how long the session lives."""

    attributes: Mapping[str, str]
    lifetime: timedelta | None


class ListReply:
    """The answer to one call for rows. First ``head``, then ``batches``, each once."""

    def __init__(
        self,
        chunks: Iterator[bytes],
        function: Call,
        control_id: str,
        sent: Circumstances,
        scanner: RowScanner,
    ) -> None:
        self._chunks = chunks
        self._function = function
        self._control_id = control_id
        self._sent = sent
        self._scanner = scanner
        self._parser = etree.XMLPullParser(events=("start", "end"), **hardened())
        self._beginning = b""
        self._waiting = b""
        self._fed = 0
        self._root: etree._Element | None = None
        self._data: etree._Element | None = None
        self._ended = False

    def head(self) -> ListHead:
        """Reads as far as the list's opening tag.

        Raises the error that belongs to the level that failed, ServiceUnavailable for a web page, and
        UnreadableReply, with a masked excerpt, for anything that is not an answer to this call.
        """
        try:
            return self._head()
        except UnreadableReply as problem:
            detail = problem.detail
        raise self._unreadable(detail)

    def batches(self) -> Iterator[list[Values]]:
        """The rows, as many at a time as arrived together, then the check of what follows them."""
        try:
            yield from self._batches()
        except UnreadableReply as problem:
            detail = problem.detail
        else:
            return
        raise self._unreadable(detail)

    def _unreadable(self, detail: str) -> UnreadableReply:
        begins = excerpt(self._beginning, self._sent.secrets)
        return UnreadableReply(f"{detail}; it begins: {begins}", function=self._sent.label)

    def _head(self) -> ListHead:
        arrived = self._first()
        searched = 0
        while self._data is None:
            found = _DATA.search(arrived, searched)
            if found is not None:
                self._feed(arrived[searched : found.end()])
                searched = found.end()
                continue
            arrived = self._unfinished_tag(arrived[searched:])
            searched = 0
            following = next(self._chunks, b"")
            if not following:
                return self._without_list(arrived)
            arrived += following
        self._waiting = arrived[searched:]
        return self._checked()

    def _unfinished_tag(self, arrived: bytes) -> bytes:
        """Gives the parser all but a tag that the end of what has arrived cuts in two, and returns that."""
        cut = arrived.rfind(b"<")
        if cut < 0 or b">" in arrived[cut:]:
            cut = len(arrived)
        if len(arrived) - cut > LARGEST_TAG:
            raise UnreadableReply("the reply has a tag that is too large")
        self._feed(arrived[:cut])
        if self._data is not None:
            # Rows behind it may have gone to the parser already, so none of them could be relied on.
            raise UnreadableReply("the list opens with a tag that is not plain")
        return arrived[cut:]

    def _first(self) -> bytes:
        """What arrived first, enough of it to tell XML from anything else."""
        arrived = b""
        for chunk in self._chunks:
            arrived += chunk
            if len(arrived) >= _ENOUGH:
                break
        self._beginning = arrived[:PROLOG_LENGTH]
        if looks_like_html(arrived):
            raise ServiceUnavailable("the gateway sent a web page", function=self._sent.label)
        check_prolog(arrived)
        return arrived

    def _without_list(self, arrived: bytes) -> ListHead:
        """The whole answer has no list: then one of the levels says why, or the answer is not one."""
        self._feed(arrived)
        self._close()
        return self._checked()

    def _checked(self) -> ListHead:
        if self._root is None:
            raise UnreadableReply("the reply holds no element")
        levels = read_levels(self._root, self._function, self._sent, self._control_id)
        return ListHead(attributes(levels.data), levels.lifetime)

    def _batches(self) -> Iterator[list[Values]]:
        # A list without rows may be a single tag, which the parser has then already closed.
        behind = self._waiting
        if not self._ended:
            decoder = codecs.getincrementaldecoder("utf-8")("strict")
            yield from self._scanned(decoder)
            # The decoder may hold the beginning of a letter that the last chunk cut in two.
            behind = self._scanner.rest.encode() + decoder.getstate()[0]
        self._feed(behind)
        for chunk in self._chunks:
            self._feed(chunk)
        self._close()
        self._checked()

    def _scanned(self, decoder: codecs.IncrementalDecoder) -> Iterator[list[Values]]:
        waiting, self._waiting = self._waiting, b""
        while True:
            rows = self._scanner.scan(_decoded(decoder, waiting))
            if rows:
                yield rows
            if self._scanner.finished:
                return
            waiting = next(self._chunks, b"")
            if not waiting:
                raise UnreadableReply("the reply ends in the middle of its list")

    def _feed(self, piece: bytes) -> None:
        self._fed += len(piece)
        if self._fed > LARGEST_FRAME:
            raise UnreadableReply("the reply is too large around its list")
        problem = ""
        try:
            self._parser.feed(piece)
            self._note()
        except (etree.XMLSyntaxError, ValueError) as error:
            problem = f"the reply is not well-formed XML: {getattr(error, 'code', '')}".rstrip(": ")
        if problem:
            raise UnreadableReply(problem)

    def _note(self) -> None:
        for event, element in self._parser.read_events():
            if not isinstance(element, etree._Element):
                continue
            if self._root is None:
                self._root = element
            if event == "start" and element.tag == "data" and self._data is None:
                if [ancestor.tag for ancestor in element.iterancestors()] == _PATH:
                    self._data = element
            elif event == "end" and element is self._data:
                self._ended = True

    def _close(self) -> None:
        problem = ""
        try:
            root = self._parser.close()
            problem = (
                "" if root.getroottree().docinfo.internalDTD is None else "the reply has a document type"
            )
        except (etree.XMLSyntaxError, ValueError) as error:
            problem = f"the reply is not well-formed XML: {getattr(error, 'code', '')}".rstrip(": ")
        if problem:
            raise UnreadableReply(problem)


def _decoded(decoder: codecs.IncrementalDecoder, piece: bytes) -> str:
    try:
        return decoder.decode(piece)
    except UnicodeDecodeError:
        problem = "the reply is not in UTF-8"
    raise UnreadableReply(problem)
