"""How the rows of a table are written, against the company's own file."""

import csv
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal

import pytest

from collections_app import datasets
from collections_app.ledger import Selection, SignIn, Slice, open_ledger, writing
from tests.collecting import EXCHANGES, PASSWORD, SINGLE, USER

# Each sign-in is counted in the database before it is sent.
pytestmark = [pytest.mark.usefixtures("gateway"), pytest.mark.django_db]
DETAIL = datasets.BY_NAME["general_ledger"]
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)


class OpenGate:
    """Lets every request through."""

    def slot(self, company_id: str) -> nullcontext[None]:
        return nullcontext()


def april() -> list[dict[str, str]]:
    """The lines of a month by field."""
    selection = Selection(scope_kind="company", scope_id="", book="ACCRUAL", adjustment_books=())
    part = Slice(first=FIRST, open_from=FIRST, last=LAST)
    sign_in = SignIn(SINGLE, USER, PASSWORD, session="")
    with open_ledger(sign_in, gate=OpenGate()) as opened:
        return [dict(zip(DETAIL.fields, row, strict=True)) for row in opened.rows(DETAIL, part, selection)]


def in_the_file() -> dict[str, dict[str, str]]:
    with (EXCHANGES / "company" / "GLDETAIL.csv").open(newline="", encoding="utf-8") as file:
        return {row["RECORDNO"]: row for row in csv.DictReader(file)}


def test_days_are_iso_and_amounts_keep_their_value() -> None:
    lines, file = april(), in_the_file()
    assert lines
    for line in lines:
        told = file[line["RECORDNO"]]
        day = datetime.strptime(told["ENTRY_DATE"], "%m/%d/%Y").date()
        assert line["ENTRY_DATE"] == day.isoformat()
        assert line["DESCRIPTION"] == told["DESCRIPTION"].strip()
        for field in ("DEBITAMOUNT", "CREDITAMOUNT"):
            assert Decimal(line[field] or 0) == Decimal(told[field] or 0)


def test_what_is_remembered_of_earlier_rows_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    remembering = april()
    monkeypatch.setattr(writing, "MOST_KNOWN", 0)
    assert april() == remembering
