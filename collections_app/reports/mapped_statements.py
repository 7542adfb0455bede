"""A lender's statements from the figures of ours: the same accounts and columns on the lender's lines.

Every amount of our finished balance sheet and income statement is taken once and put on one line of the
template, so the lender's totals are ours. What the template has no line for stands on a visible unmapped
line, which the totals include.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import localcontext
from typing import TYPE_CHECKING

from collections_app.reports.balance_sheet import DEBIT_POSITIVE_LINES
from collections_app.reports.categories import find
from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import ZERO, Account, AccountType
from collections_app.reports.income_statement import CREDIT_POSITIVE_LINES
from collections_app.reports.mapping_json import content_hash
from collections_app.reports.mapping_template import MappingTemplate, TemplateRow
from collections_app.reports.mapping_validation import refuse_invalid
from collections_app.reports.placement import Placement, Reason
from collections_app.reports.statement import (
    Amounts,
    Line,
    Row,
    Statement,
    account_line,
    add,
    compose,
    difference,
)

if TYPE_CHECKING:
    from collections_app.reports.build import Reports

UNMAPPED_LABELS = {
    "unmapped_assets": "Unmapped assets",
    "unmapped_liabilities_and_equity": "Unmapped liabilities and equity",
    "unmapped_income_statement": "Unmapped income less expenses",
}
UNMAPPED_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An account that stands on an unmapped line, and why, in one sentence."""

    account: Account
    reason: str


