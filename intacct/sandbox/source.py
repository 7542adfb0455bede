"""An object's table as functions see it: standard fields the file lacks, and fields of related objects."""

from collections.abc import Callable
from dataclasses import dataclass

from intacct.sandbox.company import Company
from intacct.sandbox.errors import field_unknown
from intacct.sandbox.objects import OBJECTS, KnownObject
from intacct.sandbox.relations import Relation, relation_of
from intacct.sandbox.tables import Row, Table
from intacct.sandbox.values import Comparable, Kind, comparable, kind_of

Reader = Callable[[Row], str]


@dataclass(frozen=True)
class Source:
    """The file's fields, then standard fields the file lacks, which are null."""

    known: KnownObject
    table: Table
    company: Company

    def knows(self, field: str) -> bool:
        """Whether the object itself has the field."""
        return field in self.table.fields or field in self.known.fields

    def named(self, fields: str) -> tuple[str, ...]:
        """The fields of a comma-separated list; `*` is every one, the file's first."""
        if fields == "*":
            return tuple(dict.fromkeys((*self.table.fields, *self.known.fields)))
        return tuple(field.strip() for field in fields.split(","))

    def place(self, field: str) -> int | None:
        """The column of a field, None where it is in no column of this table."""
        return self.table.fields.index(field) if field in self.table.fields else None

    def text(self, field: str) -> Reader:
        """How to read a field of a row; raises FunctionFailure for a field that the object lacks."""
        if not self.knows(field):
            return self._related_text(field)
        place = self.place(field)
        return (lambda row: "") if place is None else (lambda row: row[place])

    def kind(self, field: str) -> Kind:
        """What a field holds; raises FunctionFailure for a field that the object lacks."""
        if self.knows(field):
            return kind_of(self.known, field)
        related, rest, _ = self._related(field)
        return related.kind(rest)

    def value(self, field: str) -> Callable[[Row], Comparable | None]:
        """How to read a field of a row as a value that compares."""
        text, kind = self.text(field), self.kind(field)
        if kind is Kind.TEXT:
            return lambda row: text(row) or None
        return lambda row: comparable(kind, text(row))

    def _related(self, field: str) -> tuple["Source", str, Relation]:
        path, dot, rest = field.partition(".")
        relation = relation_of(self.known.name, path)
        if not dot or relation is None:
            raise field_unknown(self.known.name, field)
        if relation.object_name == self.known.name and rest.startswith(f"{path}."):
            # Only one step in a hierarchy: a parent's parent cannot be asked for.
            raise field_unknown(self.known.name, field)
        return source_of(self.company, relation.object_name), rest, relation

    def _related_text(self, field: str) -> Reader:
        related, rest, relation = self._related(field)
        pointer, target = self.text(relation.field), related.text(rest)
        rows = related.table.by_field(relation.key)
        return lambda row: target(found) if (found := rows.get(pointer(row))) is not None else ""


def source_of(company: Company, object_name: str) -> Source:
    """An object of a company."""
    return Source(OBJECTS[object_name], company.table(object_name), company)
