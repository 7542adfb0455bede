"""Lists as XML, JSON and CSV."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from intacct.sandbox import Sandbox
from intacct.sandbox.rendering import elements
from tests.intacct.sandbox.gateway_client import query, sign_in

ORDER = "<orderby><order><field>RECORDNO</field><ascending/></order></orderby><pagesize>2</pagesize>"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_comes_back_from_xml_without_what_xml_does_not_allow(rows: list[tuple[str, str]]) -> None:
    parsed = etree.fromstring(b"<data>" + elements("ROW", ("A", "B.C"), rows) + b"</data>")

    def allowed(text: str) -> str:
        return "".join(
            character
            for character in text
            if character in "\t\n\r"
            or (" " <= character <= "\ud7ff")
            or "\ue000" <= character <= "\ufffd"
            or character > "\uffff"
        )

    assert [tuple(value.text or "" for value in row) for row in parsed] == [
        tuple(map(allowed, row)) for row in rows
    ]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_list_in_another_form_comes_without_an_envelope(form: str, sandbox: Sandbox) -> None:
    options = f"<options><returnformat>{form}</returnformat></options>"
    answer = sign_in(sandbox.endpoint).call(query("GLACCOUNT", "RECORDNO", "TITLE", rest=ORDER + options))
    text = answer.body.decode()
    listed = json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text)))
    assert listed[0] == {"RECORDNO": "11", "TITLE": "Operating bank"}
    assert len(listed) == 2
    assert answer.headers["Content-Type"] == {"json": "application/json", "csv": "text/csv"}[form]


def test_an_error_comes_as_xml_whatever_form_was_asked_for(sandbox: Sandbox) -> None:
    options = "<options><returnformat>json</returnformat></options>"
    answer = sign_in(sandbox.endpoint).call(query("GLACCOUNT", "COLOUR", rest=options))
    assert answer.text("operation/result/errormessage/error/errorno") == "XL03000010"
