"""A statement as ``statements.json`` has it, ours or in the lender's layout."""

from typing import Any

from collections_app.reports.build import Reports
from collections_app.reports.statement import Statement
from collections_app.reports.wording import clean, plain


def statement_json(statement: Statement) -> dict[str, Any]:
    """Columns and lines with an amount for each column; headings, which have none, are left out."""
    return {
        "columns": [column.key for column in statement.columns],
        "lines": [
            {
                "key": clean(line.key),
                "label": clean(line.label),
                "level": line.level,
                "values": [plain(value) for value in line.values],
            }
            for line in statement.lines
            if line.style != "heading"
        ],
    }


def mapped_json(reports: Reports) -> dict[str, Any] | None:
    """The value of the key ``mapped``: the lender's layout, as far as its statements were asked for.

    None without a layout. ``unmapped`` are the accounts that it has no line for, each with the reason.
    """
    mapped, asked = reports.mapped, reports.mapped_statements
    if mapped is None or not asked:
        return None
    return {
        "template": clean(mapped.template),
        "version": mapped.version,
        "content_hash": mapped.content_hash,
        **{statement.key: statement_json(statement) for statement in asked},
        "unmapped": [
            {
                "account": clean(each.account.number),
                "title": clean(each.account.title),
                "reason": clean(each.reason),
            }
            for each in mapped.unmapped_in(asked)
        ],
    }
