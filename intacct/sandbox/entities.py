"""Entities, and their short form in company.json."""

from dataclasses import dataclass
from typing import Any

from intacct.sandbox.tables import Table


@dataclass(frozen=True)
class Entity:
    """A LOCATIONENTITY row. `first_fiscal_month` and `currency` are empty where the company's apply."""

    id: str
    record_number: str
    name: str
    status: str
    currency: str
    first_fiscal_month: str


def entities_table(entities: list[Any]) -> Table:
    """The short form in company.json: an id, or an object with the names of LOCATIONENTITY fields in any
    case.
    """
    fields = (
        "RECORDNO",
        "LOCATIONID",
        "NAME",
        "PARENTID",
        "STATUS",
        "CURRENCY",
        "FIRSTMONTH",
        "LOCATIONTYPE",
    )
    short_names = {"ID": "LOCATIONID", "ENTITYID": "LOCATIONID", "FIRST_FISCAL_MONTH": "FIRSTMONTH"}
    rows = []
    for number, entry in enumerate(entities, 1):
        given = (
            {"ID": entry} if isinstance(entry, str) else {key.upper(): value for key, value in entry.items()}
        )
        record = {"RECORDNO": number, "STATUS": "active", "LOCATIONTYPE": "E"}
        record |= {short_names.get(key, key): value for key, value in given.items()}
        record.setdefault("NAME", record.get("LOCATIONID", ""))
        rows.append(tuple(str(record.get(name) or "") for name in fields))
    return Table(fields, tuple(rows))
