"""Fields of related objects, by dotted names."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import query, rows, sign_in

ORDER = "<orderby><order><field>RECORDNO</field><ascending/></order></orderby>"


def test_a_dotted_name_reads_a_field_of_what_a_row_points_to(sandbox: Sandbox) -> None:
    place = "<field>LOCATION.PARENT.NAME</field><value>Birchwood Shops</value>"
    rest = f"<filter><equalto>{place}</equalto></filter>"
    opened = sign_in(sandbox.endpoint)
    found = rows(opened.call(query("GLDETAIL", "RECORDNO", "GLACCOUNT.TITLE", rest=rest + ORDER)))
    assert found[0] == {"RECORDNO": "1-1", "GLACCOUNT.TITLE": "Operating bank"}


def test_a_row_that_points_to_nothing_has_no_value_there(sandbox: Sandbox) -> None:
    found = rows(sign_in(sandbox.endpoint).call(query("GLDETAIL", "RECORDNO", "CUSTOMER.NAME")))
    assert {row["CUSTOMER.NAME"] for row in found} == {""}


@pytest.mark.parametrize(
    "field", ["LOCATION.PARENT.PARENT.NAME", "CUSTOMER.COLOUR", "SUPPLIER.NAME", "CUSTOMER"]
)
def test_a_path_that_leads_nowhere_or_twice_up_a_hierarchy_is_refused(field: str, sandbox: Sandbox) -> None:
    answer = sign_in(sandbox.endpoint).call(query("GLDETAIL", "RECORDNO", field))
    assert answer.text("operation/result/errormessage/error/errorno") == "XL03000010"
