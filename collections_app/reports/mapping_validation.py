"""What a lender's template must be, so that its statements hold: one plain sentence for each fault.

The totals are checked as arithmetic. Taken apart into lines, total assets less total liabilities and equity
must hold every balance sheet line once, as debit less credit, and net income every income statement line
once, as credit less debit. Then the statements balance whatever the ledger is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from collections_app.reports.categories import find
from collections_app.reports.figures import AccountType
from collections_app.reports.mapping_template import (
    MappingTemplate,
    NumberRange,
    TemplateRefused,
    TemplateRow,
)

_KEY = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = "unmapped"
BALANCE_SHEET: AccountType = "balancesheet"
INCOME_STATEMENT: AccountType = "incomestatement"


def refuse_invalid(template: MappingTemplate) -> None:
    """Raises TemplateRefused with all the faults of the template; says nothing about a good one."""
    found = problems(template)
    if found:
        raise TemplateRefused(found)


def problems(template: MappingTemplate) -> tuple[str, ...]:
    """The faults of the template, one plain sentence each, in the order in which to mend them.

    Rules build on each other: the totals are taken apart only when rows and names are sound.
    """
    first = [*_identity(template), *_rows(template), *_named_rows(template), *_mappings(template)]
    return tuple(first or _totals(template))


def _identity(template: MappingTemplate) -> Iterator[str]:
    if not template.name.strip():
        yield "The template has no name."
    if template.version < 1:
        yield "The template's version must be 1 or more."


def _rows(template: MappingTemplate) -> Iterator[str]:
    for key, count in Counter(row.key for row in template.rows).items():
        if count > 1:
            yield f"The row “{key}” is in the template {count} times: give each row a key of its own."
    earlier: dict[str, TemplateRow] = {}
    for row in template.rows:
        yield from _row(row)
        yield from _section(row, earlier) if row.style == "line" else _parts(row, earlier)
        earlier[row.key] = row


def _row(row: TemplateRow) -> Iterator[str]:
    if not _KEY.fullmatch(row.key) or row.key.startswith(RESERVED):
        yield (
            f"The row key “{row.key}” must be small letters, digits and underscores, begin with a letter, "
            f"and not begin with “{RESERVED}”."
        )
    if not row.label.strip():
        yield f"The row “{row.key}” has no label."
    if row.level < 1:
        yield f"The row “{row.key}” has the level {row.level}: it must be 1 or more."
    if row.style == "line" and row.sign is None:
        yield f"The line “{row.key}” has no sign: say “debit” or “credit” for the side that prints positive."
    if row.style == "line" and (row.adds or row.subtracts):
        yield f"The line “{row.key}” adds or subtracts rows: only a subtotal or a total may."


def _section(row: TemplateRow, earlier: dict[str, TemplateRow]) -> Iterator[str]:
    section = earlier.get(row.section)
    if not row.section:
        yield f"The line “{row.key}” has no section: name the heading that it stands under."
    elif section is None or section.style != "heading" or section.statement != row.statement:
        yield f"The line “{row.key}” names the section “{row.section}”, which is no heading above it."


def _parts(row: TemplateRow, earlier: dict[str, TemplateRow]) -> Iterator[str]:
    if row.style == "heading":
        if row.adds or row.subtracts:
            yield f"The heading “{row.key}” adds or subtracts rows: only a subtotal or a total may."
        return
    if not row.adds and not row.subtracts:
        yield f"The total “{row.key}” adds no rows."
    for key in (*row.adds, *row.subtracts):
        part = earlier.get(key)
        if part is None or part.style == "heading" or part.statement != row.statement:
            yield f"The total “{row.key}” names “{key}”, which is no line or total above it."


def _named_rows(template: MappingTemplate) -> Iterator[str]:
    named = (
        ("total assets", template.total_assets, BALANCE_SHEET, True),
        (
            "total liabilities and equity",
            template.total_liabilities_and_equity,
            BALANCE_SHEET,
            True,
        ),
        ("net income", template.net_income, INCOME_STATEMENT, True),
        ("retained earnings", template.retained_earnings, BALANCE_SHEET, False),
        ("the current year's net income", template.current_year_net_income, BALANCE_SHEET, False),
    )
    rows = {row.key: row for row in template.rows}
    for meaning, key, statement, is_total in named:
        row = rows.get(key)
        if row is None or row.statement != statement or row.is_total != is_total or row.style == "heading":
            kind = "total" if is_total else "line"
            place = "balance sheet" if statement == BALANCE_SHEET else "income statement"
            yield f"The template names “{key}” for {meaning}, which is no {kind} of its {place}."


def _mappings(template: MappingTemplate) -> Iterator[str]:
    lines = {row.key: row for row in template.rows if row.style == "line"}
    for mapping in template.mappings:
        if mapping.line not in lines:
            yield f"The mapping names “{mapping.line}”, which is no line of the template."
            continue
        for name in mapping.categories:
            yield from _category(name, lines[mapping.line])
        for number_range in mapping.ranges:
            yield from _range(number_range, mapping.line)
    yield from _mapped_twice(template)


def _category(name: str, line: TemplateRow) -> Iterator[str]:
    category = find(name)
    if category is None:
        yield f"The line “{line.key}” names the category “{name}”, which is not on the standard list."
    elif category.statement != line.statement:
        yield f"The category “{category.name}” cannot feed “{line.key}”, a line of the other statement."


def _range(number_range: NumberRange, line: str) -> Iterator[str]:
    first, last = number_range.first, number_range.last
    if not _is_digits(number_range):
        yield f"The line “{line}” has the range {first} to {last}: write both ends in digits."
    elif int(first) > int(last):
        yield f"The line “{line}” has the range {first} to {last}, which ends before it begins."


def _is_digits(number_range: NumberRange) -> bool:
    return all(end.isascii() and end.isdigit() for end in (number_range.first, number_range.last))


def _mapped_twice(template: MappingTemplate) -> Iterator[str]:
    categories = (
        (name.strip().casefold(), each.line) for each in template.mappings for name in each.categories
    )
    for name, lines in _several(categories):
        category = find(name)
        spelled = category.name if category else name
        yield f"The category “{spelled}” is mapped {len(lines)} times: {_listed(lines)}. Keep one."
    accounts = ((number, each.line) for each in template.mappings for number in each.accounts)
    for number, lines in _several(accounts):
        yield f"The account {number} is mapped {len(lines)} times: {_listed(lines)}. Keep one."
    yield from _overlaps(template)


def _several(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for what, line in pairs:
        found[what].append(line)
    return ((what, lines) for what, lines in found.items() if len(lines) > 1)


def _listed(lines: Sequence[str]) -> str:
    return ", ".join(f"“{line}”" for line in lines)


def _overlaps(template: MappingTemplate) -> Iterator[str]:
    """Two ranges of one statement may not share a number; across statements the account's type decides."""
    statements = {row.key: row.statement for row in template.rows}
    for statement in (BALANCE_SHEET, INCOME_STATEMENT):
        ranges = [
            (each, mapping.line)
            for mapping in template.mappings
            if statements.get(mapping.line) == statement
            for each in mapping.ranges
            if _is_digits(each)
        ]
        ranges.sort(key=lambda each: int(each[0].first))
        for (one, line), (other, other_line) in pairwise(ranges):
            if int(other.first) <= int(one.last):
                yield (
                    f"The ranges {one.first} to {one.last} (“{line}”) and {other.first} to {other.last} "
                    f"(“{other_line}”) overlap: an account can feed one line only."
                )


