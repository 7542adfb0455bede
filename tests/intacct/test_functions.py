"""Calls that write their elements in the schema's order and take no answer that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import etree

import intacct
from intacct.chart import account, consolidation_book
from intacct.functions import (
    Function,
    GetCompanyInformation,
    GetFinancialSetup,
    GetReceivablesAging,
    GetTrialBalance,
    Query,
    ReadEntityDetails,
    ReadUserFormatting,
)

APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def written(function: Function[Any]) -> etree._Element:
    parent = etree.Element("function")
    function.write(parent)
    return parent[0]


def test_a_trial_balance_writes_its_children_in_the_order_of_the_schema() -> None:
    node = written(GetTrialBalance(*APRIL, "ACCRUAL", ("GAAP", "OPS"), "E100", show_zero_balances=True))
    assert [(child.tag, child.text) for child in list(node)[2:]] == [
        ("showzerobalances", "true"),
        ("reportingbook", "ACCRUAL"),
        ("adjbooks", None),
        ("includereportingbook", "true"),
        ("statistical", "exclude"),
        ("locationid", "E100"),
        ("loc_subs", "true"),
    ]
    assert [book.text for book in node.findall("adjbooks/adjbook")] == ["GAAP", "OPS"]
    assert [part.text for part in node[0]] == ["2026", "04", "01"]


def test_the_ageing_writes_its_children_in_the_order_of_the_schema() -> None:
    node = written(
        GetReceivablesAging(
            APRIL[1], ("-0", "1-"), "E100", by_due_date=True, details=True, by_posting_date=True
        )
    )
    assert [str(child.tag) for child in node] == [
        "agingperiods",
        "locationid",
        "asofdate",
        "useduedate",
        "showdetails",
        "useglpostdate",
    ]


@pytest.mark.parametrize(
    "field", ["TAXID", "VENDOR.TAXID", "ACHACCOUNTNUMBER", "BANKACCOUNTNO", "wireroutingnum"]
)
def test_bank_and_tax_numbers_are_never_asked_for(field: str) -> None:
    with pytest.raises(ValueError, match="never read"):
        Query("VENDOR", ("NAME", field))


def balance(**changes: str) -> etree._Element:
    figures = {
        "glaccountno": "1000",
        "startbalance": "10",
        "debits": "5.50",
        "credits": "1",
        "adjdebits": "0",
        "adjcredits": "0.5",
        "endbalance": "14",
    } | changes
    root = etree.Element("data")
    row = etree.SubElement(root, "trialbalance")
    for name, value in figures.items():
        etree.SubElement(row, name).text = value
    return root


def test_a_row_that_adds_up_is_taken() -> None:
    assert GetTrialBalance(*APRIL).read(balance())[0].closing == 14


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"endbalance": "14.01"}, "account 1000 does not add up"),
        ({"endbalance": "14.00000000000000000001"}, "account 1000 does not add up"),
        ({"startbalance": "1,000.00"}, "startbalance of account 1000"),
        ({"debits": ""}, "debits of account 1000"),
        ({"credits": "NaN"}, "credits of account 1000"),
        ({"glaccountno": ""}, "no glaccountno"),
    ],
)
def test_a_row_that_is_wrong_names_its_account(changes: dict[str, str], problem: str) -> None:
    with pytest.raises(intacct.UnreadableReply, match=problem):
        GetTrialBalance(*APRIL).read(balance(**changes))


def test_an_account_listed_twice_is_refused() -> None:
    twice = balance()
    twice.append(balance()[0])
    with pytest.raises(intacct.UnreadableReply, match="account 1000 more than once"):
        GetTrialBalance(*APRIL).read(twice)


def test_something_else_between_the_rows_is_refused() -> None:
    with pytest.raises(intacct.UnreadableReply):
        GetTrialBalance(*APRIL).read(etree.fromstring("<data><accountbalance/></data>"))


def test_a_period_that_ends_before_it_starts_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        GetTrialBalance(date(2026, 2, 1), date(2026, 1, 1))


GOOD_ACCOUNT = {
    "RECORDNO": "7",
    "ACCOUNTNO": "0099",
    "ACCOUNTTYPE": "balancesheet",
    "NORMALBALANCE": "debit",
    "CLOSINGTYPE": "non-closing account",
    "STATUS": "active",
    "ALTERNATIVEACCOUNT": "Receivables account",
}


def test_a_control_account_is_marked() -> None:
    assert account(GOOD_ACCOUNT).alternative_account == "receivables"
    assert account(GOOD_ACCOUNT | {"SUBLEDGERCONTROLON": "true"}).subledger_control
    assert not account(GOOD_ACCOUNT).subledger_control


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ACCOUNTTYPE", "N"),
        ("ACCOUNTTYPE", ""),
        ("NORMALBALANCE", "1"),
        ("CLOSINGTYPE", "Closing Account"),
        ("STATUS", "T"),
        ("ALTERNATIVEACCOUNT", "Bank account"),
    ],
)
def test_an_unknown_word_names_account_and_value(field: str, value: str) -> None:
    with pytest.raises(intacct.UnreadableReply, match=f"account 0099 has an unknown {field}: '{value}'"):
        account(GOOD_ACCOUNT | {field: value})


def test_an_account_without_a_number_or_record_number_is_refused() -> None:
    for field in ("ACCOUNTNO", "RECORDNO"):
        with pytest.raises(intacct.UnreadableReply):
            account(GOOD_ACCOUNT | {field: ""})


def test_books_that_consolidate_nothing_are_left_out() -> None:
    assert consolidation_book({"BOOKID": "GAAP", "TYPE": "Gaap"}) is None
    with pytest.raises(intacct.UnreadableReply):
        consolidation_book({"BOOKID": "", "TYPE": "Consolidation"})


@pytest.mark.parametrize("function", [GetFinancialSetup(), GetCompanyInformation(), ReadUserFormatting("u")])
def test_an_empty_answer_to_a_question_about_the_company_is_refused(function: Function[Any]) -> None:
    with pytest.raises(intacct.UnreadableReply, match="holds no"):
        function.read(etree.Element("data"))


@pytest.mark.parametrize("value", ["0", "13", "April", "1.0"])
def test_a_first_fiscal_month_that_is_no_month_is_refused(value: str) -> None:
    rows = etree.fromstring(
        f"<data><entity><id>E1</id><firstfiscalmonth>{value}</firstfiscalmonth></entity></data>"
    )
    with pytest.raises(intacct.UnreadableReply, match="month"):
        ReadEntityDetails().read(rows)


def test_an_entity_listed_twice_is_refused() -> None:
    rows = etree.fromstring("<data><entity><id>E1</id></entity><entity><id>E1</id></entity></data>")
    with pytest.raises(intacct.UnreadableReply, match="twice"):
        ReadEntityDetails().read(rows)
