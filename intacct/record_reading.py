"""Rows of objects: by the generic query, the general ledger's detail, and the older ways to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from intacct.ahead import in_order
from intacct.chart import ACCOUNT_FIELDS, BOOK_FIELDS, account, consolidation_book
from intacct.errors import IncompleteRead, NotSubscribed, ObjectUnknown, PermissionDenied
from intacct.filters import Filter, equal_to, every, greater_than
from intacct.functions import Aggregate, Lookup, Measure, Query, Read, ReadByQuery, ReadMore
from intacct.keys import Key
from intacct.ledger_detail import DETAIL_FIELDS, LedgerLine, posted_between, windows
from intacct.lines import Line
from intacct.pages import OpenPage
from intacct.paging import KeysetRead
from intacct.parsing import whole_number
from intacct.records import Account, ConsolidationBook, ObjectDefinition
from intacct.rows import Row, RowShape
from intacct.scanning import Values
from intacct.scans import Scan
from intacct.statement_reading import StatementReading

PAGE_SIZE = 1000
DETAIL_KEY = Key("RECORDNO", number=False)


class RecordReading(StatementReading):
    """The calls that answer with rows. Rows are handed on while the answer is still arriving."""

    def accounts(self) -> Iterator[Account]:
        """Every general-ledger account, inactive and entity-private ones too, by record number."""
        return map(account, self._records("GLACCOUNT", ACCOUNT_FIELDS, None, Key("RECORDNO")))

    def consolidation_books(self) -> tuple[ConsolidationBook, ...]:
        """The active consolidation books. A company without consolidation raises PermissionDenied or
        NotSubscribed.
        """
        active = equal_to("STATUS", "active")
        rows = self._records("GCBOOK", BOOK_FIELDS, active, Key("BOOKID", number=False))
        return tuple(book for book in map(consolidation_book, rows) if book is not None)

    def consolidated_entities(self, book_id: str) -> tuple[str, ...]:
        """The ids of the entities that a consolidation book adds up, in the order of its records."""
        of_book = equal_to("BOOKID", book_id)
        rows = self._records("GCBOOKENTITY", ("RECORDNO", "LOCATIONID"), of_book, Key("RECORDNO"))
        return tuple(row["LOCATIONID"] for row in rows)

    def elimination_entities(self) -> frozenset[str]:
        """The ids of the entities that only hold eliminations of active consolidation books.

        The list of entities does not tell them apart; the books name them, by id or by name. Empty in a
        company without consolidation, or where this user may not see its books.
        """
        try:
            named = {book.elimination_entity for book in self.consolidation_books()} - {""}
        except (PermissionDenied, NotSubscribed, ObjectUnknown):
            return frozenset()
        if not named:
            return frozenset()
        entities = self.entities()
        ids = {entity.id for entity in entities} & named
        return frozenset(ids | {entity.id for entity in entities if entity.name in named - ids})

    def query(
        self,
        object_name: str,
        fields: Sequence[str],
        *,
        where: Filter | None = None,
        key: str = "RECORDNO",
        key_is_number: bool = True,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[Row]:
        """Every row of an object, entity-private ones too, in ascending order of its key.

        key: a field that is unique and never changes.  key_is_number: False where it is text, as GLDETAIL's
        RECORDNO.  page_size: rows in one answer, at most 2,000.

        Raises IncompleteRead when the list cannot be proved complete, ObjectUnknown, FieldRefused, ValueError
        for a field that is never read, and UnreadableFormatting before anything is read.
        """
        named = Query(object_name, tuple(fields), page_size=page_size).fields
        shape = RowShape(object_name, named, self.formatting())
        read = self._keyset(self._line, object_name, named, where, Key(key, key_is_number), page_size)
        for batch in read.batches():
            for values in batch:
                yield Row(shape, values)

    def general_ledger_detail(
        self,
        start: date,
        end: date,
        *,
        book: str = "ACCRUAL",
        where: Filter | None = None,
        fields: Sequence[str] = DETAIL_FIELDS,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[LedgerLine]:
        """The posted lines of one book from ``start`` to ``end``, both included, month after month.

        Each month is read by its key in the gateway's order; two are read at a time. A user-defined book is
        named with its method, such as OPSACCRUAL. In the end the lines are counted once more by the gateway;
        raises IncompleteRead if that differs from what was handed on.
        """
        shape = RowShape("GLDETAIL", fields, self.formatting())

        def condition(first: date, last: date) -> Filter:
            posted = posted_between(first, last, book)
            return posted if where is None else every(posted, where)

        def begin(first: date, last: date) -> KeysetRead:
            filters = condition(first, last)
            return self._keyset(
                self._line.another(), "GLDETAIL", shape.fields, filters, DETAIL_KEY, page_size
            )

        # Counted here, because a read keeps thousands of its keys: it must be gone when its month is.
        handed_on = 0
        self._line.settle()
        for batch in in_order([partial(begin, *window) for window in windows(start, end)]):
            handed_on += len(batch)
            for values in batch:
                yield LedgerLine(shape, values)
            # A list that was begun inside the loop must not keep the place that the reading threads wait for.
            self._line.settle()
        _prove(handed_on, self.count("GLDETAIL", where=condition(start, end)))

    def totals(
        self,
        object_name: str,
        measures: Sequence[tuple[Measure, str]],
        *,
        by: Sequence[str] = (),
        where: Filter | None = None,
    ) -> tuple[Row, ...]:
        """Totals that the gateway computes, one row, or one for each value of ``by``.

        measures: such as ("sum", "AMOUNT"); the row holds it as "SUM.AMOUNT".
        """
        function = Aggregate(object_name, tuple(measures), tuple(by), where)
        lines = self._line.call(function)
        names = (*by, *(f"{measure.upper()}.{field}" for measure, field in measures))
        shape = RowShape(object_name, names, self.formatting())
        return tuple(Row(shape, tuple(line[name] for name in names)) for line in lines)

    def count(self, object_name: str, *, where: Filter | None = None, key: str = "RECORDNO") -> int:
        """How many records there are just now, entity-private ones too."""
        lines = self._line.call(Aggregate(object_name, (("count", key),), (), where))
        # No line at all is how some objects say that nothing matched.
        return whole_number(lines[0][f"COUNT.{key}"], "the count") if lines else 0

    def read(
        self, object_name: str, keys: Sequence[str], fields: Sequence[str], *, by_name: bool = False
    ) -> tuple[Row, ...]:
        """Records by record number, or ``by_name`` by the ids people use; at most 100. A key that does not
        exist has no row, or raises FunctionFailed.
        """
        shape = RowShape(object_name, fields, self.formatting())
        found = self._line.call(Read(object_name, tuple(keys), shape.fields, by_name))
        return tuple(Row(shape, values) for values in found)

    def read_by_query(
        self, object_name: str, fields: Sequence[str], condition: str = "", *, page_size: int = PAGE_SIZE
    ) -> Iterator[Row]:
        """The older way to read a list, for what ``query`` does not offer.

        condition: in the gateway's own words and database codes, such as ``STATUS = 'T'``; a long word such
        as 'active' finds nothing. Rows come in no order. Raises IncompleteRead when the pages do not add up.
        """
        shape = RowShape(object_name, fields, self.formatting())

        def open_page(result_id: str) -> OpenPage:
            if result_id:
                return self._line.open(ReadMore(object_name, shape.fields, result_id))
            return self._line.open(ReadByQuery(object_name, shape.fields, condition, page_size))

        for batch in Scan(open_page, f"readByQuery {object_name}").batches():
            for values in batch:
                yield Row(shape, values)

    def lookup(self, object_name: str) -> ObjectDefinition:
        """An object's fields and relationships in this company, whether or not the user may read it."""
        return self._line.call(Lookup(object_name))

    def _records(
        self, object_name: str, fields: Values, where: Filter | None, key: Key
    ) -> Iterator[Mapping[str, str]]:
        for batch in self._keyset(self._line, object_name, fields, where, key, PAGE_SIZE).batches():
            for values in batch:
                yield {name: value.strip() for name, value in zip(fields, values, strict=False)}

    def _keyset(
        self, line: Line, object_name: str, fields: Values, where: Filter | None, key: Key, page_size: int
    ) -> KeysetRead:
        selected = fields if key.field in fields else (*fields, key.field)

        def open_page(last: str) -> OpenPage:
            after = (greater_than(key.field, last),) if last else ()
            conditions = ((where,) if where is not None else ()) + after
            condition = every(*conditions) if conditions else None
            return line.open(Query(object_name, selected, condition, order=key.field, page_size=page_size))

        return KeysetRead(open_page, key, selected.index(key.field), f"query {object_name}", line.pause)


def _prove(handed_on: int, counted: int) -> None:
    if handed_on != counted:
        raise IncompleteRead(
            f"{handed_on} lines were read and the gateway counts {counted}", function="query GLDETAIL"
        )
