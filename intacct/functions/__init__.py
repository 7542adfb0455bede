"""The calls we make. Each writes its own element, in the order the schema wants, and reads its own answer."""

from __future__ import annotations

from intacct.functions.function import Function
from intacct.functions.query import Page, Query
from intacct.functions.sessions import GetAPISession, OpenedSession
from intacct.functions.setup import (
    GetCompanyInformation,
    GetFinancialSetup,
    ReadEntityDetails,
    ReadUserFormatting,
)
from intacct.functions.trial_balance import GetTrialBalance

__all__ = [
    "Function",
    "GetAPISession",
    "GetCompanyInformation",
    "GetFinancialSetup",
    "GetTrialBalance",
    "OpenedSession",
    "Page",
    "Query",
    "ReadEntityDetails",
    "ReadUserFormatting",
]
