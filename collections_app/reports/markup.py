"""Markup built as a tree, so that no text of a stranger can ever become a tag.

Every text passes ``printable`` on its way in and is escaped on its way out; there is no other way in.
"""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from collections_app.reports.wording import clean

# They reorder what stands around them, so that a name could make a page show another amount than it holds.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TEXT_LIMIT = 240


def printable(text: str, limit: int = _TEXT_LIMIT) -> str:
    """The text on one line, without characters that no page can show, and visibly cut to ``limit``."""
    shown = " ".join(_DIRECTION_MARKS.sub("", clean(text)).split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def element(tag: str, *contents: Element | str, limit: int = _TEXT_LIMIT, **attributes: str) -> Element:
    """An element with texts and elements in it; empty attributes are left out.

    An underscore in an attribute's name stands for a hyphen, and one at its end is dropped: ``class_``.
    """
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value}
    made = Element(tag, {name: clean(value) for name, value in given.items()})
    for content in contents:
        if isinstance(content, Element):
            made.append(content)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + printable(content, limit)
        else:
            made.text = (made.text or "") + printable(content, limit)
    return made


def markup(root: Element) -> str:
    """The element as HTML text, or as SVG that may stand inside HTML."""
    return ElementTree.tostring(root, encoding="unicode", method="html")
