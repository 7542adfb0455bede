"""The calls we make. Each writes its own element, in the order the schema wants, and reads its own answer."""

from __future__ import annotations

from intacct.functions.aging import GetReceivablesAging
from intacct.functions.balances import (
    AccountChoice,
    GetAccountBalances,
    GetAccountBalancesByDimension,
    Period,
)
from intacct.functions.definitions import Lookup
from intacct.functions.function import Call, Function, ListFunction
from intacct.functions.query import Aggregate, Measure, Query
from intacct.functions.reading import Read, ReadByQuery, ReadMore
from intacct.functions.sessions import GetAPISession, OpenedSession
from intacct.functions.setup import (
    GetCompanyInformation,
    GetFinancialSetup,
    ReadEntityDetails,
    ReadUserFormatting,
)
from intacct.functions.subscriptions import (
    GetApplications,
    GetClosedBooksDate,
    GetCompanyPreferences,
    GetUserPermissions,
)
from intacct.functions.trial_balance import GetTrialBalance

__all__ = [
    "AccountChoice",
    "Aggregate",
    "Call",
    "Function",
    "GetAPISession",
    "GetAccountBalances",
    "GetAccountBalancesByDimension",
    "GetApplications",
    "GetClosedBooksDate",
    "GetCompanyInformation",
    "GetCompanyPreferences",
    "GetFinancialSetup",
    "GetReceivablesAging",
    "GetTrialBalance",
    "GetUserPermissions",
    "ListFunction",
    "Lookup",
    "Measure",
    "OpenedSession",
    "Period",
    "Query",
    "Read",
    "ReadByQuery",
    "ReadEntityDetails",
    "ReadMore",
    "ReadUserFormatting",
]
