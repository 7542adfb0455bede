"""The permission that each object takes, in the words of Sage Intacct's menus: module, permission, right."""

from __future__ import annotations

from collections.abc import Mapping

_LIST_AND_VIEW = "List and View"
MENUS: Mapping[str, str] = {
    "LOCATIONENTITY": f"Company, Entities, {_LIST_AND_VIEW}",
    "LOCATION": f"Company, Locations, {_LIST_AND_VIEW}",
    "DEPARTMENT": f"Company, Departments, {_LIST_AND_VIEW}",
    "REPORTINGPERIOD": f"Company, Reporting periods, {_LIST_AND_VIEW}",
    "USERINFO": "Company, Users, View",
    "AUDITHISTORY": "Company, Audit trail, View",
    "GLACCOUNT": f"General Ledger, Accounts, {_LIST_AND_VIEW}",
    "STATACCOUNT": f"General Ledger, Statistical accounts, {_LIST_AND_VIEW}",
    "GLACCTGRP": f"General Ledger, Account groups, {_LIST_AND_VIEW}",
    "GLJOURNAL": f"General Ledger, Journals, {_LIST_AND_VIEW}",
    "GLBATCH": f"General Ledger, Journal entries, {_LIST_AND_VIEW}",
    "GLENTRY": f"General Ledger, Journal entries, {_LIST_AND_VIEW}",
    "GLDETAIL": "General Ledger, General Ledger, Run",
    "USERADJBOOK": f"General Ledger, User-defined books, {_LIST_AND_VIEW}",
    "GCBOOK": f"Consolidation, Books, {_LIST_AND_VIEW}",
    "GCBOOKENTITY": f"Consolidation, Books, {_LIST_AND_VIEW}",
    "CUSTOMER": f"Accounts Receivable, Customers, {_LIST_AND_VIEW}",
    "ARINVOICE": f"Accounts Receivable, Invoices, {_LIST_AND_VIEW}",
    "ARADJUSTMENT": f"Accounts Receivable, Adjustments, {_LIST_AND_VIEW}",
    "ARPYMT": f"Accounts Receivable, Payments, {_LIST_AND_VIEW}",
    "ARPYMTDETAIL": f"Accounts Receivable, Payments, {_LIST_AND_VIEW}",
    "ARADVANCE": f"Accounts Receivable, Advances, {_LIST_AND_VIEW}",
    "VENDOR": f"Accounts Payable, Vendors, {_LIST_AND_VIEW}",
    "APBILL": f"Accounts Payable, Bills, {_LIST_AND_VIEW}",
    "APADJUSTMENT": f"Accounts Payable, Adjustments, {_LIST_AND_VIEW}",
    "APPYMT": f"Accounts Payable, Payments, {_LIST_AND_VIEW}",
    "APPYMTDETAIL": f"Accounts Payable, Payments, {_LIST_AND_VIEW}",
    "APADVANCE": f"Accounts Payable, Advances, {_LIST_AND_VIEW}",
    "CHECKINGACCOUNT": f"Cash Management, Checking accounts, {_LIST_AND_VIEW}",
    "SAVINGSACCOUNT": f"Cash Management, Savings accounts, {_LIST_AND_VIEW}",
}
TRIAL_BALANCE = "General Ledger, Trial balance, Run"
RECEIVABLES_AGING = "Accounts Receivable, Customer aging report, Run"
USERS = "Company, Users, View"


def menu_words(object_name: str) -> str:
    """The permission for an object; an object without an entry is named itself."""
    return MENUS.get(object_name.upper(), f"{object_name}, {_LIST_AND_VIEW}")
