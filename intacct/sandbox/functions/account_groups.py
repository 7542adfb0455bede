"""get_accountgroupdetails: a group of accounts with the groups and accounts inside it."""

from lxml import etree

from intacct.sandbox.account_groups import AccountGroup, account_group
from intacct.sandbox.errors import business_error
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import readable_object
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import sequence


def group_named(caller: Caller, name: str) -> AccountGroup:
    """The group of this name; raises FunctionFailure where there is none."""
    group = account_group(caller.company.table, name)
    if group is None:
        raise business_error(f"Invalid account group '{name}' specified.")
    return group


def _get_account_group_details(caller: Caller, call: etree._Element) -> Outcome:
    readable_object(caller.company, caller.user, "GLACCTGRP", "READ")
    return Outcome(element("data", _detail(group_named(caller, text_of(call, "accountgroupname")))))


def _detail(group: AccountGroup) -> etree._Element:
    accounts = (
        record("glaccount", {"glaccountno": number, "title": title}) for number, title in group.accounts
    )
    inside = (_detail(child) for child in group.groups)
    return element("accountgroupdetail", leaf("accountgroupname", group.name), *inside, *accounts)


FUNCTIONS = (Function("get_accountgroupdetails", sequence("accountgroupname"), _get_account_group_details),)
