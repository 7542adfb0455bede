"""The objects the gateway knows: which application owns each, and its standard fields.

A company's file may add fields (they are served as they come) and may leave standard ones out (they are
then null).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from intacct.sandbox.company import Company, User
from intacct.sandbox.errors import not_available, not_permitted, object_unknown


@dataclass(frozen=True)
class KnownObject:
    """An object. `unqueryable` are fields that a lookup lists and a query refuses; `text_key`: RECORDNO is
    not a number.
    """

    name: str
    application: str
    fields: tuple[str, ...]
    unqueryable: tuple[str, ...] = ()
    text_key: bool = False


_DOCUMENT = (
    "RECORDNO RECORDTYPE RECORDID DOCNUMBER STATE DESCRIPTION TERMNAME WHENCREATED WHENPOSTED WHENDUE "
    "WHENPAID BASECURR CURRENCY "
    "EXCHANGE_RATE TOTALENTERED TOTALSELECTED TOTALPAID TOTALDUE TRX_TOTALENTERED TRX_TOTALPAID "
    "TRX_TOTALDUE MODULEKEY "
    "AUWHENCREATED WHENMODIFIED MEGAENTITYID"
)
_PAYMENT = (
    "RECORDNO RECORDTYPE STATE FINANCIALENTITY PAYMENTMETHOD DOCNUMBER WHENPAID BASECURR CURRENCY "
    "TOTALENTERED TOTALPAID TOTALDUE "
    "TRX_TOTALENTERED MEGAENTITYID"
)
_APPLICATION = (
    "RECORDNO RECORDKEY PAYMENTKEY PAYMENTDATE PAYMENTAMOUNT TRX_PAYMENTAMOUNT DISCOUNTAMOUNT "
    "INLINEAMOUNT ADJUSTMENTKEY "
    "ADJUSTMENTAMOUNT POSTEDADVANCEKEY POSTEDADVANCEAMOUNT STATE"
)
_PARTNER = "RECORDNO NAME STATUS CURRENCY TERMNAME ONHOLD TOTALDUE WHENMODIFIED MEGAENTITYID"
_LOCATION = (
    "RECORDNO LOCATIONID NAME PARENTID STATUS CURRENCY FIRSTMONTH LOCATIONTYPE STARTDATE ENDDATE WHENMODIFIED"
)


def _object(
    application: str, name: str, fields: str, unqueryable: str = "", *, text_key: bool = False
) -> KnownObject:
    return KnownObject(name, application, tuple(fields.split()), tuple(unqueryable.split()), text_key)


_OBJECTS = (
    _object("CO", "LOCATIONENTITY", _LOCATION + " STARTOPEN ACCOUNTINGTYPE"),
    _object("CO", "LOCATION", _LOCATION + " ENTITYNAME"),
    _object("CO", "DEPARTMENT", "RECORDNO DEPARTMENTID TITLE PARENTID STATUS WHENMODIFIED"),
    _object(
        "CO", "REPORTINGPERIOD", "RECORDNO NAME START_DATE END_DATE BUDGETING STATUS HEADER1 HEADER2 DATETYPE"
    ),
    _object("CO", "USERINFO", "RECORDNO LOGINID USERTYPE ADMIN STATUS"),
    _object("CO", "COMPANYPREF", "RECORDNO APPLICATION PREFERENCE PREFVALUE"),
    _object("CO", "AUDITHISTORY", "ID OBJECTTYPE OBJECTKEY ACCESSTIME ACCESSMODE"),
    _object(
        "GL",
        "GLACCOUNT",
        "RECORDNO ACCOUNTNO TITLE ACCOUNTTYPE NORMALBALANCE CLOSINGTYPE CLOSINGACCOUNTNO "
        "CLOSINGACCOUNTTITLE STATUS CATEGORY "
        "CATEGORYKEY ALTERNATIVEACCOUNT TAXABLE SUBLEDGERCONTROLON WHENCREATED WHENMODIFIED MEGAENTITYID "
        "MEGAENTITYNAME",
    ),
    _object(
        "GL", "STATACCOUNT", "RECORDNO ACCOUNTNO TITLE ACCOUNTTYPE STATUS CATEGORY STATISTICAL WHENMODIFIED"
    ),
    _object("GL", "GLACCTGRP", "RECORDNO NAME TITLE NORMAL_BALANCE ASOF MEMBERTYPE"),
    _object(
        "GL",
        "GLDETAIL",
        "RECORDNO BATCHKEY BATCH_DATE BATCH_TITLE BATCH_NO SYMBOL BOOKID MODULEKEY LINE_NO ENTRY_DATE "
        "TR_TYPE ACCOUNTNO ACCOUNTTITLE "
        "STATISTICAL DEPARTMENTID LOCATIONID CURRENCY BASECURR AMOUNT DEBITAMOUNT CREDITAMOUNT "
        "TRX_AMOUNT DOCUMENT DESCRIPTION ADJ "
        "STATE CUSTOMERID VENDORID WHENCREATED AUWHENCREATED WHENMODIFIED",
        text_key=True,
    ),
    _object(
        "GL",
        "GLENTRY",
        "RECORDNO BATCHNO BATCH_NUMBER BATCH_DATE BATCHTITLE LINE_NO ENTRY_DATE TR_TYPE AMOUNT "
        "TRX_AMOUNT ACCOUNTNO ACCOUNTTITLE "
        "STATISTICAL DEPARTMENT LOCATION BASECURR CURRENCY DESCRIPTION ADJ STATE WHENCREATED WHENMODIFIED",
        "DEPARTMENTID LOCATIONID",
    ),
    _object(
        "GL",
        "GLBATCH",
        "RECORDNO BATCHNO BATCH_TITLE JOURNAL BATCH_DATE MODULE STATE WHENMODIFIED MEGAENTITYID",
    ),
    _object("GL", "JOURNAL", "RECORDNO SYMBOL TITLE STATUS BOOKID"),
    _object("GL", "USERADJBOOK", "RECORDNO BOOKID DESCRIPTION STATUS"),
    _object(
        "CS",
        "GCBOOK",
        "RECORDNO BOOKID DESCRIPTION STATUS CURRENCY TYPE SOURCEBOOKID LEGACY EENAME AUTOELIMINATION "
        "WHENMODIFIED",
        text_key=True,
    ),
    _object("CS", "GCBOOKENTITY", "RECORDNO BOOKKEY BOOKID LOCATIONID"),
    _object("AR", "CUSTOMER", "CUSTOMERID CREDITLIMIT " + _PARTNER),
    _object("AR", "ARINVOICE", "CUSTOMERID CUSTOMERNAME " + _DOCUMENT, "INVOICENO DATEDUE DUEDATE"),
    _object("AR", "ARADJUSTMENT", "CUSTOMERID CUSTOMERNAME " + _DOCUMENT),
    _object("AR", "ARADVANCE", "CUSTOMERID CUSTOMERNAME " + _DOCUMENT),
    _object("AR", "ARPYMT", "CUSTOMERID RECEIPTDATE " + _PAYMENT),
    _object("AR", "ARPYMTDETAIL", _APPLICATION),
    _object("AP", "VENDOR", "VENDORID " + _PARTNER),
    _object("AP", "APBILL", "VENDORID VENDORNAME ONHOLD " + _DOCUMENT),
    _object("AP", "APADJUSTMENT", "VENDORID VENDORNAME " + _DOCUMENT),
    _object("AP", "APADVANCE", "VENDORID VENDORNAME " + _DOCUMENT),
    _object("AP", "APPYMT", "VENDORID PAYMENTDATE " + _PAYMENT),
    _object("AP", "APPYMTDETAIL", _APPLICATION),
    _object("CM", "CHECKINGACCOUNT", "BANKACCOUNTID GLACCOUNTNO BANKNAME STATUS CURRENCY LOCATIONID"),
    _object("CM", "SAVINGSACCOUNT", "BANKACCOUNTID GLACCOUNTNO BANKNAME STATUS CURRENCY LOCATIONID"),
    _object("EE", "EMPLOYEE", "RECORDNO EMPLOYEEID TITLE STATUS LOCATIONID"),
    _object("PA", "PROJECT", "RECORDNO PROJECTID NAME STATUS CUSTOMERID"),
    _object("INV", "ITEM", "RECORDNO ITEMID NAME STATUS ITEMTYPE"),
    _object("SO", "SODOCUMENT", "RECORDNO DOCNO STATE CUSTVENDID WHENCREATED TOTAL"),
    _object("PO", "PODOCUMENT", "RECORDNO DOCNO STATE CUSTVENDID WHENCREATED TOTAL"),
)

OBJECTS: Mapping[str, KnownObject] = {known.name: known for known in _OBJECTS}

NAMES: Mapping[str, str] = {
    "LOCATIONENTITY": "LOCATIONID",
    "LOCATION": "LOCATIONID",
    "DEPARTMENT": "DEPARTMENTID",
    "REPORTINGPERIOD": "NAME",
    "USERINFO": "LOGINID",
    "GLACCOUNT": "ACCOUNTNO",
    "STATACCOUNT": "ACCOUNTNO",
    "GCBOOK": "BOOKID",
    "CUSTOMER": "CUSTOMERID",
    "VENDOR": "VENDORID",
}
"""The field that readByName reads by; of other objects it is the record number."""


def readable_object(company: Company, user: User, name: str, operation: str) -> KnownObject:
    """The object, if the gateway knows it, the company has subscribed to it and the user may read it;
    checked in this order.
    """
    known = OBJECTS.get(name)
    if known is None:
        raise object_unknown(name)
    if known.application not in company.subscriptions:
        raise not_available(operation, name)
    if not user.may_read(name):
        raise not_permitted(operation, name)
    return known
