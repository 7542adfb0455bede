"""Every object is read by the same call, under the names that the gateway gives its fields."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import intacct
from intacct.menus import MENUS
from intacct.sensitive import is_sensitive
from tests.intacct.conftest import EXCHANGES, Connect

FILES = sorted((EXCHANGES / "company").glob("*.csv"), key=lambda path: path.stem)
TEXT_KEYS = {"GLDETAIL", "GCBOOK"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_of_an_object_arrives_under_the_names_of_its_fields(path: Path, connect: Connect) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    fields = [field for field in written[0] if not is_sensitive(field)]
    with connect() as company:
        found = list(company.query(path.stem, fields, key_is_number=path.stem not in TEXT_KEYS))
    assert {row.text("RECORDNO") for row in found} == {row["RECORDNO"] for row in written}
    named = next(field for field in fields if field.endswith(("ID", "NO")))
    assert {row.text(named) for row in found} == {row[named] for row in written}


def test_an_object_that_does_not_exist_and_a_field_that_does_not_are_told_apart(connect: Connect) -> None:
    with connect() as company:
        with pytest.raises(intacct.ObjectUnknown):
            list(company.query("TRIALBALANCE", ["ACCOUNTNO"]))
        with pytest.raises(intacct.FieldRefused):
            list(company.query("GLENTRY", ["BOOKID"]))
        with pytest.raises(intacct.FieldRefused):
            list(company.query("ARINVOICE", ["INVOICENO"]))


def test_each_object_that_reading_needs_has_its_permission_in_menu_words() -> None:
    for name in ("GLACCOUNT", "STATACCOUNT", "GLENTRY", "GLBATCH", "LOCATIONENTITY", "USERADJBOOK", "GCBOOK"):
        module, *rest = MENUS[name].split(", ")
        assert module in ("Company", "General Ledger", "Consolidation")
        assert rest
