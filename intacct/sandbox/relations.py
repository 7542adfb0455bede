"""Which object a field of another points to: the MANY2ONE relations that dotted field names follow."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """`path` is the name before the dot, `field` the pointing field, `key` the field it points to."""

    path: str
    object_name: str
    field: str
    key: str


_CUSTOMER = Relation("CUSTOMER", "CUSTOMER", "CUSTOMERID", "CUSTOMERID")
_VENDOR = Relation("VENDOR", "VENDOR", "VENDORID", "VENDORID")
_ACCOUNT = Relation("GLACCOUNT", "GLACCOUNT", "ACCOUNTNO", "ACCOUNTNO")
_BANK_ACCOUNT = Relation("GLACCOUNT", "GLACCOUNT", "GLACCOUNTNO", "ACCOUNTNO")
_LOCATION = Relation("LOCATION", "LOCATION", "LOCATIONID", "LOCATIONID")
_DEPARTMENT = Relation("DEPARTMENT", "DEPARTMENT", "DEPARTMENTID", "DEPARTMENTID")

RELATIONS: Mapping[str, tuple[Relation, ...]] = {
    "GLDETAIL": (_ACCOUNT, _LOCATION, _DEPARTMENT, _CUSTOMER, _VENDOR),
    "GLENTRY": (
        _ACCOUNT,
        Relation("GLBATCH", "GLBATCH", "BATCHNO", "RECORDNO"),
    ),
    "GLACCOUNT": (Relation("CLOSETOACCT", "GLACCOUNT", "CLOSINGACCOUNTNO", "ACCOUNTNO"),),
    "LOCATION": (Relation("PARENT", "LOCATION", "PARENTID", "LOCATIONID"),),
    "LOCATIONENTITY": (Relation("PARENT", "LOCATIONENTITY", "PARENTID", "LOCATIONID"),),
    "DEPARTMENT": (Relation("PARENT", "DEPARTMENT", "PARENTID", "DEPARTMENTID"),),
    "GCBOOKENTITY": (Relation("GCBOOK", "GCBOOK", "BOOKID", "BOOKID"), _LOCATION),
    "ARINVOICE": (_CUSTOMER,),
    "ARINVOICEITEM": (Relation("ARINVOICE", "ARINVOICE", "RECORDKEY", "RECORDNO"), _LOCATION, _DEPARTMENT),
    "ARADJUSTMENT": (_CUSTOMER,),
    "ARADVANCE": (_CUSTOMER,),
    "ARPYMT": (_CUSTOMER,),
    "ARPYMTDETAIL": (
        Relation("ARINVOICE", "ARINVOICE", "RECORDKEY", "RECORDNO"),
        Relation("ARPYMT", "ARPYMT", "PAYMENTKEY", "RECORDNO"),
    ),
    "APBILL": (_VENDOR,),
    "APBILLITEM": (Relation("APBILL", "APBILL", "RECORDKEY", "RECORDNO"), _LOCATION, _DEPARTMENT),
    "APADJUSTMENT": (_VENDOR,),
    "APADVANCE": (_VENDOR,),
    "APPYMT": (_VENDOR,),
    "APPYMTDETAIL": (
        Relation("APBILL", "APBILL", "RECORDKEY", "RECORDNO"),
        Relation("APPYMT", "APPYMT", "PAYMENTKEY", "RECORDNO"),
    ),
    "CHECKINGACCOUNT": (_BANK_ACCOUNT, _LOCATION),
    "SAVINGSACCOUNT": (_BANK_ACCOUNT, _LOCATION),
}


def relation_of(object_name: str, path: str) -> Relation | None:
    """The relation of an object under this path."""
    return next((found for found in RELATIONS.get(object_name, ()) if found.path == path), None)
