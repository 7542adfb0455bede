"""What every call has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from lxml import etree

from intacct.menus import menu_words
from intacct.pages import Counts

Answer_co = TypeVar("Answer_co", covariant=True)


class Call(Protocol):
    """What is sent.

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


class Function(Call, Protocol[Answer_co]):
    """A call whose answer is read as a whole."""

    def read(self, data: etree._Element) -> Answer_co:
        """The answer's ``data`` element as records. Raises UnreadableReply."""


class ListFunction(Call, Protocol):
    """A call for rows, which are read while they arrive.

    object_name: what each row's element is called, in any case of letters.  fields: what a row is reduced to.
    """

    @property
    def object_name(self) -> str: ...

    @property
    def fields(self) -> tuple[str, ...]: ...

    def counts(self, attributes: Mapping[str, str]) -> Counts:
        """What the list's attributes announce. Raises UnreadableReply."""


class NamedFunction:
    """A call whose label is its name and that needs no permission of its own."""

    name: str = ""
    needs: str = ""

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True)
class ObjectCall:
    """A call for records of one object, which it is labelled after; it takes the permission to see them."""

    object_name: str

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def label(self) -> str:
        return f"{self.name} {self.object_name}"

    @property
    def needs(self) -> str:
        return menu_words(self.object_name)

    def begin(self, parent: etree._Element) -> etree._Element:
        """This call's element, which names the object first."""
        node = etree.SubElement(parent, self.name)
        etree.SubElement(node, "object").text = self.object_name
        return node
