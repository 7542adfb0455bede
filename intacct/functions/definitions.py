"""The fields and relationships of an object, as this company has them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.parsing import boolean, child, required, text
from intacct.records import FieldDefinition, ObjectDefinition, Relationship


@dataclass(frozen=True)
class Lookup:
    """The definition of one object. The gateway gives it to users who may not read the object, too."""

    object_name: str
    name = "lookup"
    needs = ""

    @property
    def label(self) -> str:
        return f"lookup {self.object_name}"

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        etree.SubElement(node, "object").text = self.object_name

    def read(self, data: etree._Element) -> ObjectDefinition:
        kind = child(data, "Type")
        if kind is None or kind.get("Name", "").upper() != self.object_name.upper():
            raise UnreadableReply(f"the answer does not describe {self.object_name}")
        return ObjectDefinition(
            name=kind.get("Name", ""),
            fields=tuple(_field(row) for row in kind.iterfind("Fields/Field")),
            relationships=tuple(_relationship(row) for row in kind.iterfind("Relationships/Relationship")),
        )


def _field(row: etree._Element) -> FieldDefinition:
    name = required(row, "ID")

    def flag(part: str) -> bool:
        value = text(row, part)
        return bool(value) and boolean(value, f"{part} of {name}")

    return FieldDefinition(
        id=name,
        label=text(row, "LABEL"),
        kind=text(row, "DATATYPE"),
        required=flag("REQUIRED"),
        read_only=flag("READONLY"),
        custom=flag("ISCUSTOM"),
        valid_values=tuple((value.text or "").strip() for value in row.iterfind("VALIDVALUES/VALIDVALUE")),
    )


def _relationship(row: etree._Element) -> Relationship:
    return Relationship(
        path=required(row, "OBJECTPATH"),
        object_name=text(row, "OBJECTNAME"),
        kind=text(row, "RELATIONSHIPTYPE"),
        related_by=text(row, "RELATEDBY"),
    )
