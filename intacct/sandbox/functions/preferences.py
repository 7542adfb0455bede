"""get_companyprefs and getUserPermissions: what the company has set, and what a role allows."""

from collections.abc import Mapping

from lxml import etree

from intacct.sandbox.errors import Error, FunctionFailure, not_authorized
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import one_of, sequence

_APPLICATIONS = ("GEN", "ME", "GL", "CM", "AP", "AR", "EE", "PO", "SO", "INV", "PA", "CS")

# application code: its name, and for each policy the rights and the objects of which one must be readable
_Policies = Mapping[str, tuple[str, tuple[str, ...]]]
_POLICIES: Mapping[str, tuple[str, _Policies]] = {
    "CO": (
        "Company",
        {
            "Entities": ("List|View", ("LOCATIONENTITY",)),
            "Locations": ("List|View", ("LOCATION",)),
            "Departments": ("List|View", ("DEPARTMENT",)),
            "Reporting Periods": ("List|View", ("REPORTINGPERIOD",)),
            "Users": ("List|View", ("USERINFO",)),
        },
    ),
    "GL": (
        "General Ledger",
        {
            "Accounts": ("List|View", ("GLACCOUNT",)),
            "Statistical Accounts": ("List|View", ("STATACCOUNT",)),
            "Journal Entries": ("List|View", ("GLBATCH", "GLENTRY")),
            "General Ledger": ("Run", ("GLDETAIL",)),
            "Trial Balance": ("Run", ("GLDETAIL", "TRIALBALANCE", "get_trialbalance")),
        },
    ),
    "CM": ("Cash Management", {"Bank Accounts": ("List|View", ("CHECKINGACCOUNT", "SAVINGSACCOUNT"))}),
    "AR": (
        "Accounts Receivable",
        {
            "Customers": ("List|View", ("CUSTOMER",)),
            "Invoices": ("List|View", ("ARINVOICE",)),
            "Adjustments": ("List|View", ("ARADJUSTMENT",)),
            "Advances": ("List|View", ("ARADVANCE",)),
            "Payments": ("List|View", ("ARPYMT",)),
        },
    ),
    "AP": (
        "Accounts Payable",
        {
            "Vendors": ("List|View", ("VENDOR",)),
            "Bills": ("List|View", ("APBILL",)),
            "Adjustments": ("List|View", ("APADJUSTMENT",)),
            "Payments": ("List|View", ("APPYMT",)),
        },
    ),
    "CS": ("Consolidation", {"Books": ("List|View", ("GCBOOK",))}),
}


def _get_company_preferences(caller: Caller, call: etree._Element) -> Outcome:
    company = caller.company
    application = str(call.get("application"))
    values: dict[str, str] = {}
    if application == "GEN":
        numbers = (account.get("ACCOUNTNO", "") for account in company.table("GLACCOUNT").records())
        values = {
            "PRIMARY_ACCTNO_LENGTH": str(max((len(number) for number in numbers), default=4)),
            "ACCTNO_SEPARATOR": "",
            "SUBACCTNO_LENGTH": "0",
            "FISCAL_FIRST_MONTH": str(company.first_fiscal_month),
            "FISCAL_FIRST_MONTH_TAX": "",
            "WEEK_START": "",
            "CUSTOM_ACCOUNTING_PERIODS": "F",
            "PACKAGE_TYPE": "",
        }
    preferences = (
        record("companypref", {"application": application, "preference": name, "prefvalue": value})
        for name, value in values.items()
    )
    return Outcome(element("data", *preferences))


def _get_user_permissions(caller: Caller, call: etree._Element) -> Outcome:
    """What a user's role holds, by application; whoever asks needs the right to see users."""
    user = caller.company.users.get(text_of(call, "userId"))
    if not caller.user.may_read("USERINFO"):
        raise not_authorized()
    if user is None:
        text = f"The login id {text_of(call, 'userId')} does not exist."
        raise FunctionFailure(Error("BL03000025", description2=text))
    permissions = etree.Element("permissions")
    for code, (name, policies) in _POLICIES.items():
        held = [
            record("policy", {"policyName": policy, "rights": rights})
            for policy, (rights, objects) in policies.items()
            if user.may_read(*objects)
        ]
        if code in caller.company.subscriptions:
            subscribed = element("appSubscription", leaf("applicationName", name), element("policies", *held))
            permissions.append(subscribed)
    return Outcome(element("data", permissions))


FUNCTIONS = (
    Function(
        "get_companyprefs",
        sequence("", attributes={"application": one_of(*_APPLICATIONS)}, required=("application",)),
        _get_company_preferences,
    ),
    Function("getUserPermissions", sequence("userId"), _get_user_permissions),
)
