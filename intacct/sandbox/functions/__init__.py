"""Every function the sandbox answers, by the name of its element."""

from collections.abc import Mapping

from intacct.sandbox.functions import (
    account_balances,
    account_groups,
    aging,
    company_information,
    inspection,
    preferences,
    query,
    read,
    read_by_query,
    reports,
    session,
    statements,
)
from intacct.sandbox.functions.registry import Function

FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for family in (
        session,
        company_information,
        preferences,
        inspection,
        query,
        read,
        read_by_query,
        reports,
        statements,
        account_balances,
        account_groups,
        aging,
    )
    for function in family.FUNCTIONS
}
