"""Masks secrets in anything that may be printed: XML text, replies quoted in errors, log lines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

MASK = "***"
EXCERPT_LENGTH = 300
SHORTEST_PREFIX = 6

_SECRET_ELEMENT = re.compile(
    r"<((?:\w+:)?(?:password|sessionid))\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_WORD = re.compile(r"[^\s<>\"'\[\]()]+")


def mask_xml(text: str) -> str:
    """The text with the content of every password and sessionid element masked, also where it is cut off."""
    return _SECRET_ELEMENT.sub(rf"<\1>{MASK}</\1>", text)


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text without any of these secrets, plain or escaped.

    The beginning of a secret is masked too: the gateway quotes the first letters of a session id.
    """
    known = sorted({form for secret in secrets if secret for form in _forms(secret)}, key=len, reverse=True)
    for secret in known:
        text = text.replace(secret, MASK)
    return _WORD.sub(lambda word: _without_prefix(word.group(), known), text)


def excerpt(body: bytes, secrets: Iterable[str]) -> str:
    """The first letters of a reply, on one line, masked, for an error's detail."""
    text = mask(mask_xml(body.decode("utf-8", "replace")), secrets)
    return " ".join(re.sub(r"[^\x20-\uffff]", " ", text).split())[:EXCERPT_LENGTH]


def _forms(secret: str) -> set[str]:
    return {secret, html.escape(secret), html.escape(secret, quote=False)}


def _without_prefix(word: str, known: list[str]) -> str:
    start = word.rstrip(".")
    if len(start) >= SHORTEST_PREFIX and any(secret.startswith(start) for secret in known):
        return MASK
    return word
