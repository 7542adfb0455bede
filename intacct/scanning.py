"""Rows of a list, cut out of its text while the rest is still arriving.

Almost every row of an answer is plain: its element, in it the fields in one order, in each field text without
any markup. Such a row is a regular language, so one expression per answer recognizes it and takes its fields,
which is several times as fast as building elements. The expression is anchored where a row must begin and
accepts nothing that XML would read differently; any other row goes to the parser, alone. What neither accepts
is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter

from intacct.errors import UnreadableReply
from intacct.parsing import flat, parse, shown

Values = tuple[str, ...]
LARGEST_ROW = 256 * 1024
# No markup, no reference, nothing that XML forbids or would normalize.
_PLAIN = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
# The same with the references that XML itself defines, and with ordinary letters by number.
_REFERENCE = r"&(?:amp|lt|gt|quot|apos|#[0-9]{2,4}|#x[0-9a-fA-F]{2,3});"
_REFERRING = rf"{_PLAIN}(?:{_REFERENCE}{_PLAIN})*+"
_REFERENCES = re.compile(_REFERENCE)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_FIRST_LETTER = 32
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# Blanks as XML knows them: what else looks blank to Python is text, or forbidden.
_LAYOUT = r"[ \t\r\n]*+"
_OPENING = re.compile(r"<([^ \t\r\n<>/]+)[ \t\r\n/>]")
_BEGINNING = re.compile(r"<[^\s<>/!?]")
_BLANK = re.compile(_LAYOUT)
_CLOSING_LIST = "</data"


class RowScanner:
    """Takes the text between the tags of ``data`` piece by piece and gives the rows in it.

    object_name: what every row's element is called, in any case of letters.
    fields: what a row is reduced to, in this order; a field that a row lacks is null, which is "".
    Rows keep the blanks around their texts.
    """

    def __init__(self, object_name: str, fields: Values) -> None:
        self._object_name = object_name
        self._fields = fields
        self._names: Values = ()
        self._take: Callable[[str, int], tuple[Values, int] | None] = _nothing
        self._closing = ""
        self._rest = ""
        self.finished = False

    @property
    def rest(self) -> str:
        """What follows the last row: from the closing tag of the list on, once ``finished``."""
        return self._rest

    def scan(self, arrived: str) -> list[Values]:
        """The rows that are complete now. Raises UnreadableReply for anything between them but blanks."""
        text, position = self._rest + arrived, 0
        rows: list[Values] = []
        while True:
            taken = self._take(text, position)
            if taken is None:
                taken = self._other(text, _after_blanks(text, position))
            if taken is None:
                break
            rows.append(taken[0])
            position = taken[1]
        self._rest = text[position:]
        return rows

    def _other(self, text: str, position: int) -> tuple[Values, int] | None:
        """A row that is not of the usual shape, by the parser; None if more has to arrive, or at the end."""
        if text.startswith(_CLOSING_LIST, position):
            self.finished = True
            return None
        if not self._begins(text, position):
            return None
        end = text.find(self._closing, position)
        if end < 0:
            if len(text) - position > LARGEST_ROW:
                raise UnreadableReply(f"a row of {self._object_name} is too large")
            return None
        end += len(self._closing)
        return self._parsed(text[position:end]), end

    def _begins(self, text: str, position: int) -> bool:
        opening = _OPENING.match(text, position)
        if opening is None:
            if not _may_begin(text[position : position + len(_CLOSING_LIST)]) or (
                len(text) - position > LARGEST_ROW
            ):
                raise UnreadableReply(f"the list of {self._object_name} holds something between its rows")
            return False
        if opening[1].upper() != self._object_name.upper():
            raise UnreadableReply(f"the list of {self._object_name} holds {shown(opening[1])}")
        self._closing = f"</{opening[1]}>"
        return True

    def _parsed(self, piece: str) -> Values:
        row = parse(piece.encode())
        found = flat(row)
        # The expression is made from the fullest row so far, so it is made a few times at most.
        if len(found) > len(self._names):
            self._names = tuple(found)
            self._take = _taker(str(row.tag), self._names, self._fields)
        return tuple(found.get(field, "") for field in self._fields)


def _may_begin(text: str) -> bool:
    """Whether this can become the tag of a row or the end of the list, once more has arrived."""
    return not text or _CLOSING_LIST.startswith(text) or _BEGINNING.match(text) is not None


def _nothing(text: str, position: int) -> None:
    return None


def _after_blanks(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _taker(tag: str, names: Values, fields: Values) -> Callable[[str, int], tuple[Values, int] | None]:
    """Takes a row with these fields in this order, each of which may be missing; None if it is another."""
    if not all(_NAME.fullmatch(name) for name in (tag, *names)):
        return _nothing
    plain, referring = _expression(tag, names, _PLAIN).match, _expression(tag, names, _REFERRING).match
    arranged = None if names == fields else _arrangement(names, fields)

    def take(text: str, position: int) -> tuple[Values, int] | None:
        found = plain(text, position)
        if found is not None:
            values = found.groups("")
        else:
            found = referring(text, position)
            if found is None:
                return None
            values = tuple([_resolved(value) if "&" in value else value for value in found.groups("")])
        return values if arranged is None else arranged((*values, "")), found.end()

    return take


def _expression(tag: str, names: Values, content: str) -> re.Pattern[str]:
    cells = "".join(rf"(?:<{name}(?:>({content})</{name}>|/>){_LAYOUT})?+" for name in map(re.escape, names))
    return re.compile(rf"{_LAYOUT}<{re.escape(tag)}>{_LAYOUT}{cells}</{re.escape(tag)}>")


def _resolved(value: str) -> str:
    return _REFERENCES.sub(_meant, value)


def _meant(reference: re.Match[str]) -> str:
    name = reference[0][1:-1]
    if name in _NAMED:
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    if code < _FIRST_LETTER and code not in (9, 10, 13):
        raise UnreadableReply("a row refers to a character that XML does not allow")
    return chr(code)


def _arrangement(names: Values, fields: Values) -> Callable[[Values], Values]:
    """From the fields as they arrive, with "" behind them, to the fields as they were asked for."""
    places = [names.index(field) if field in names else len(names) for field in fields]
    if len(places) == 1:
        return lambda values: (values[places[0]],)
    return itemgetter(*places)
