"""The subledgers of the generated company, by plain arithmetic over its files.

What is open on a day is what was posted until then, less what was applied until then. It must be what the
control account says, in every entity and at the end of every month, although documents were paid in parts,
credited, paid in advance, discounted, reversed, or dated in another month than they were posted in.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from intacct.sandbox.__main__ import main

Row = Mapping[str, str]
_NOT_IN_THE_LEDGER = ("Draft", "Submitted")
_APPLIED = ("PAYMENTAMOUNT", "DISCOUNTAMOUNT", "ADJUSTMENTAMOUNT", "POSTEDADVANCEAMOUNT", "INLINEAMOUNT")


@dataclass(frozen=True)
class Side:
    """Receivables or payables; `sign` is that of a document on its control account."""

    letters: str
    documents: str
    control: str
    advances: str
    sign: int


SIDES = (Side("AR", "ARINVOICE", "1200", "2210", 1), Side("AP", "APBILL", "2010", "1430", -1))


@pytest.fixture(
    scope="module",
    params=[
        ["--months", "15", "--invoices", "120", "--seed", "7"],
        ["--months", "30", "--invoices", "600", "--seed", "3", "--first-fiscal-month", "1"],
    ],
    ids=["small", "larger"],
)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("generated") / "company"
    assert main(["generate", str(target), *request.param]) == 0
    return target


@pytest.fixture(params=SIDES, ids=["receivables", "payables"])
def side(request: pytest.FixtureRequest) -> Side:
    chosen: Side = request.param
    return chosen


def table(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day_of(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a date without a clock


def amount(row: Row, *names: str) -> Decimal:
    return sum((Decimal(row[name] or 0) for name in names), Decimal(0))


def month_ends(folder: Path) -> list[date]:
    """The end of every month, and the day before the first."""
    months = [row for row in table(folder, "REPORTINGPERIOD") if row["BUDGETING"] == "true"]
    return [
        day_of(months[0]["START_DATE"]) - timedelta(days=1),
        *(day_of(row["END_DATE"]) for row in months),
    ]


Movement = tuple[str, date, Decimal]


def balances_by(movements: Sequence[Movement], days: list[date]) -> dict[tuple[str, date], Decimal]:
    """What the movements of each entity add up to on each day."""
    sums: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for entity, moved, cents in movements:
        for day in days:
            if moved <= day:
                sums[entity, day] += cents
    return sums


def ledger_movements(folder: Path, account: str, sign: int) -> list[Movement]:
    entities = {row["LOCATIONID"]: row["PARENTID"] or row["LOCATIONID"] for row in table(folder, "LOCATION")}
    return [
        (entities[row["LOCATIONID"]], day_of(row["ENTRY_DATE"]), sign * Decimal(row["AMOUNT"]))
        for row in table(folder, "GLDETAIL")
        if row["ACCOUNTNO"] == account and row["BOOKID"] == "ACCRUAL" and row["STATE"] == "Posted"
    ]


def posted(folder: Path, name: str) -> list[Row]:
    return [row for row in table(folder, name) if row["STATE"] not in _NOT_IN_THE_LEDGER]


def document_movements(folder: Path, side: Side) -> Iterator[Movement]:
    """Documents and credit memos by their posting date, applications and unapplied money by theirs."""
    documents = {row["RECORDNO"]: row for row in posted(folder, side.documents)}
    for row in (*documents.values(), *posted(folder, f"{side.letters}ADJUSTMENT")):
        yield row["MEGAENTITYID"], day_of(row["WHENPOSTED"]), amount(row, "TOTALENTERED")
    for row in table(folder, f"{side.letters}PYMTDETAIL"):
        applied = amount(row, *_APPLIED)
        entity, day = documents[row["RECORDKEY"]]["MEGAENTITYID"], day_of(row["PAYMENTDATE"])
        yield entity, day, -applied
        if row["ADJUSTMENTKEY"]:  # what settles the document uses up the credit memo
            yield entity, day, applied
    for row in table(folder, f"{side.letters}PYMT"):
        yield row["MEGAENTITYID"], day_of(row["WHENPAID"]), -amount(row, "TOTALDUE")


def test_the_control_account_is_what_is_open_in_every_month_and_entity(folder: Path, side: Side) -> None:
    days = month_ends(folder)
    ledger = balances_by(ledger_movements(folder, side.control, side.sign), days)
    documents = balances_by(list(document_movements(folder, side)), days)
    assert len({entity for entity, _ in ledger}) == 3
    assert len(ledger) == 3 * len(days)
    assert documents == ledger


def test_advances_are_what_their_account_says_in_every_month_and_entity(folder: Path, side: Side) -> None:
    days = month_ends(folder)
    advances = {row["RECORDNO"]: row for row in table(folder, f"{side.letters}ADVANCE")}
    movements = [
        (row["MEGAENTITYID"], day_of(row["WHENPOSTED"]), amount(row, "TOTALENTERED"))
        for row in advances.values()
    ]
    for row in table(folder, f"{side.letters}PYMTDETAIL"):
        if row["POSTEDADVANCEKEY"]:
            entity = advances[row["POSTEDADVANCEKEY"]]["MEGAENTITYID"]
            movements.append((entity, day_of(row["PAYMENTDATE"]), -amount(row, "POSTEDADVANCEAMOUNT")))
    ledger = balances_by(ledger_movements(folder, side.advances, -side.sign), days)
    assert any(ledger.values())
    assert balances_by(movements, days) == ledger


def test_what_documents_say_today_is_what_was_applied_to_them(folder: Path, side: Side) -> None:
    applied, abroad = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for row in table(folder, f"{side.letters}PYMTDETAIL"):
        applied[row["RECORDKEY"]] += amount(row, *_APPLIED)
        abroad[row["RECORDKEY"]] += amount(row, "TRX_PAYMENTAMOUNT")
    for row in table(folder, side.documents):
        undone = row["STATE"] in ("Reversed", "Reversal")
        assert amount(row, "TOTALPAID") == applied[row["RECORDNO"]]
        left = Decimal(0) if undone else amount(row, "TOTALENTERED") - amount(row, "TOTALPAID")
        assert amount(row, "TOTALDUE") == left
        assert (row["STATE"] == "Paid") == (not left and not undone) == bool(row["WHENPAID"])
        if row["CURRENCY"] != "USD":
            assert amount(row, "TRX_TOTALPAID") == abroad[row["RECORDNO"]]
            rate = Decimal(row["EXCHANGE_RATE"])
            assert (amount(row, "TRX_TOTALENTERED") * rate).quantize(Decimal("0.01")) == amount(
                row, "TOTALENTERED"
            )


def test_every_payment_is_what_it_settled_and_what_is_unapplied(folder: Path, side: Side) -> None:
    applied = defaultdict[str, Decimal](Decimal)
    for row in table(folder, f"{side.letters}PYMTDETAIL"):
        if row["PAYMENTKEY"]:
            applied[row["PAYMENTKEY"]] += amount(row, "PAYMENTAMOUNT")
    for row in table(folder, f"{side.letters}PYMT"):
        assert amount(row, "TOTALPAID") == applied[row["RECORDNO"]]
        assert amount(row, "TOTALENTERED") == amount(row, "TOTALPAID", "TOTALDUE")


def test_a_reversal_undoes_a_document_of_the_same_number(folder: Path, side: Side) -> None:
    rows = table(folder, side.documents)
    reversed_ones = {row["RECORDID"]: row for row in rows if row["STATE"] == "Reversed"}
    reversals = {row["RECORDID"]: row for row in rows if row["STATE"] == "Reversal"}
    assert reversed_ones and reversed_ones.keys() == reversals.keys()
    for number, row in reversed_ones.items():
        assert amount(reversals[number], "TOTALENTERED") == -amount(row, "TOTALENTERED")
        assert day_of(reversals[number]["WHENPOSTED"]) > day_of(row["WHENPOSTED"])


def _applications(name: str) -> Callable[[Path, Side], int]:
    return lambda folder, side: sum(bool(row[name]) for row in table(folder, f"{side.letters}PYMTDETAIL"))


def _documents(told: Callable[[Row], bool], suffix: str = "") -> Callable[[Path, Side], int]:
    return lambda folder, side: sum(
        told(row) for row in table(folder, f"{side.letters}{suffix}" if suffix else side.documents)
    )


def _dated_and_posted_apart(row: Row) -> bool:
    return row["STATE"] not in _NOT_IN_THE_LEDGER and row["WHENCREATED"][:2] != row["WHENPOSTED"][:2]


def _paid_in_parts(folder: Path, side: Side) -> int:
    payments = Counter(row["RECORDKEY"] for row in table(folder, f"{side.letters}PYMTDETAIL"))
    return sum(number > 1 for number in payments.values())


KINDS: Mapping[str, Callable[[Path, Side], int]] = {
    "documents paid in parts": _paid_in_parts,
    "documents not paid": _documents(lambda row: row["STATE"] == "Posted"),
    "documents partly paid": _documents(lambda row: row["STATE"] == "Partially Paid"),
    "credit memos applied": _applications("ADJUSTMENTKEY"),
    "credit memos left over": _documents(lambda row: row["TOTALDUE"] == row["TOTALENTERED"], "ADJUSTMENT"),
    "advances applied": _applications("POSTEDADVANCEKEY"),
    "advances left over": _documents(lambda row: row["TOTALDUE"] == row["TOTALENTERED"], "ADVANCE"),
    "discounts": _applications("DISCOUNTAMOUNT"),
    "documents reversed": _documents(lambda row: row["STATE"] == "Reversed"),
    "drafts": _documents(lambda row: row["STATE"] == "Draft"),
    "documents without a due date": _documents(lambda row: not row["WHENDUE"]),
    "documents posted in another month": _documents(_dated_and_posted_apart),
    "documents of another currency": _documents(lambda row: row["CURRENCY"] != row["BASECURR"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_occurs_on_both_sides(kind: str, folder: Path, side: Side) -> None:
    assert KINDS[kind](folder, side) > 0


def test_some_customers_pay_too_much_and_some_bills_wait_for_approval(folder: Path) -> None:
    assert any(Decimal(row["TOTALDUE"]) > 0 for row in table(folder, "ARPYMT"))
    assert "Submitted" in {row["STATE"] for row in table(folder, "APBILL")}


def test_what_is_not_posted_has_no_lines_in_the_ledger(folder: Path, side: Side) -> None:
    numbers = {row["RECORDID"] for row in table(folder, side.documents) if row["STATE"] in _NOT_IN_THE_LEDGER}
    assert numbers
    assert not numbers & {row["DOCUMENT"] for row in table(folder, "GLDETAIL")}


def test_lines_of_another_currency_balance_in_it(folder: Path) -> None:
    sums, currencies = defaultdict[str, Decimal](Decimal), defaultdict[str, set[str]](set)
    for row in table(folder, "GLDETAIL"):
        sums[row["BATCHKEY"]] += Decimal(row["TRX_AMOUNT"]) * (row["STATISTICAL"] == "F")
        currencies[row["BATCHKEY"]].add(row["CURRENCY"])
    assert {"USD", "EUR", "GBP"} <= set().union(*currencies.values())
    assert all(len(used) == 1 for used in currencies.values())
    assert not any(sums.values())
