"""What every call has in common."""

from __future__ import annotations

from typing import Protocol, TypeVar

from lxml import etree

Answer_co = TypeVar("Answer_co", covariant=True)


class Function(Protocol[Answer_co]):
    """A call of the gateway.

    name: the element's name, echoed in the answer.  label: the name for errors and logs, without values.
    needs: the permission it takes, in the words of Sage Intacct's menus, "" if any user may call it.
    """

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def needs(self) -> str: ...

    def write(self, parent: etree._Element) -> None:
        """Adds this call's element to its ``function`` element."""

    def read(self, data: etree._Element) -> Answer_co:
        """The answer's ``data`` element as records. Raises UnreadableReply."""


class NamedFunction:
    """A call whose label is its name and that needs no permission of its own."""

    name: str = ""
    needs: str = ""

    @property
    def label(self) -> str:
        return self.name