def _totals(template: MappingTemplate) -> Iterator[str]:
    weights = _weights(template.rows)
    assets, others = weights[template.total_assets], weights[template.total_liabilities_and_equity]
    for row in template.rows:
        if row.style != "line":
            continue
        if row.statement == BALANCE_SHEET:
            held = assets[row.key] - others[row.key]
            wanted, where = (1 if row.sign == "debit" else -1), "total assets less liabilities and equity"
        else:
            held, where = weights[template.net_income][row.key], "net income"
            wanted = 1 if row.sign == "credit" else -1
        if held != wanted:
            yield (
                f"The line “{row.key}” is in {where} {_times(held)} instead of {_times(wanted)}: "
                "mend what the totals add and subtract, or the line's sign."
            )


def _times(weight: int) -> str:
    if weight == 0:
        return "not at all"
    count = "once" if abs(weight) == 1 else f"{abs(weight)} times"
    return f"{'added' if weight > 0 else 'subtracted'} {count}"


def _weights(rows: Iterable[TemplateRow]) -> dict[str, Counter[str]]:
    """How often each line is in each row, subtracted lines counted as less than zero."""
    weights: dict[str, Counter[str]] = {}
    for row in rows:
        held = Counter({row.key: 1}) if row.style == "line" else Counter[str]()
        for sign, keys in ((1, row.adds), (-1, row.subtracts)):
            for key in keys:
                for line, weight in weights[key].items():
                    held[line] += sign * weight
        weights[row.key] = held
    return weights
