"""A user's own settings decide how the generic functions print dates, timestamps and numbers."""

import json
import shutil
from collections.abc import Iterator

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    SignedIn,
    query,
    rows,
    sign_in,
)

SETTINGS = {
    "plain": {},
    "german": {"locale": "de_DE.UTF-8", "dateformat": ".dmY", "clock": "24", "gmtoffset": "+02:00"},
    "iso": {"dateformat": "-Ymd", "clock": "12", "gmtoffset": "-05:00"},
    "short": {"dateformat": "/dmy"},
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Birchwood with a user for each of the settings."""
    folder = tmp_path_factory.mktemp("formatting") / "company"
    shutil.copytree(EXCHANGES / "company", folder)
    settings = json.loads((folder / "company.json").read_text("utf-8"))
    settings["users"] = [
        {"userid": name, "password": "p", "formatting": formatting} for name, formatting in SETTINGS.items()
    ]
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield running


def opened_by(gateway: Sandbox, user: str) -> SignedIn:
    return sign_in(gateway.endpoint, ("BIRCHWOOD", user, "p"), "E100")


@pytest.mark.parametrize(
    ("user", "due", "created", "total"),
    [
        ("plain", "03/12/2026", "02/10/2026 18:30:00", "1250.50"),
        ("german", "12.03.2026", "11.02.2026 01:30:00", "1250,50"),
        ("iso", "2026-03-12", "2026-02-10 06:30:00 PM", "1250.50"),
        ("short", "12/03/26", "10/02/26 18:30:00", "1250.50"),
    ],
)
@pytest.mark.parametrize("function", ["query", "read", "readByQuery"])
def test_values_are_printed_in_the_form_of_the_user(
    function: str, user: str, due: str, created: str, total: str, gateway: Sandbox
) -> None:
    fields = ("RECORDID", "WHENDUE", "AUWHENCREATED", "TOTALENTERED")
    calls = {
        "query": query(
            "ARINVOICE",
            *fields,
            rest="<filter><equalto><field>RECORDNO</field><value>1</value></equalto></filter>",
        ),
        "read": f"<read><object>ARINVOICE</object><keys>1</keys><fields>{','.join(fields)}</fields></read>",
        "readByQuery": "<readByQuery><object>ARINVOICE</object><query>RECORDNO = 1</query>"
        f"<fields>{','.join(fields)}</fields></readByQuery>",
    }
    row = rows(opened_by(gateway, user).call(calls[function]))[0]
    assert (row["WHENDUE"], row["AUWHENCREATED"], row["TOTALENTERED"]) == (due, created, total)


def test_filters_stay_in_the_documented_form_whatever_the_user_reads(gateway: Sandbox) -> None:
    rest = "<filter><equalto><field>WHENDUE</field><value>03/12/2026</value></equalto></filter>"
    assert len(rows(opened_by(gateway, "german").call(query("ARINVOICE", "RECORDNO", rest=rest)))) == 1


def test_older_functions_write_dates_as_elements_and_keep_the_point(gateway: Sandbox) -> None:
    day = (
        "<asofdate><year>2026</year><month>03</month><day>31</day></asofdate><showdetails>true</showdetails>"
    )
    answer = opened_by(gateway, "german").call(f"<get_araging>{day}</get_araging>")
    detail = "operation/result/data/araging/aging/agingdetails/agingdetail"
    assert answer.text(f"{detail}/totaldue") == "1250.50"
    assert answer.text(f"{detail}/agingdate/year") == "2026"
