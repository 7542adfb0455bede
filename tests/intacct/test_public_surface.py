"""What others build on does not change by accident."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path

import pytest

import intacct
from tests.intacct.conftest import Connect

NAMES = """
Account AccountBalance AccountChoice AgedDocument AgedReceivables AuthenticationError Company
CompanyInformation CompanyUnknown ConnectionFailed ConsolidationBook ControlError DETAIL_FIELDS DateFormat
DimensionBalance Entity EntityRefused Exchange FieldDefinition FieldRefused FinancialSetup Findings
FunctionError FunctionFailed Gate Grant IncompleteRead IntacctError LedgerLine Limits Login Mender
NotSubscribed ObjectDefinition ObjectUnknown Patience PermissionDenied Preference ProcessGate RateLimited
Refusal Relationship ReplyError RequestRejected RequestTimedOut Row Sender SenderNotAuthorized SenderRefused
ServiceUnavailable Session SessionExpired SignInRefused TransportError TrialBalanceRow UnreadableFormatting
UnreadableReply UntrustedEndpoint UserFormatting WebServicesNotSubscribed connect filters menu_words
"""
FOLDER = Path(intacct.__file__).parent
MODULES = sorted(FOLDER.glob("*.py")) + sorted((FOLDER / "functions").glob("*.py"))


def test_the_public_names_are_these() -> None:
    assert intacct.__all__ == sorted(NAMES.split())
    for name in intacct.__all__:
        assert getattr(intacct, name) is not None


def test_a_company_offers_these_calls() -> None:
    offered = [name for name in dir(intacct.Company) if not name.startswith("_")]
    assert offered == [
        "account_balances",
        "account_balances_by_dimension",
        "accounts",
        "applications",
        "close",
        "closed_books_date",
        "company_information",
        "consolidated_entities",
        "consolidation_books",
        "count",
        "elimination_entities",
        "enter",
        "entities",
        "financial_setup",
        "formatting",
        "general_ledger_detail",
        "lookup",
        "permissions",
        "preferences",
        "probe",
        "query",
        "read",
        "read_by_query",
        "receivables_aging",
        "session",
        "totals",
        "trial_balance",
    ]


def test_connecting_takes_these_arguments() -> None:
    assert list(inspect.signature(intacct.connect).parameters) == [
        "sender",
        "login",
        "endpoint",
        "allow_sandbox",
        "resume",
        "entity",
        "limits",
        "patience",
        "gate",
        "sign_in_guard",
        "sleep",
    ]


def test_every_public_name_is_explained() -> None:
    for name in intacct.__all__:
        assert inspect.getdoc(getattr(intacct, name)), name


def test_the_example_of_the_package_is_python() -> None:
    lines = (intacct.__doc__ or "").splitlines()
    example = "\n".join(line[4:] for line in lines if line.startswith("    "))
    assert "intacct.connect" in example
    ast.parse(example)


def test_the_client_needs_only_requests_and_lxml() -> None:
    allowed = set(sys.stdlib_module_names) | {"requests", "urllib3", "lxml", "intacct"}
    for module in MODULES:
        found = re.findall(r"^\s*(?:from|import) (\w+)", module.read_text(), re.MULTILINE)
        assert set(found) <= allowed, module.name
        assert "intacct.sandbox" not in module.read_text(), module.name


DOCS = FOLDER.parent / "docs"


@pytest.mark.parametrize("page", ["intacct-client.md"])
def test_the_examples_of_the_page_are_python_and_name_what_exists(page: str) -> None:
    text = (DOCS / page).read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                owner = {"intacct": intacct, "company": intacct.Company, "line": intacct.LedgerLine}
                assert node.value.id not in owner or hasattr(owner[node.value.id], node.attr), node.attr
    table = text.partition("## What can be asked")[2].partition("##")[0]
    for name in re.findall(r"`(\w+)`", table):
        assert hasattr(intacct.Company, name), name


def test_every_call_of_a_company_is_on_the_page() -> None:
    text = (DOCS / "intacct-client.md").read_text()
    offered = [name for name in dir(intacct.Company) if not name.startswith("_")]
    assert [name for name in offered if f"`{name}" not in text and f".{name}" not in text] == []


@pytest.mark.parametrize("kind", [intacct.Company, intacct.Row, intacct.LedgerLine])
def test_every_public_call_has_its_words(kind: type) -> None:
    obvious = {"text", "boolean", "object_name", "entry_date", "account_number"} | {
        "location_id",
        "department_id",
        "description",
    }
    for name in dir(kind):
        if not name.startswith("_") and name not in obvious:
            assert inspect.getdoc(getattr(kind, name)), name


def test_records_cannot_be_changed() -> None:
    grant = intacct.Grant("GL", "Accounts", ("List",))
    with pytest.raises(AttributeError):
        grant.application = "AR"  # type: ignore[misc]


@pytest.mark.parametrize("number", [0, 1])
def test_the_collectors_of_the_page_run(
    number: int, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "intacct-client.md").read_text(), re.DOTALL)
    program = blocks[number].replace("intacct.connect(sender, login)", "connect()")
    with connect() as company:
        names = {"connect": connect, "company": company, "sender_password": "x", "user_password": "y"}
        exec(program, names)  # noqa: S102 - the page's own program
    assert capsys.readouterr().out
