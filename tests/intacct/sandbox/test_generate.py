"""The generated company: its books balance, its documents tie, and the same arguments give the same files."""

import csv
import filecmp
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from intacct.sandbox import Sandbox
from intacct.sandbox.__main__ import main
from tests.intacct.sandbox.gateway_client import SENDER_ID, SENDER_PASSWORD, SignedIn, query, rows, sign_in

SMALL = ["--months", "15", "--invoices", "200", "--seed", "7"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("generated") / "company"
    assert main(["generate", str(target), *SMALL]) == 0
    return target


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[SignedIn]:
    user = json.loads((folder / "company.json").read_text("utf-8"))["users"][0]
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as sandbox:
        yield sign_in(sandbox.endpoint, ("DEMO", user["userid"], user["password"]))


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def posted(folder: Path) -> list[dict[str, str]]:
    """The lines of the accrual book that count."""
    return [
        row
        for row in table(folder, "GLDETAIL")
        if row["BOOKID"] == "ACCRUAL" and row["STATE"] == "Posted" and row["STATISTICAL"] == "F"
    ]


def entity_of(folder: Path) -> Mapping[str, str]:
    return {row["LOCATIONID"]: row["PARENTID"] or row["LOCATIONID"] for row in table(folder, "LOCATION")}


def balances(folder: Path) -> Mapping[tuple[str, str], Decimal]:
    entities, sums = entity_of(folder), defaultdict[tuple[str, str], Decimal](Decimal)
    for row in posted(folder):
        sums[entities[row["LOCATIONID"]], row["ACCOUNTNO"]] += Decimal(row["AMOUNT"])
    return sums


def test_the_same_arguments_give_the_same_files_and_another_seed_does_not(
    folder: Path, tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    main(["generate", str(again), *SMALL])
    main(["generate", str(other), *SMALL[:-1], "8"])
    names = [path.name for path in folder.iterdir()]
    assert filecmp.cmpfiles(folder, again, names, shallow=False)[0] == names
    assert "GLDETAIL.csv" in filecmp.cmpfiles(folder, other, names, shallow=False)[1]


def test_every_batch_balances_within_one_entity(folder: Path) -> None:
    entities, sums, places = (
        entity_of(folder),
        defaultdict[str, Decimal](Decimal),
        defaultdict[str, set[str]](set),
    )
    for row in table(folder, "GLDETAIL"):
        if row["STATISTICAL"] == "F":
            sums[row["BATCHKEY"]] += Decimal(row["AMOUNT"])
            places[row["BATCHKEY"]].add(entities[row["LOCATIONID"]])
    assert not any(sums.values())
    assert all(len(found) == 1 for found in places.values())


def test_no_bank_is_ever_overdrawn(folder: Path) -> None:
    entities, days = entity_of(folder), defaultdict[tuple[str, str], dict[str, Decimal]](dict)
    for row in posted(folder):
        if row["ACCOUNTNO"] in ("0900", "1010", "1020", "1030"):
            movements = days[entities[row["LOCATIONID"]], row["ACCOUNTNO"]]
            when = row["ENTRY_DATE"][6:] + row["ENTRY_DATE"][:5]
            movements[when] = movements.get(when, Decimal(0)) + Decimal(row["AMOUNT"])
    for account, movements in days.items():
        running = Decimal(0)
        for when in sorted(movements):
            running += movements[when]
            assert running >= 0, f"{account} on {when}"


def test_what_the_entities_owe_and_sell_each_other_nets_to_zero(folder: Path) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_, account), amount in balances(folder).items():
        sums[account] += amount
    assert sums["1250"] + sums["2250"] == 0
    assert sums["4200"] + sums["5200"] == 0
    assert sums["4200"] < 0 < sums["1250"]


def trial_balance(opened: SignedIn, rest: str) -> dict[str, Decimal]:
    period = (
        "<startdate><year>2026</year><month>8</month><day>1</day></startdate>"
        "<enddate><year>2026</year><month>8</month><day>31</day></enddate><showzerobalances>true</showzerobalances>"
    )
    answer = opened.call(f"<get_trialbalance>{period}{rest}</get_trialbalance>")
    return {row["glaccountno"]: Decimal(row["endbalance"]) for row in rows(answer)}


def test_the_consolidation_is_the_group_without_its_inner_trade(opened: SignedIn) -> None:
    exclude = "<statistical>exclude</statistical>"
    group = trial_balance(opened, exclude)
    consolidated = trial_balance(opened, "<reportingbook>HVCONS</reportingbook>" + exclude)
    assert sum(group.values()) == sum(consolidated.values()) == 0
    assert [consolidated[account] for account in ("1250", "2250", "4200", "5200")] == [0, 0, 0, 0]
    inner = {"1250", "2250", "4200", "5200"}
    assert {a: v for a, v in group.items() if a not in inner} == {
        a: v for a, v in consolidated.items() if a not in inner
    }


def test_categories_are_missing_where_the_borrower_is_to_be_asked(folder: Path) -> None:
    chart = {row["ACCOUNTNO"]: row for row in table(folder, "GLACCOUNT")}
    active = {row["ACCOUNTNO"] for row in posted(folder)}
    missing = {number for number, row in chart.items() if not row["CATEGORY"]}
    assert missing == {row["ACCOUNTNO"] for row in table(folder, "assignments")}
    assert len(missing) == 8 and len(missing & active) == 6
    assert "0900" in active
    assert [number for number, row in chart.items() if row["STATUS"] == "inactive" and number in active] == [
        "1790"
    ]


def test_the_chart_is_served_with_its_private_account(opened: SignedIn) -> None:
    rest = "<options><showprivate>true</showprivate></options><pagesize>2000</pagesize>"
    with_private = rows(opened.call(query("GLACCOUNT", "ACCOUNTNO", "MEGAENTITYID", rest=rest)))
    shared = rows(opened.call(query("GLACCOUNT", "ACCOUNTNO", rest="<pagesize>2000</pagesize>")))
    assert len(with_private) == len(shared) + 1
    assert [row["MEGAENTITYID"] for row in with_private if row["ACCOUNTNO"] == "5120"] == ["E200"]


def test_sizes_are_least_numbers(tmp_path: Path) -> None:
    arguments = [
        "--months",
        "2",
        "--invoices",
        "24",
        "--entities",
        "5",
        "--accounts",
        "150",
        "--gl-lines",
        "4000",
    ]
    main(["generate", str(tmp_path), *arguments, "--first-fiscal-month", "1", "--end", "2025-02-27"])
    assert len(table(tmp_path, "GLACCOUNT")) == 150
    assert len(table(tmp_path, "LOCATIONENTITY")) == 6
    assert len(table(tmp_path, "GLDETAIL")) >= 4000
    months = [row["NAME"] for row in table(tmp_path, "REPORTINGPERIOD") if row["BUDGETING"] == "true"]
    assert months == ["Month Ended December 2024", "Month Ended January 2025"]
