"""Tables at the border: how much there is, its rows, and what is missing, in Sage Intacct's menu words."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from collections_app import datasets, problems
from collections_app.ledger import Extent, Ledger, Selection, SignIn, Slice, open_ledger
from collections_app.problems import Trouble
from intacct.gate import ProcessGate
from intacct.sandbox import Sandbox
from tests.collecting import EXCHANGES, GROUP, PASSWORD, SENDER_ID, SENDER_PASSWORD, USER

# Each sign-in is counted in the database before it is sent.
pytestmark = pytest.mark.django_db
WHOLE = Selection("company", "", "", ())
QUARTER = Slice(first=date(2026, 4, 1), open_from=date(2026, 4, 1), last=date(2026, 6, 30))
INVOICES, CUSTOMERS = datasets.BY_NAME["receivable_invoices"], datasets.BY_NAME["customers"]
NARROW = {"user_id": "ws_narrow", "password": "Narrow-Secret-1"}


@contextmanager
def ledger_of(**who: str) -> Iterator[Ledger]:
    sign_in = {"company_id": GROUP, "user_id": USER, "password": PASSWORD, "session": ""} | who
    with open_ledger(SignIn(**sign_in), gate=ProcessGate()) as opened:
        yield opened


@pytest.fixture
def without_receivables(tmp_path: Path) -> Iterator[None]:
    """A gateway whose company has not subscribed to receivables."""
    folder = Path(shutil.copytree(EXCHANGES / "company", tmp_path / "company"))
    description = json.loads((folder / "company.json").read_text())
    description["subscriptions"].remove("AR")
    (folder / "company.json").write_text(json.dumps(description))
    with (
        Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox,
        override_settings(
            INTACCT_ENDPOINT=sandbox.endpoint,
            INTACCT_SENDER_ID=SENDER_ID,
            INTACCT_SENDER_PASSWORD=SENDER_PASSWORD,
        ),
    ):
        yield


def test_an_extent_says_how_many_records_there_are_and_between_which_numbers(gateway: Sandbox) -> None:
    """Invoice 1 was paid in the quarter and invoice 2 is open: both count for its ageing."""
    with ledger_of() as ledger:
        assert ledger.extent(INVOICES, QUARTER, WHOLE) == Extent(2, 1, 2)


def test_the_extent_of_days_without_records_is_zero(gateway: Sandbox) -> None:
    before_all = Slice(first=date(2020, 1, 1), open_from=date(2020, 1, 1), last=date(2020, 12, 31))
    with ledger_of() as ledger:
        assert ledger.extent(INVOICES, before_all, WHOLE) == Extent(0, 0, 0)


def test_rows_come_in_the_order_of_the_fields_dates_as_iso_amounts_as_text_and_null_as_empty(
    gateway: Sandbox,
) -> None:
    with ledger_of() as ledger:
        (_, second) = sorted(ledger.rows(INVOICES, QUARTER, WHOLE))
    row = dict(zip(INVOICES.fields, second, strict=True))
    assert (row["RECORDNO"], row["WHENDUE"], row["WHENPAID"]) == ("2", "2026-05-10", "")
    assert (row["TOTALENTERED"], row["TOTALDUE"]) == ("820.00", "820.00")


def test_a_range_of_record_numbers_limits_the_rows(gateway: Sandbox) -> None:
    part = Slice(QUARTER.first, QUARTER.open_from, QUARTER.last, first_key="2", last_key="9")
    with ledger_of() as ledger:
        rows = list(ledger.rows(INVOICES, part, WHOLE))
    assert [row[INVOICES.fields.index("RECORDNO")] for row in rows] == ["2"]


def test_a_missing_permission_is_named_in_menu_words_by_the_probe(gateway: Sandbox) -> None:
    with pytest.raises(Trouble) as trouble, ledger_of(**NARROW) as ledger:
        ledger.facts([CUSTOMERS, INVOICES])
    assert trouble.value.problem is problems.PERMISSION_MISSING
    assert trouble.value.names == (
        "Accounts Receivable, Customers, List and View",
        "Accounts Receivable, Invoices, List and View",
    )


@pytest.mark.parametrize("read", ["extent", "rows"])
def test_a_permission_that_goes_after_the_probe_is_named_in_menu_words_as_well(
    gateway: Sandbox, read: str
) -> None:
    with pytest.raises(Trouble) as trouble, ledger_of(**NARROW) as ledger:
        if read == "extent":
            ledger.extent(INVOICES, QUARTER, WHOLE)
        else:
            list(ledger.rows(INVOICES, QUARTER, WHOLE))
    assert trouble.value.problem is problems.PERMISSION_MISSING
    assert trouble.value.names == ("Accounts Receivable, Invoices, List and View",)


def test_an_optional_table_without_permission_is_left_out(gateway: Sandbox) -> None:
    with ledger_of(**NARROW) as ledger:
        assert ledger.extent(datasets.BY_NAME["reporting_periods"], QUARTER, WHOLE) is None


def test_a_module_that_is_not_subscribed_has_no_extent_and_stops_nothing(without_receivables: None) -> None:
    with ledger_of() as ledger:
        assert ledger.extent(INVOICES, QUARTER, WHOLE) is None
        findings = ledger.facts([CUSTOMERS, INVOICES]).findings
    assert findings.unavailable == (
        "Accounts Receivable, Customers, List and View",
        "Accounts Receivable, Invoices, List and View",
    )


def test_the_findings_warn_of_entities_that_the_user_may_not_enter(gateway: Sandbox) -> None:
    with ledger_of(user_id="ws_shops", password="Shops-Secret-1") as ledger:
        findings = ledger.facts([]).findings
    assert findings.hidden_entities == ("E200",)
