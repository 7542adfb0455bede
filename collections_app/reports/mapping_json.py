"""A lender's template as a JSON document, and the hash of what it does.

The document has a schema number of its own; an unknown schema, an unknown field and a value of the wrong kind
are refused in plain sentences. The content hash covers what has an effect (rows, totals, mapping) and neither
name, version nor the order in which mappings are listed: two versions with one hash make the same statements.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from collections_app.reports.mapping_template import (
    ROW_STYLES,
    STATEMENTS,
    LineMapping,
    MappingTemplate,
    NumberRange,
    TemplateRefused,
    TemplateRow,
)

SCHEMA = 1
T = TypeVar("T")
_TOP = {"schema", "name", "version", "totals", "earnings", "balance_sheet", "income_statement", "mapping"}
_TOTALS = ("total_assets", "total_liabilities_and_equity", "net_income")
_EARNINGS = ("retained_earnings", "current_year_net_income")
_ROW = {"key", "label", "style", "level", "section", "sign", "adds", "subtracts"}
_MAPPING = {"line", "categories", "accounts"}
_RANGE = {"from", "to"}


def to_json(template: MappingTemplate) -> str:
    """The template as a document that ``from_json`` reads back as the same template."""
    document = {"schema": SCHEMA, "name": template.name, "version": template.version, **_content(template)}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def content_hash(template: MappingTemplate) -> str:
    """SHA-256, in hexadecimal, of everything in the template that has an effect."""
    content = _content(template) | {"mapping": _effect(template.mappings)}
    canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _content(template: MappingTemplate) -> dict[str, Any]:
    fields = asdict(template)
    return {
        "totals": {key: fields[key] for key in _TOTALS},
        "earnings": {key: fields[key] for key in _EARNINGS},
        **{
            name: [_row_document(row) for row in template.rows_of(statement)]
            for name, statement in STATEMENTS.items()
        },
        "mapping": [_mapping_document(mapping) for mapping in template.mappings],
    }


def _row_document(row: TemplateRow) -> dict[str, Any]:
    optional = {
        "section": row.section,
        "sign": row.sign,
        "adds": list(row.adds),
        "subtracts": list(row.subtracts),
    }
    return {
        "key": row.key,
        "label": row.label,
        "style": row.style,
        "level": row.level,
        **{name: value for name, value in optional.items() if value},
    }


def _mapping_document(mapping: LineMapping) -> dict[str, Any]:
    ranges = [{"from": held.first, "to": held.last} for held in mapping.ranges]
    return {
        "line": mapping.line,
        "categories": list(mapping.categories),
        "accounts": [*mapping.accounts, *ranges],
    }


def _effect(mappings: Iterable[LineMapping]) -> list[list[str]]:
    effect = []
    for mapping in mappings:
        effect += [["category", name.strip().casefold(), mapping.line] for name in mapping.categories]
        effect += [["account", number, mapping.line] for number in mapping.accounts]
        effect += [["range", f"{held.first}-{held.last}", mapping.line] for held in mapping.ranges]
    return sorted(effect)


def from_json(text: str) -> MappingTemplate:
    """The template of a document, read but not yet checked: ``mapping_validation.refuse_invalid`` does that.

    Raises TemplateRefused when the document is no JSON or does not have the form of a template.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise TemplateRefused(("The template is not a JSON document.",)) from None
    return _template(document)


def _template(document: Any) -> MappingTemplate:
    where = "The template"
    fields = _fields(document, _TOP, where)
    if fields.get("schema") != SCHEMA:
        raise _refused(where, "schema", f"the number {SCHEMA}")
    rows = [_row(row, statement) for statement in STATEMENTS for row in _items(fields, statement, where)]
    return MappingTemplate(
        name=_value(fields, "name", str, where, "a text"),
        version=_value(fields, "version", int, where, "a whole number"),
        rows=tuple(rows),
        mappings=tuple(map(_mapping, _items(fields, "mapping", where))),
        **_named(fields, "totals", _TOTALS),
        **_named(fields, "earnings", _EARNINGS),
    )


def _named(fields: dict[str, Any], group: str, names: tuple[str, ...]) -> dict[str, str]:
    held = _fields(fields.get(group), set(names), f"“{group}”")
    return {name: _value(held, name, str, f"“{group}”", "the key of a row") for name in names}


def _row(document: Any, statement: str) -> TemplateRow:
    fields = {"level": 2, "section": ""} | _fields(document, _ROW, f"A row of “{statement}”")
    where = f"The row “{fields.get('key', '')}”"
    style, sign = fields.get("style"), fields.get("sign")
    if style not in ROW_STYLES:
        raise _refused(where, "style", f"one of {', '.join(ROW_STYLES)}")
    if sign not in (None, "debit", "credit"):
        raise _refused(where, "sign", "“debit” or “credit”")
    return TemplateRow(
        key=_value(fields, "key", str, where, "a text"),
        label=_value(fields, "label", str, where, "a text"),
        statement=STATEMENTS[statement],
        style=style,
        level=_value(fields, "level", int, where, "a whole number"),
        section=_value(fields, "section", str, where, "a text"),
        sign=sign,
        adds=_texts(fields, "adds", where),
        subtracts=_texts(fields, "subtracts", where),
    )


def _mapping(document: Any) -> LineMapping:
    fields = _fields(document, _MAPPING, "A mapping")
    line = _value(fields, "line", str, "A mapping", "the key of a line")
    where = f"The mapping of “{line}”"
    accounts = _items(fields, "accounts", where)
    numbers = [each for each in accounts if not isinstance(each, dict)]
    ranges = [_range(each, where) for each in accounts if isinstance(each, dict)]
    return LineMapping(
        line=line,
        categories=_texts(fields, "categories", where),
        accounts=_texts({"accounts": numbers}, "accounts", where),
        ranges=tuple(ranges),
    )


def _range(document: dict[str, Any], where: str) -> NumberRange:
    fields = _fields(document, _RANGE, f"A range in {where[0].lower()}{where[1:]}")
    ends = [_value(fields, end, str, where, "an account number as a text") for end in ("from", "to")]
    return NumberRange(*ends)


def _fields(document: Any, known: set[str], where: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise TemplateRefused((f"{where} must be an object with fields.",))
    for name in document:
        if name not in known:
            raise TemplateRefused((f"{where} has the field “{name}”, which is not known.",))
    return document


def _value(fields: dict[str, Any], name: str, kind: type[T], where: str, wanted: str) -> T:
    value = fields.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _refused(where, name, wanted)
    return value


def _items(fields: dict[str, Any], name: str, where: str) -> list[Any]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise _refused(where, name, "a list")
    return value


def _texts(fields: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    values = _items(fields, name, where)
    if not all(isinstance(value, str) for value in values):
        raise _refused(where, name, "a list of texts")
    return tuple(values)


def _refused(where: str, name: str, wanted: str) -> TemplateRefused:
    return TemplateRefused((f"{where} must have {wanted} as its “{name}”.",))
