"""The catalogue of objects: what can be selected, what only a lookup lists, and what is unknown."""

import json
import shutil
from collections.abc import Iterator

import pytest

from intacct.sandbox import Sandbox
from intacct.sandbox.objects import OBJECTS, KnownObject
from tests.intacct.sandbox.gateway_client import (
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    Answer,
    SignedIn,
    query,
    rows,
    sign_in,
)

WHOLE = "<options><showprivate>true</showprivate></options><pagesize>2000</pagesize>"
ERROR = "operation/result/errormessage/error/"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedIn]:
    """A session in a company that has subscribed to everything."""
    folder = tmp_path_factory.mktemp("companies") / "company"
    shutil.copytree(EXCHANGES / "company", folder)
    settings = json.loads((folder / "company.json").read_text("utf-8"))
    settings["subscriptions"] = sorted({known.application for known in OBJECTS.values()})
    (folder / "company.json").write_text(json.dumps(settings), "utf-8")
    with Sandbox([folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield sign_in(running.endpoint)


def looked_up(opened: SignedIn, name: str) -> dict[str, str]:
    answer = opened.call(f"<lookup><object>{name}</object></lookup>")
    fields = answer.xml.iterfind("operation/result/data/Type/Fields/Field")
    return {field.findtext("ID", ""): field.findtext("DATATYPE", "") for field in fields}


def refusal(answer: Answer) -> tuple[str, str]:
    return answer.text(ERROR + "errorno"), answer.text(ERROR + "description2")


@pytest.mark.parametrize("known", OBJECTS.values(), ids=lambda known: known.name)
def test_every_standard_field_can_be_selected_and_an_unknown_one_is_refused(
    known: KnownObject, opened: SignedIn
) -> None:
    answer = opened.call(query(known.name, *known.fields, rest=WHOLE))
    assert answer.text("operation/result/status") == "success", answer.body.decode()
    assert all(tuple(row) == known.fields for row in rows(answer))
    errorno, text = refusal(opened.call(query(known.name, known.fields[0], "NOSUCHFIELD")))
    assert errorno == "XL03000010"
    assert "NOSUCHFIELD" in text


@pytest.mark.parametrize("known", OBJECTS.values(), ids=lambda known: known.name)
def test_a_lookup_lists_every_field_with_one_of_the_known_types(known: KnownObject, opened: SignedIn) -> None:
    listed = looked_up(opened, known.name)
    assert set(listed) >= {*known.fields, *known.unqueryable}
    assert set(listed.values()) <= {"INTEGER", "TEXT", "BOOLEAN", "DATE", "TIMESTAMP", "ENUM", "DECIMAL"}


@pytest.mark.parametrize(
    ("name", "field", "instead"),
    [
        ("GLENTRY", "LOCATIONID", "LOCATION"),
        ("GLENTRY", "DEPARTMENTID", "DEPARTMENT"),
        ("ARINVOICE", "INVOICENO", "RECORDID"),
        ("ARINVOICE", "DUEDATE", "WHENDUE"),
    ],
)
def test_a_field_under_its_obvious_name_is_listed_and_cannot_be_queried(
    name: str, field: str, instead: str, opened: SignedIn
) -> None:
    assert field in looked_up(opened, name)
    errorno, text = refusal(opened.call(query(name, field)))
    assert errorno == "XL03000006"
    assert "cannot be queried" in text
    assert field in text
    assert opened.call(query(name, instead)).text("operation/result/status") == "success"


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("GLENTRY", "BOOKID"),
        ("GLACCOUNT", "PARENTACCOUNT"),
        ("GLACCOUNT", "CURRENCY"),
        ("CHECKINGACCOUNT", "BANKACCOUNTNO"),
        ("VENDOR", "TAXID"),
    ],
)
def test_a_field_that_an_object_does_not_serve_is_unknown(name: str, missing: str, opened: SignedIn) -> None:
    assert refusal(opened.call(query(name, missing)))[0] == "XL03000010"


@pytest.mark.parametrize("name", ["TRIALBALANCE", "GLACCOUNTBALANCE"])
def test_a_trial_balance_is_no_object(name: str, opened: SignedIn) -> None:
    text = refusal(opened.call(query(name, "ACCOUNTNO")))[1]
    assert text.startswith(f"Object definition {name} not found")


def test_the_day_of_a_line_is_a_date_and_its_making_a_time(opened: SignedIn) -> None:
    kinds = looked_up(opened, "GLDETAIL")
    assert (kinds["WHENCREATED"], kinds["AUWHENCREATED"]) == ("DATE", "TIMESTAMP")


def test_entities_are_fewer_than_locations(opened: SignedIn) -> None:
    entities = {row["LOCATIONID"] for row in rows(opened.call(query("LOCATIONENTITY", "LOCATIONID")))}
    locations = {row["LOCATIONID"] for row in rows(opened.call(query("LOCATION", "LOCATIONID")))}
    assert entities < locations
