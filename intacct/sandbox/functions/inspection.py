"""lookup, inspect and getDimensions: what an object is made of; permissions play no part."""

from collections.abc import Mapping

from lxml import etree

from intacct.sandbox.errors import object_unknown
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import OBJECTS
from intacct.sandbox.relations import RELATIONS
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import any_order, one_of
from intacct.sandbox.source import Source, source_of
from intacct.sandbox.values import data_type

_VALID_VALUES: Mapping[str, tuple[str, ...]] = {
    "STATUS": ("active", "inactive"),
    "ACCOUNTTYPE": ("balancesheet", "incomestatement"),
    "NORMALBALANCE": ("debit", "credit"),
    "CLOSINGTYPE": ("non-closing account", "closing account", "closed to account"),
    "ALTERNATIVEACCOUNT": ("None", "Payables account", "Receivables account"),
}
_DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "DEPARTMENT": ("CO", "Department"),
    "LOCATION": ("CO", "Location"),
    "PROJECT": ("PA", "Project"),
    "CUSTOMER": ("AR", "Customer"),
    "VENDOR": ("AP", "Vendor"),
    "EMPLOYEE": ("EE", "Employee"),
    "ITEM": ("INV", "Item"),
}


def _source(caller: Caller, call: etree._Element) -> Source:
    name = text_of(call, "object").upper()
    if name not in OBJECTS:
        raise object_unknown(name)
    return source_of(caller.company, name)


def _all_fields(source: Source) -> tuple[str, ...]:
    return (*source.named("*"), *source.known.unqueryable)


def _lookup(caller: Caller, call: etree._Element) -> Outcome:
    source = _source(caller, call)
    fields = element("Fields", *(_looked_up(source, field) for field in _all_fields(source)))
    relations = element(
        "Relationships",
        *(
            record(
                "Relationship",
                {
                    "OBJECTPATH": relation.path,
                    "OBJECTNAME": relation.object_name,
                    "LABEL": relation.path,
                    "RELATIONSHIPTYPE": "MANY2ONE",
                    "RELATEDBY": relation.field,
                },
            )
            for relation in RELATIONS.get(source.known.name, ())
        ),
    )
    kind = element("Type", fields, relations, Name=source.known.name, DocumentType="")
    return Outcome(element("data", kind, listtype="All", count="1"))


def _looked_up(source: Source, field: str) -> etree._Element:
    described = record("Field", {"ID": field, "LABEL": field, "DESCRIPTION": "", "REQUIRED": "false"})
    known = field in source.known.fields or field in source.known.unqueryable
    described.extend([leaf("READONLY", "false"), leaf("DATATYPE", data_type(source.known, field))])
    if field in _VALID_VALUES and source.known.name in ("GLACCOUNT", "CUSTOMER", "VENDOR"):
        values = (leaf("VALIDVALUE", value) for value in _VALID_VALUES[field])
        described.append(element("VALIDVALUES", *values))
    described.append(leaf("ISCUSTOM", "false" if known else "true"))
    return described


def _inspect(caller: Caller, call: etree._Element) -> Outcome:
    """The fields of an object, with `detail="1"` what each is; of `*`, the names of all objects."""
    if text_of(call, "object") == "*":
        types = [element("Type", Name=name) for name in OBJECTS]
        return Outcome(element("data", *types, listtype="All", count=str(len(types))))
    source = _source(caller, call)
    detailed = call.get("detail") == "1"
    fields = (
        _inspected(source, field) if detailed else leaf("Field", field) for field in _all_fields(source)
    )
    kind = element("Type", element("Fields", *fields), Name=source.known.name)
    return Outcome(element("data", kind, listtype="All", count="1"))


def _inspected(source: Source, field: str) -> etree._Element:
    kind = data_type(source.known, field).lower()
    return record(
        "Field",
        {
            "Name": field,
            "GroupName": "",
            "dataName": kind,
            "externalDataName": kind,
            "isRequired": "false",
            "isReadOnly": "false",
            "maxLength": "",
            "DisplayLabel": field,
            "Description": "",
            "id": "",
        },
    )


def _get_dimensions(caller: Caller, call: etree._Element) -> Outcome:
    """The standard dimensions of the applications that the company has subscribed to."""
    dimensions = (
        record(
            "dimension",
            {
                "objectName": name,
                "objectLabel": label,
                "termLabel": label,
                "userDefinedDimension": "false",
                "enabledInGL": "true",
            },
        )
        for name, (application, label) in _DIMENSIONS.items()
        if application in caller.company.subscriptions
    )
    return Outcome(element("data", element("dimensions", *dimensions)))


FUNCTIONS = (
    Function("lookup", any_order("object docparid?"), _lookup),
    Function("inspect", any_order("object", attributes={"detail": one_of("0", "1")}), _inspect),
    Function("getDimensions", any_order(""), _get_dimensions),
)
