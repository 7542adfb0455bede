"""The query text of readByQuery, turned into the same filter elements that `query` takes.

The text speaks in database codes where the fields print words: a company's active accounts are `STATUS =
'T'`, and `STATUS = 'active'` finds nothing without complaining.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from intacct.sandbox.errors import unprocessable
from intacct.sandbox.replies import element, leaf

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|=|<|>)|(?P<mark>[(),])|(?P<word>[\w.#-]+))", re.DOTALL
)
_SIGNS = {
    "=": "equalto",
    "<": "lessthan",
    "<=": "lessthanorequalto",
    ">": "greaterthan",
    ">=": "greaterthanorequalto",
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "STATUS": {"T": "active", "F": "inactive"},
    "BUDGETING": {"T": "true", "F": "false"},
    "ACCOUNTTYPE": {"N": "balancesheet", "I": "incomestatement"},
}
_NO_SUCH_CODE = "\N{REPLACEMENT CHARACTER}"


def parsed_conditions(text: str) -> etree._Element | None:
    """The filter of a query text, None for an empty one; AND binds closer than OR. Raises FunctionFailure."""
    if not text.strip():
        return None
    alternatives: list[list[etree._Element]] = [[]]
    tokens = _Tokens(text)
    while True:
        alternatives[-1].append(_clause(tokens))
        joint = tokens.take().upper()
        if joint == "OR":
            alternatives.append([])
        elif joint == "":
            return _joined("or", [_joined("and", clauses) for clauses in alternatives])
        elif joint != "AND":
            raise unprocessable()


class _Tokens:
    """The words, signs and quoted texts of a query text, one after another."""

    def __init__(self, text: str) -> None:
        self._left: Iterator[str] = iter(_split(text))

    def take(self) -> str:
        """The next token, empty at the end."""
        return next(self._left, "")


def _split(text: str) -> list[str]:
    tokens, place, text = [], 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise unprocessable()
        tokens.append(match.group().strip())
        place = match.end()
    return tokens


def _clause(tokens: _Tokens) -> etree._Element:
    field, operator = tokens.take(), tokens.take()
    word = operator.upper()
    if word == "IS":
        return _null_test(tokens, field)
    negated = word == "NOT"
    word = tokens.take().upper() if negated else word
    if word == "LIKE":
        return element("notlike" if negated else "like", leaf("field", field), _value(field, tokens.take()))
    if word == "IN":
        return element("notin" if negated else "in", leaf("field", field), *_list(field, tokens))
    if operator not in _SIGNS:
        raise unprocessable()
    return element(_SIGNS[operator], leaf("field", field), _value(field, tokens.take()))


def _null_test(tokens: _Tokens, field: str) -> etree._Element:
    word = tokens.take().upper()
    name = "isnotnull" if word == "NOT" else "isnull"
    if (tokens.take().upper() if word == "NOT" else word) != "NULL":
        raise unprocessable()
    return element(name, leaf("field", field))


def _list(field: str, tokens: _Tokens) -> Iterator[etree._Element]:
    mark = tokens.take()
    if mark != "(":
        raise unprocessable()
    while mark != ")":
        yield _value(field, tokens.take())
        mark = tokens.take()
        if mark not in (",", ")"):
            raise unprocessable()


def _value(field: str, written: str) -> etree._Element:
    if re.fullmatch(r"[\w.-]+", written):
        text = written
    elif written.startswith("'"):
        text = re.sub(r"\\(.)", r"\1", written[1:-1])
    else:
        raise unprocessable()
    return leaf("value", _CODES[field].get(text, _NO_SUCH_CODE) if field in _CODES else text)


def _joined(name: str, parts: list[etree._Element]) -> etree._Element:
    return parts[0] if len(parts) == 1 else element(name, *parts)
