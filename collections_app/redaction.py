"""Takes the company's own figures and names out of an exchange, and leaves its form: for a support bundle.

It works on the text, not on a tree, because what went wrong may well be that the answer is not XML. Tags
stay, and so do dates and the values that say how an answer is built. Everything else keeps its shape alone:
letters become x, digits become 1, a zero amount stays zero. Numbers and names that tell records apart get
stand-ins, the same one for the same value.
"""

import re

PART = re.compile(r"(<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^<>]*>)", re.DOTALL)
TAG_NAME = re.compile(r"<(/?)([\w:.-]+)")
ATTRIBUTE = re.compile(r"(\s[\w:.-]+\s*=\s*)(\"[^\"]*\"|'[^']*')")
ENTITY = re.compile(r"&#?\w+;")
DAY, TIME = r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}", r"\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?([+-]\d{2}:\d{2}|Z)?"
DATE = re.compile(rf"{DAY}([T ]{TIME})?")
ZERO = re.compile(r"[-+]?0+([.,]0+)?")
WORD = re.compile(r"[^\s<>\"'\[\](),;]+")

# Elements and attributes whose values say how an answer is built, and nothing about the company.
STRUCTURE = {
    *("status", "function", "controlid", "uniqueid", "dtdversion", "includewhitespace", "errorno", "object"),
    *("field", "pagesize", "offset", "listtype", "totalcount", "count", "numremaining", "resultid"),
    *("start", "end", "version", "encoding", "transaction", "returnformat", "recordno", "state"),
    *("accounttype", "normalbalance", "closingtype", "tr_type", "sessiontimestamp", "sessiontimeout", "type"),
}
SAID = {"description", "description2", "correction"}
# Words that a message of Sage's own may begin with a capital letter.
SAGES = {
    *("Sage", "Intacct", "XML", "Web", "Services", "Sign-in", "The", "Error", "Invalid", "Request", "Check"),
    *("You", "No", "Unable", "Please", "Object", "Query", "Record", "Could", "Access", "There", "API", "Set"),
    *("This", "Contact", "Support", "Customer", "Incorrect", "Try", "Element", "Not", "Sender", "ID"),
}
SETTLED = {"true", "false", "success", "failure", "aborted", "t", "f", "active", "inactive", "y", "n", "null"}
TELLING_APART = re.compile(r"(no|id|key|code)$")


class Redaction:
    """One bundle's worth of texts: a value gets the same stand-in in all of them."""

    def __init__(self) -> None:
        self._stand_ins: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The same request or reply, without what it says of the company."""
        made, element = [], ""
        for part in PART.split(text):
            if part.startswith(("<!--", "<![CDATA[")):
                head, tail = (4, 3) if part.startswith("<!--") else (9, 3)
                made.append(part[:head] + self._value(part[head:-tail], "") + part[-tail:])
            elif part.startswith("<") and part.endswith(">"):
                name = TAG_NAME.match(part)
                element = name.group(2).lower() if name and not name.group(1) else ""
                made.append(ATTRIBUTE.sub(self._attribute, part))
            else:
                made.append(self._value(part, element))
        return "".join(made)

    def _attribute(self, found: re.Match[str]) -> str:
        name = found.group(1).strip(" \t\r\n=").lower()
        quote, value = found.group(2)[0], found.group(2)[1:-1]
        return f"{found.group(1)}{quote}{self._value(value, name)}{quote}"

    def _value(self, value: str, name: str) -> str:
        bare = value.strip()
        kept = name in STRUCTURE or not bare or bare.lower() in SETTLED
        if kept or DATE.fullmatch(bare) or ZERO.fullmatch(bare):
            return value
        if name in SAID:
            return WORD.sub(lambda word: _said(word.group()), _without_quotations(value))
        if TELLING_APART.search(name):
            return value.replace(bare, self._stand_in(bare))
        return _shape(value)

    def _stand_in(self, value: str) -> str:
        return self._stand_ins.setdefault(value, f"X{len(self._stand_ins) + 1:05}")


def _without_quotations(text: str) -> str:
    return re.sub(r"(['\"“‘])[^'\"“”‘’]*(['\"”’])", lambda found: _shape(found.group()), text)


def _said(word: str) -> str:
    """A word of a message: ordinary ones and Sage's own stay."""
    bare = word.strip(".:!?")
    return word if bare in SAGES or (bare.isascii() and bare.isalpha() and bare.islower()) else _shape(word)


def _shape(text: str) -> str:
    """Letters as x or X, digits as 1; entities, blanks and marks as they are."""
    made, place = [], 0
    for entity in ENTITY.finditer(text):
        made += [_shape_of_plain(text[place : entity.start()]), entity.group()]
        place = entity.end()
    return "".join([*made, _shape_of_plain(text[place:])])


def _shape_of_plain(text: str) -> str:
    return "".join(
        ("X" if letter.isupper() else "x") if letter.isalpha() else "1" if letter.isdigit() else letter
        for letter in text
    )
