"""The company's set-up: names, fiscal year, entities, applications, formatting, closed books."""

from lxml import etree

from intacct.sandbox.company import User
from intacct.sandbox.errors import business_error
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import TRUTH, Either, one_of, sequence, whole_number


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _get_financial_setup(caller: Caller, call: etree._Element) -> Outcome:
    company = caller.company
    values = {
        "baseCurrency": "" if company.multi_base_currency else company.base_currency,
        "defaultBook": company.default_book,
        "firstFiscalMonth": str(company.first_fiscal_month),
        "multiBaseCurrency": _truth(company.multi_base_currency),
        "multiBook": _truth(len(company.books) > 1),
        "multiCurrency": _truth(company.multi_currency),
        "multiEntityShared": _truth(company.multi_entity),
    }
    return Outcome(element("data", record("financialSetup", values)))


def _read_entity_details(caller: Caller, call: etree._Element) -> Outcome:
    visible = caller.visible_entities()
    rows = [
        record(
            "entity",
            {
                "id": entity.id,
                "name": entity.name,
                "recordno": entity.record_number,
                "currency": entity.currency,
                "firstfiscalmonth": entity.first_fiscal_month,
                "firstfiscaltaxmonth": "",
                "weekstart": "",
            },
        )
        for entity in caller.company.entities.values()
        if entity.status == "active" and (visible is None or entity.id in visible)
    ]
    return Outcome(element("data", *rows))


def _get_applications(caller: Caller, call: etree._Element) -> Outcome:
    return Outcome(element("data", *(leaf("application", code) for code in caller.company.subscriptions)))


def _read_user_formatting(caller: Caller, call: etree._Element) -> Outcome:
    user = _user_named(caller, text_of(call, "userId"), text_of(call, "key"))
    values = {
        "recordno": str(user.record_number),
        "locale": user.formatting.get("locale", "en_US.UTF-8"),
        "dateformat": user.formatting.get("dateformat", "/mdY"),
        "gmtoffset": user.formatting.get("gmtoffset", "+00:00"),
        "clock": user.formatting.get("clock", "24"),
    }
    return Outcome(element("data", record("userformatting", values)))


def _user_named(caller: Caller, user_id: str, key: str) -> User:
    for user in caller.company.users.values():
        if user.id == user_id or (not user_id and str(user.record_number) == key):
            return user
    raise business_error(f"The user {user_id or key} does not exist.")


def _get_closed_books_date(caller: Caller, call: etree._Element) -> Outcome:
    if not caller.company.closed_through:
        return Outcome(element("data"))
    year, month, day = caller.company.closed_through.split("-")
    return Outcome(element("data", record("closedbooksdate", {"year": year, "month": month, "day": day})))


def _get_list(caller: Caller, call: etree._Element) -> Outcome:
    list_type = leaf("listtype", "company_info")
    list_type.attrib.update({"start": "0", "end": "0", "total": "1"})
    company = record("company_info", {"title": caller.company.id, "name": caller.company.name})
    return Outcome(element("data", company), list_type)


_GET_LIST = sequence(
    "",
    attributes={
        "object": one_of("company_info"),
        "start": whole_number(0),
        "maxitems": whole_number(1, 1000),
        "showprivate": TRUTH,
    },
    required=("object",),
)

FUNCTIONS = (
    Function("getFinancialSetup", sequence(""), _get_financial_setup),
    Function("readEntityDetails", sequence(""), _read_entity_details),
    Function("get_applications", sequence(""), _get_applications),
    Function("readUserFormatting", Either((sequence("userId"), sequence("key"))), _read_user_formatting),
    Function("get_closedbooksdate", sequence(""), _get_closed_books_date),
    Function("get_list", _GET_LIST, _get_list),
)
