"""What others build on does not change by accident."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path

import intacct

NAMES = """
Account AccountBalance AccountChoice AgedDocument AgedReceivables AuthenticationError Company
CompanyInformation CompanyUnknown ConnectionFailed ConsolidationBook ControlError DETAIL_FIELDS DateFormat
DimensionBalance Entity EntityRefused FieldDefinition FieldRefused FinancialSetup Findings FunctionError
FunctionFailed Gate Grant IncompleteRead IntacctError LedgerLine Limits Login Mender NotSubscribed
ObjectDefinition ObjectUnknown Patience PermissionDenied Preference ProcessGate RateLimited Refusal
Relationship ReplyError RequestRejected RequestTimedOut Row Sender SenderNotAuthorized SenderRefused
ServiceUnavailable Session SessionExpired SignInRefused TransportError TrialBalanceRow UnreadableFormatting
UnreadableReply UntrustedEndpoint UserFormatting WebServicesNotSubscribed connect filters
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
        "consolidation_books",
        "count",
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
