"""Pages of large tables are those of small ones, cut faster."""

import csv
import json
from collections.abc import Iterator

import pytest

from intacct.sandbox import Sandbox
from intacct.sandbox.rendering import Remembered
from tests.intacct.sandbox.gateway_client import (
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    SignedIn,
    attributes,
    query,
    rows,
    sign_in,
)

LINES = 6_000
WINDOW = "<between><field>ENTRY_DATE</field><value>02/01/2026</value><value>02/28/2026</value></between>"
ASCENDING = "<orderby><order><field>RECORDNO</field><ascending/></order></orderby>"


def line(number: int) -> tuple[str, str, str, str]:
    day = f"{number % 12 + 1:02}/{number % 28 + 1:02}/2026"
    return f"{number * 7919 % LINES}-1", day, "ACCRUAL" if number % 5 else "CASH", str(number)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedIn]:
    """A company with enough lines for an index."""
    folder = tmp_path_factory.mktemp("large")
    user = {"userid": "u", "password": "p"}
    settings = {"companyid": "LARGE", "name": "Large", "subscriptions": ["CO", "GL"], "users": [user]}
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    with (folder / "GLDETAIL.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("RECORDNO", "ENTRY_DATE", "BOOKID", "AMOUNT"))
        writer.writerows(map(line, range(LINES)))
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield sign_in(running.endpoint, ("LARGE", "u", "p"))


def expected() -> list[str]:
    found = [line(number) for number in range(LINES)]
    return sorted(key for key, day, book, _ in found if day.startswith("02/") and book == "ACCRUAL")


def filtered(*conditions: str) -> str:
    return f"<filter><and>{''.join(conditions)}</and></filter>"


BOOK = "<equalto><field>BOOKID</field><value>ACCRUAL</value></equalto>"


def test_keyset_pages_hold_every_row_of_a_window_once_in_the_order_of_keys(opened: SignedIn) -> None:
    seen: list[str] = []
    while True:
        start = (
            [f"<greaterthan><field>RECORDNO</field><value>{seen[-1]}</value></greaterthan>"] if seen else []
        )
        rest = filtered(WINDOW, BOOK, *start) + ASCENDING + "<pagesize>97</pagesize>"
        answer = opened.call(query("GLDETAIL", "RECORDNO", "AMOUNT", rest=rest))
        left = len(expected()) - len(seen)
        assert attributes(answer)["totalcount"] == str(left)
        seen += [row["RECORDNO"] for row in rows(answer)]
        if attributes(answer)["numremaining"] == "0":
            break
    assert seen == expected()


def test_descending_pages_go_the_other_way(opened: SignedIn) -> None:
    keys = expected()
    start = f"<lessthan><field>RECORDNO</field><value>{keys[10]}</value></lessthan>"
    rest = filtered(WINDOW, BOOK, start) + ASCENDING.replace("ascending", "descending")
    found = [row["RECORDNO"] for row in rows(opened.call(query("GLDETAIL", "RECORDNO", rest=rest)))]
    assert found == keys[:10][::-1]


def test_one_unordered_page_of_everything_holds_every_row_once_and_the_next_in_another_order(
    opened: SignedIn,
) -> None:
    rest = filtered(WINDOW, BOOK) + "<pagesize>2000</pagesize>"
    first, second = (
        [row["RECORDNO"] for row in rows(opened.call(query("GLDETAIL", "RECORDNO", rest=rest)))]
        for _ in range(2)
    )
    assert sorted(first) == sorted(second) == expected()
    assert first != second


def test_a_page_that_is_remembered_shows_a_row_that_came_meanwhile() -> None:
    order = ASCENDING + "<pagesize>2000</pagesize>"
    with Sandbox([EXCHANGES / "company"], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        reader = sign_in(sandbox.endpoint)
        before = [reader.call(query("VENDOR", "RECORDNO", "NAME", rest=order)) for _ in range(2)]
        sandbox.faults.next("row-inserted")
        after = reader.call(query("VENDOR", "RECORDNO", "NAME", rest=order))
    assert [len(rows(answer)) for answer in (*before, after)] == [1, 1, 2]


def test_only_so_many_bytes_of_pages_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Remembered, "LARGEST", 10)
    pages = Remembered()
    for key in "abc":
        pages.put(key, b"12345")
    assert [pages.get(key) for key in "abc"] == [b"", b"12345", b"12345"]
