"""lookup, inspect and getDimensions."""

from intacct.sandbox import Sandbox
from intacct.sandbox.objects import OBJECTS
from tests.intacct.sandbox.gateway_client import sign_in


def test_a_lookup_types_its_fields(sandbox: Sandbox) -> None:
    answer = sign_in(sandbox.endpoint).call("<lookup><object>GLDETAIL</object></lookup>")
    kinds = {
        field.findtext("ID", ""): field.findtext("DATATYPE", "")
        for field in answer.xml.iterfind("operation/result/data/Type/Fields/Field")
    }
    assert kinds["RECORDNO"] == "TEXT"
    assert (kinds["ENTRY_DATE"], kinds["WHENMODIFIED"]) == ("DATE", "TIMESTAMP")
    assert (kinds["AMOUNT"], kinds["LINE_NO"]) == ("DECIMAL", "INTEGER")


def test_a_lookup_names_the_values_of_an_enumeration(sandbox: Sandbox) -> None:
    answer = sign_in(sandbox.endpoint).call("<lookup><object>GLACCOUNT</object></lookup>")
    fields = answer.xml.iterfind("operation/result/data/Type/Fields/Field")
    status = next(field for field in fields if field.findtext("ID") == "STATUS")
    values = [value.text for value in status.iterfind("VALIDVALUES/VALIDVALUE")]
    assert values == ["active", "inactive"]


def test_inspecting_a_star_lists_every_object(sandbox: Sandbox) -> None:
    answer = sign_in(sandbox.endpoint).call("<inspect><object>*</object></inspect>")
    names = [kind.get("Name") for kind in answer.xml.iterfind("operation/result/data/Type")]
    assert names == list(OBJECTS)


def test_an_unknown_object_can_be_neither_looked_up_nor_inspected(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    for function in ("lookup", "inspect"):
        answer = opened.call(f"<{function}><object>NOSUCH</object></{function}>")
        assert answer.text("operation/result/errormessage/error/errorno") == "Query Failed"
