"""A read-only client of Sage Intacct's XML gateway: typed records in, nothing ever written.

    from datetime import date
    import intacct

    sender = intacct.Sender(id="lenderportal", password=...)
    login = intacct.Login(company_id="NORTHWIND", user_id="ws_lender", password=...)
    with intacct.connect(sender, login) as company:
        print(company.company_information().name, company.financial_setup().base_currency)
        titles = {account.number: account.title for account in company.accounts()}
        for row in company.trial_balance(date(2026, 1, 1), date(2026, 1, 31)):
            print(row.account_number, titles[row.account_number], row.closing)

Amounts are Decimal and debit positive, dates are datetime.date. Whatever goes wrong is an IntacctError: it
has a ``sentence`` to show to the borrower, says who can mend it (``mender``) and whether it passes by itself
(``retryable``). ``intacct.filters`` makes the conditions of ``Company.query``.
"""

from __future__ import annotations

from intacct import filters
from intacct.company import Company
from intacct.connecting import connect
from intacct.credentials import Login, Sender, Session
from intacct.errors import (
    AuthenticationError,
    CompanyUnknown,
    ConnectionFailed,
    ControlError,
    EntityRefused,
    FieldRefused,
    FunctionError,
    FunctionFailed,
    IncompleteRead,
    IntacctError,
    Mender,
    NotSubscribed,
    ObjectUnknown,
    PermissionDenied,
    RateLimited,
    ReplyError,
    RequestRejected,
    RequestTimedOut,
    SenderNotAuthorized,
    SenderRefused,
    ServiceUnavailable,
    SessionExpired,
    SignInRefused,
    TransportError,
    UnreadableFormatting,
    UnreadableReply,
    UntrustedEndpoint,
    WebServicesNotSubscribed,
)
from intacct.exchange import Exchange
from intacct.formatting import DateFormat, UserFormatting
from intacct.functions import AccountChoice
from intacct.gate import Gate, ProcessGate
from intacct.ledger_detail import DETAIL_FIELDS, LedgerLine
from intacct.menus import menu_words
from intacct.probing import Findings, Refusal
from intacct.records import (
    Account,
    AccountBalance,
    AgedDocument,
    AgedReceivables,
    CompanyInformation,
    ConsolidationBook,
    DimensionBalance,
    Entity,
    FieldDefinition,
    FinancialSetup,
    Grant,
    ObjectDefinition,
    Preference,
    Relationship,
    TrialBalanceRow,
)
from intacct.retries import Patience
from intacct.rows import Row
from intacct.transport import Limits

__all__ = [
    "Account",
    "AccountBalance",
    "AccountChoice",
    "AgedDocument",
    "AgedReceivables",
    "AuthenticationError",
    "Company",
    "CompanyInformation",
    "CompanyUnknown",
    "ConnectionFailed",
    "ConsolidationBook",
    "ControlError",
    "DETAIL_FIELDS",
    "DateFormat",
    "DimensionBalance",
    "Entity",
    "EntityRefused",
    "Exchange",
    "FieldDefinition",
    "FieldRefused",
    "FinancialSetup",
    "Findings",
    "FunctionError",
    "FunctionFailed",
    "Gate",
    "Grant",
    "IncompleteRead",
    "IntacctError",
    "LedgerLine",
    "Limits",
    "Login",
    "Mender",
    "NotSubscribed",
    "ObjectDefinition",
    "ObjectUnknown",
    "Patience",
    "PermissionDenied",
    "Preference",
    "ProcessGate",
    "RateLimited",
    "Refusal",
    "Relationship",
    "ReplyError",
    "RequestRejected",
    "RequestTimedOut",
    "Row",
    "Sender",
    "SenderNotAuthorized",
    "SenderRefused",
    "ServiceUnavailable",
    "Session",
    "SessionExpired",
    "SignInRefused",
    "TransportError",
    "TrialBalanceRow",
    "UnreadableFormatting",
    "UnreadableReply",
    "UntrustedEndpoint",
    "UserFormatting",
    "WebServicesNotSubscribed",
    "connect",
    "filters",
    "menu_words",
]