@dataclass(frozen=True, slots=True)
class MappedStatements:
    """The lender's statements, with the name, version and content hash of the template that made them.

    ``unmapped`` are the accounts with figures that the template has no line for.
    """

    template: str
    version: int
    content_hash: str
    balance_sheet: Statement
    income_statement: Statement
    unmapped: tuple[Unmapped, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Both, in the order in which they are filed."""
        return (self.balance_sheet, self.income_statement)

    @property
    def caption(self) -> str:
        """What the layout is, in one sentence."""
        return f"Layout “{self.template}”, version {self.version}, content hash {self.content_hash}."

    def unmapped_in(self, statements: Iterable[Statement]) -> tuple[Unmapped, ...]:
        """The unmapped accounts that stand in these of the statements."""
        shown = {number for statement in statements for line in statement.lines for number in line.accounts}
        return tuple(each for each in self.unmapped if each.account.number in shown)


@dataclass(frozen=True, slots=True)
class _Part:
    """An indivisible amount of one of our lines, debit positive; ``account`` is empty for a computed one."""

    our_line: str
    account: str
    label: str
    amounts: Amounts


def apply(template: MappingTemplate, reports: "Reports") -> MappedStatements:
    """The lender's balance sheet and income statement from our finished ones, column by column.

    Raises mapping_template.TemplateRefused when the template has faults.
    """
    refuse_invalid(template)
    lines = _Lines(template)
    with localcontext(EXACT):
        placements = {placement.account.number: placement for placement in reports.placements}
        sheet = _mapped(reports.balance_sheet, "balancesheet", lines, placements)
        income = _mapped(reports.income_statement, "incomestatement", lines, placements)
    shown = {number for line in (*sheet.lines, *income.lines) if any(line.values) for number in line.accounts}
    unmapped = tuple(
        Unmapped(placement.account, lines.why_unmapped(placement))
        for placement in reports.placements
        if lines.of(placement) is None and placement.account.number in shown
    )
    return MappedStatements(template.name, template.version, content_hash(template), sheet, income, unmapped)


class _Lines:
    """Looks up the template's line of an account."""

    def __init__(self, template: MappingTemplate) -> None:
        self.template = template
        self._statements = {row.key: row.statement for row in template.rows}
        self._accounts = {number: each.line for each in template.mappings for number in each.accounts}
        self._ranges = [(held, each.line) for each in template.mappings for held in each.ranges]
        self._categories = {
            name.strip().casefold(): each.line for each in template.mappings for name in each.categories
        }

    def of(self, placement: Placement) -> str | None:
        """The account's line by number, by range, as retained earnings, by category, in that order."""
        account = placement.account
        ranged = (line for held, line in self._ranges if held.holds(account.number))
        for line in (self._accounts.get(account.number), *ranged):
            if line and self._statements[line] == account.account_type:
                return line
        if placement.reason is Reason.CLOSED_TO:
            return self.template.retained_earnings
        if placement.reason is Reason.CATEGORY:
            return self._categories.get(account.category.strip().casefold())
        return None

    def why_unmapped(self, placement: Placement) -> str:
        category = find(placement.account.category)
        if placement.reason is Reason.CATEGORY and category:
            return f"The template has no line for the category {category.name}."
        return placement.reason.value

    def of_computed(self, our_line: str) -> str | None:
        """The line of an amount that stands on no account: the year's income and what is not closed yet."""
        if our_line == "current_year_net_income":
            return self.template.current_year_net_income
        return self.template.retained_earnings if our_line == "retained_earnings" else None


def _mapped(
    ours: Statement, statement: AccountType, lines: _Lines, placements: dict[str, Placement]
) -> Statement:
    rows = {row.key: row for row in lines.template.rows_of(statement)}
    width = len(ours.columns)
    detail: dict[str, list[Line]] = defaultdict(list)
    for part in _parts(ours, statement):
        placement = placements.get(part.account)
        found = lines.of(placement) if placement else lines.of_computed(part.our_line)
        key = found or _unmapped_line(part.our_line, statement)
        detail[key].append(_detail_line(part, placement, rows.get(key), is_debit_positive(key, rows)))
    plan = [_plan(row) for row in rows.values()]
    for key in UNMAPPED_LABELS:
        if any(any(line.values) for line in detail.get(key, ())):
            plan = _with_unmapped(plan, key, lines.template)
    return replace(ours, lines=compose(plan, detail, width))


def is_debit_positive(key: str, rows: dict[str, TemplateRow]) -> bool:
    """Whether a debit prints as a positive figure on that line of the template."""
    return rows[key].sign == "debit" if key in rows else key == "unmapped_assets"


def _detail_line(
    part: _Part, placement: Placement | None, row: TemplateRow | None, debit_positive: bool
) -> Line:
    level = (row.level if row else UNMAPPED_LEVEL) + 1
    amounts = part.amounts if debit_positive else _negative(part.amounts)
    if placement:
        return account_line(placement.account.number, placement.account.title, level, amounts)
    return Line(part.our_line, part.label, level, "account", amounts)


def _negative(amounts: Amounts) -> Amounts:
    return tuple(ZERO - amount for amount in amounts)


def _plan(row: TemplateRow) -> Row:
    return Row(row.key, row.label, row.level, row.style, row.adds, row.subtracts)


def _unmapped_line(our_line: str, statement: AccountType) -> str:
    if statement == "incomestatement":
        return "unmapped_income_statement"
    return "unmapped_assets" if our_line in DEBIT_POSITIVE_LINES else "unmapped_liabilities_and_equity"


def _with_unmapped(plan: Sequence[Row], key: str, template: MappingTemplate) -> list[Row]:
    """The plan with the unmapped line just above the total that takes it in."""
    totals = {
        "unmapped_assets": template.total_assets,
        "unmapped_liabilities_and_equity": template.total_liabilities_and_equity,
        "unmapped_income_statement": template.net_income,
    }
    rows: list[Row] = []
    for row in plan:
        if row.key == totals[key]:
            rows.append(Row(key, UNMAPPED_LABELS[key], UNMAPPED_LEVEL, "line"))
            row = replace(row, adds=(*row.adds, key))
        rows.append(row)
    return rows


def _parts(ours: Statement, statement: AccountType) -> Iterator[_Part]:
    """Every amount of our statement once: the accounts, and what a line holds beyond its accounts."""
    for line, details in _with_details(ours):
        debit_positive = (
            line.key in DEBIT_POSITIVE_LINES
            if statement == "balancesheet"
            else line.key not in CREDIT_POSITIVE_LINES
        )
        rest = difference(line.values, add((each.values for each in details), len(ours.columns)))
        for each in details:
            amounts = each.values if debit_positive else _negative(each.values)
            yield _Part(line.key, each.accounts[0] if each.accounts else "", each.label, amounts)
        if any(rest):
            yield _Part(line.key, "", line.label, rest if debit_positive else _negative(rest))


def _with_details(ours: Statement) -> Iterator[tuple[Line, list[Line]]]:
    """Each line with the account lines below it, which it is the sum of; totals and memos are left out."""
    line: Line | None = None
    details: list[Line] = []
    for each in ours.lines:
        if each.style == "account":
            details.append(each)
        elif each.style != "memo":
            if line:
                yield line, details
            line, details = (each if each.style == "line" else None), []
    if line:
        yield line, details
