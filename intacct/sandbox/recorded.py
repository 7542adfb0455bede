"""Replies out of a support bundle: what the real gateway once answered, given again."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from intacct.sandbox.replies import Reply
from intacct.sandbox.request import FunctionCall, Request, text_of

_CONTROL_ID = re.compile(rb"<controlid>[^<]*</controlid>")


class BundleError(Exception):
    """A file is no bundle that can be replayed; the message says why in one sentence."""


@dataclass(frozen=True)
class Recording:
    """A reply, and the functions with their objects that it answered."""

    asked: tuple[tuple[str, str], ...]
    body: bytes

    def answers(self, request: Request) -> bool:
        """Whether the request asks for the same: the same functions of the same objects."""
        return self.asked == asked_by(request.functions)

    def reply(self, request: Request) -> Reply:
        """The recorded reply, under the control ids of this request, which the client compares."""
        identifiers = iter([request.control_id, *(call.control_id for call in request.functions)])
        body = _CONTROL_ID.sub(lambda found: _under(next(identifiers, None), found.group()), self.body)
        return Reply(200, body)


def asked_by(calls: Iterable[FunctionCall]) -> tuple[tuple[str, str], ...]:
    """Each function's name, and its object where it has one."""
    return tuple((call.name, text_of(call.element, "object")) for call in calls)


def read_bundle(path: Path) -> list[Recording]:
    """The recordings of a support bundle, oldest first. Raises BundleError."""
    try:
        with zipfile.ZipFile(path) as bundle:
            names = sorted(name for name in bundle.namelist() if name.endswith(".request.xml"))
            pairs = [(bundle.read(name), bundle.read(_reply_of(name))) for name in names]
    except (OSError, zipfile.BadZipFile, KeyError):
        raise BundleError(f"{path} cannot be read as a support bundle.") from None
    if not pairs:
        raise BundleError(f"{path} has no exchange in it: nothing went wrong with the gateway in that run.")
    return [Recording(_asked(request, path), reply) for request, reply in pairs]


def _reply_of(name: str) -> str:
    return name.removesuffix(".request.xml") + ".reply.xml"


def _asked(request: bytes, path: Path) -> tuple[tuple[str, str], ...]:
    try:
        root = etree.fromstring(request, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise BundleError(f"{path} has a request that is not XML.") from None
    calls = (
        FunctionCall(function.get("controlid", ""), function[0])
        for function in root.iterfind("operation/content/function")
        if len(function)
    )
    return asked_by(calls)


def _under(identifier: str | None, element: bytes) -> bytes:
    return element if identifier is None else b"<controlid>" + identifier.encode() + b"</controlid>"
