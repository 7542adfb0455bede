"""A generated group: its consolidation book and the entities behind it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from collections_app.reports.books import Books, EntityBooks
from collections_app.reports.figures import Scope
from tests.collections_app.reports.conftest import CompanyBooks
from tests.collections_app.reports.integer_ledger import read_csv

BOOK = "HVCONS"


def entity_of_location(folder: Path) -> dict[str, str]:
    parents = {row["LOCATIONID"]: row["PARENTID"] for row in read_csv(folder / "LOCATION.csv")}
    entities = {row["LOCATIONID"] for row in read_csv(folder / "LOCATIONENTITY.csv")}
    found = {}
    for location in parents:
        up = location
        while up not in entities:
            up = parents[up]
        found[location] = up
    return found


def group_books(
    folder: Path, company_books: CompanyBooks, date_from: date, date_to: date, first_month: int
) -> Books:
    """The consolidation book and its entities, the elimination entity from the book itself."""
    book = company_books(folder, date_from, date_to, first_month, books=(BOOK,))
    located = entity_of_location(folder)
    entities = []
    for entity in read_csv(folder / "LOCATIONENTITY.csv"):
        number, eliminates = entity["LOCATIONID"], entity["LOCATIONTYPE"] == "N"
        locations = {location for location, owner in located.items() if owner == number} | {number}
        main = (BOOK,) if eliminates else ("ACCRUAL",)
        inside = frozenset(locations)
        made = company_books(folder, date_from, date_to, first_month, books=main, locations=inside)
        scope = Scope("entity", number, entity["NAME"])
        entities.append(EntityBooks(scope, entity["CURRENCY"], made.months, is_elimination=eliminates))
    return replace(book, entities=tuple(entities))
