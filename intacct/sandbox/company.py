"""A company folder: `company.json` and one CSV file per object, read when they are first asked for."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

from intacct.sandbox.account_groups import group_members
from intacct.sandbox.entities import Entity, entities_table
from intacct.sandbox.faults import Fault
from intacct.sandbox.tables import CompanyFolderError, Row, Table, read_rows


@dataclass(frozen=True)
class User:
    """A user of the company. `entities` empty means the top level and every entity; `permissions` as in
    company.json.
    """

    id: str
    record_number: int
    password: str = field(repr=False)
    status: str
    entities: tuple[str, ...]
    formatting: Mapping[str, str]
    permissions: str | tuple[str, ...]

    def may_read(self, *object_names: str) -> bool:
        """Whether the role holds at least one of these objects."""
        if isinstance(self.permissions, tuple):
            return any(name in self.permissions for name in object_names)
        return self.permissions != "none"


class Company:
    """One company, as its folder describes it; raises CompanyFolderError where the folder is not readable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._settings = _read_settings(folder / "company.json")
        self._tables: dict[str, Table] = {}
        self._lock = threading.RLock()
        self.id = str(self._required("companyid"))
        self.name = str(self._required("name"))
        self.base_currency = str(self._settings.get("base_currency") or "")
        self.multi_base_currency = bool(self._settings.get("multi_base_currency", False))
        self.multi_currency = bool(self._settings.get("multi_currency", self.multi_base_currency))
        self.multi_entity = bool(self._settings.get("multi_entity", False))
        self.first_fiscal_month = int(self._settings.get("first_fiscal_month", 1))
        self.default_budget = str(self._settings.get("default_budget") or "")
        self.default_book = str(self._settings.get("default_book", "ACCRUAL"))
        self.books = tuple(str(book) for book in self._settings.get("books", ["ACCRUAL"]))
        self.subscriptions = tuple(str(code) for code in self._settings.get("subscriptions", []))
        self.web_services = bool(self._settings.get("web_services", True))
        self.closed_through = str(self._settings.get("closed_through") or "")
        self.consolidated_through: Mapping[str, str] = self._settings.get("consolidated_through", {})
        self.gmt_offset = str(self._settings.get("gmtoffset") or "")
        self.faults = tuple(self._fault(settings) for settings in self._settings.get("faults", []))
        senders = self._settings.get("authorized_senders")
        self.authorized_senders = None if senders is None else tuple(str(sender) for sender in senders)
        self.users = {
            user.id: user
            for user in (
                self._user(number, row) for number, row in enumerate(self._settings.get("users", []), 1)
            )
        }

    def _required(self, key: str) -> Any:
        if not self._settings.get(key):
            raise CompanyFolderError(f"{self.folder / 'company.json'} has no {key!r}; add it.")
        return self._settings[key]

    def _user(self, number: int, settings: Mapping[str, Any]) -> User:
        try:
            return _user(number, settings)
        except KeyError as error:
            raise CompanyFolderError(
                f"User {number} of {self.folder / 'company.json'} has no {error}."
            ) from error

    def _fault(self, settings: Mapping[str, Any]) -> Fault:
        try:
            return Fault(**{"company": self.id, **settings})
        except (TypeError, ValueError) as error:
            raise CompanyFolderError(
                f"{self.folder / 'company.json'} has a fault that is none: {error}"
            ) from error

    def table(self, object_name: str) -> Table:
        """The rows of an object; without a file, no fields and no rows."""
        with self._lock:
            if object_name not in self._tables:
                self._tables[object_name] = self._load(object_name)
            return self._tables[object_name]

    def _load(self, object_name: str) -> Table:
        path = self.folder / f"{object_name}.csv"
        if object_name == "LOCATIONENTITY" and not path.exists():
            return entities_table(self._settings.get("entities", []))
        if object_name == "GLACCTGRPHIERARCHY" and not path.exists():
            return group_members(self.table)
        if not path.exists():
            return Table((), ())
        rows = self._existing(object_name, read_rows(path))
        # Most values of a large table repeat; kept once, they take a fraction of the memory.
        return Table(next(rows, ()), tuple(tuple(map(sys.intern, row)) for row in rows))

    def _existing(self, object_name: str, rows: Iterator[Row]) -> Iterator[Row]:
        """The header and the rows; a consolidation book holds nothing of the periods after its last run."""
        header = next(rows, ())
        yield header
        if object_name != "GLDETAIL" or not self.consolidated_through or "ENTRY_DATE" not in header:
            yield from rows
            return
        book, day = header.index("BOOKID"), header.index("ENTRY_DATE")
        for row in rows:
            last_run = self.consolidated_through.get(row[book])
            month, number, year = row[day].split("/")
            if last_run is None or f"{year}-{month}-{number}" <= last_run:
                yield row

    def change_rows(self, object_name: str, *, inserted: bool) -> None:
        """Let a row appear in an object's table, with a record number of its own, or the first one disappear.

        The files stay as they are.
        """
        with self._lock:
            table = self.table(object_name)
            if not table.rows:
                return
            rows = (*table.rows, table.one_more()) if inserted else table.rows[1:]
            self._tables[object_name] = Table(table.fields, rows)

    def stream(self, object_name: str, fields: tuple[str, ...]) -> Iterator[Row]:
        """These fields of every row, without keeping the rows; a field that the file lacks is empty."""
        path = self.folder / f"{object_name}.csv"
        if not path.exists():
            return
        rows = self._existing(object_name, read_rows(path))
        header = next(rows, ())
        pick = itemgetter(*(header.index(name) if name in header else len(header) for name in fields))
        for row in rows:
            yield pick((*row, ""))

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        """Every entity by its id, in the order of the file."""
        return {
            record["LOCATIONID"]: Entity(
                id=record["LOCATIONID"],
                record_number=record.get("RECORDNO", ""),
                name=record.get("NAME", ""),
                status=record.get("STATUS") or "active",
                currency=record.get("CURRENCY", ""),
                first_fiscal_month=record.get("FIRSTMONTH", ""),
            )
            for record in self.table("LOCATIONENTITY").records()
        }

    @cached_property
    def location_parents(self) -> Mapping[str, str]:
        """The parent of every location and entity; empty at the top of a tree."""
        parents: dict[str, str] = {}
        for object_name in ("LOCATION", "LOCATIONENTITY"):
            for record in self.table(object_name).records():
                parents[record["LOCATIONID"]] = record.get("PARENTID", "")
        return parents

    @cached_property
    def location_names(self) -> Mapping[str, str]:
        """The name of every location and entity."""
        rows = (row for name in ("LOCATIONENTITY", "LOCATION") for row in self.table(name).records())
        return {row["LOCATIONID"]: row.get("NAME", "") for row in rows}

    def with_children(self, location: str) -> frozenset[str]:
        """A location and every location below it."""
        found = {location}
        while True:
            below = {child for child, parent in self.location_parents.items() if parent in found} - found
            if not below:
                return frozenset(found)
            found |= below

    def entity_of(self, location: str) -> Entity | None:
        """The entity at or above a location."""
        seen: set[str] = set()
        while location and location not in seen:
            if location in self.entities:
                return self.entities[location]
            seen.add(location)
            location = self.location_parents.get(location, "")
        return None

    @cached_property
    def consolidation_books(self) -> Mapping[str, Mapping[str, str]]:
        """GCBOOK rows by book id."""
        return {record["BOOKID"]: record for record in self.table("GCBOOK").records()}


def _read_settings(path: Path) -> Mapping[str, Any]:
    try:
        settings = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CompanyFolderError(
            f"{path} cannot be read: {error.strerror}. Name a company folder."
        ) from error
    except ValueError as error:
        raise CompanyFolderError(f"{path} is not JSON: {error}.") from error
    if not isinstance(settings, dict):
        raise CompanyFolderError(f"{path} must hold one JSON object.")
    return settings


def _user(number: int, settings: Mapping[str, Any]) -> User:
    permissions = settings.get("permissions", "read-only")
    return User(
        id=str(settings["userid"]),
        record_number=number,
        password=str(settings["password"]),
        status=str(settings.get("status", "active")),
        entities=tuple(str(entity) for entity in settings.get("entities", [])),
        formatting={key: str(value) for key, value in settings.get("formatting", {}).items()},
        permissions=permissions if isinstance(permissions, str) else tuple(str(name) for name in permissions),
    )
