"""The accounts of the categories step, in the groups and with the choices in which they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from collections_app.models import Account
from collections_app.reports import categories
from portal.templatetags.portal_ui import money

register = template.Library()

Row = Mapping[str, Any]


@dataclass(frozen=True)
class AccountGroup:
    """The accounts of one statement: those that the statements need, and those that may stay as they are."""

    key: str
    title: str
    needed: tuple[Row, ...]
    optional: tuple[Row, ...]

    @property
    def chosen(self) -> int:
        """How many of the needed ones have a category by now."""
        return sum(1 for row in self.needed if row["account"].assigned_category)


@register.filter
def by_statement(rows: Iterable[Row], statements: Mapping[str, Any]) -> list[AccountGroup]:
    """The rows by statement, in the order of `statements`; a statement without accounts is left out."""
    kept = list(rows)
    groups = []
    for key, title in statements.items():
        own = [row for row in kept if row["account"].account_type == key]
        if own:
            needed = tuple(row for row in own if row["account"].in_use)
            optional = tuple(row for row in own if not row["account"].in_use)
            groups.append(AccountGroup(key, str(title), needed, optional))
    return groups


@register.filter
def balance(account: Account) -> str:
    """The closing balance in an accountant's words, without a sign: debit or credit."""
    if not account.closing:
        return gettext("no balance at the end, but activity in the period") if account.in_use else ""
    words = gettext("%(amount)s debit") if account.closing > Decimal(0) else gettext("%(amount)s credit")
    return words % {"amount": money(abs(account.closing))}


@register.filter
def still_missing(groups: Iterable[AccountGroup]) -> int:
    return sum(len(group.needed) - group.chosen for group in groups)


@register.simple_tag
def accounts_in_words(count: int) -> str:
    return ngettext("%(count)d account", "%(count)d accounts", count) % {"count": count}


@register.simple_tag
def category_select(row: Row) -> SafeString:
    """The account's drop-down list, with the categories of its own statement."""
    return select(row["field"], row["account"].account_type)


@register.simple_tag
def category_select_for_all(bound: BoundField) -> SafeString:
    """The drop-down list for all ticked accounts, with every category."""
    return select(bound)


def select(bound: BoundField, account_type: str = "") -> SafeString:
    """Written by hand and without `value` attributes: three hundred lists of eighty categories, each in
    Django's own widget, make a page of two megabytes."""
    wrong = format_html(' aria-invalid="true" aria-describedby="{}_error"', bound.auto_id)
    return format_html(
        '<select class="select" name="{}" id="{}"{}>{}</select>',
        bound.html_name,
        bound.auto_id,
        wrong if bound.errors else "",
        options(bound, account_type),
    )


def options(bound: BoundField, account_type: str) -> SafeString:
    """The list's inside. The chosen name is always in it; a name of two groups is in the first alone."""
    chosen = str(bound.value() or "")
    seen: set[str] = set()
    parts: list[str] = []
    for name, label in bound.field.choices:  # type: ignore[attr-defined]
        if not isinstance(label, list | tuple):
            parts.append(format_html('<option value="{}">{}', name, label))
            continue
        fitting = (each for each, _text in label if each == chosen or fits(each, account_type))
        names = [each for each in fitting if each not in seen]
        seen.update(names)
        listed = "".join(option_markup(each, is_chosen=each == chosen) for each in names)
        if names:
            parts.append(f'<optgroup label="{conditional_escape(name)}">{listed}</optgroup>')
    return mark_safe("".join(parts))  # noqa: S308 - every piece is escaped above


def option_markup(name: str, *, is_chosen: bool) -> str:
    return f"<option{' selected' if is_chosen else ''}>{conditional_escape(name)}"


def fits(name: str, account_type: str) -> bool:
    """Whether the category belongs to the statement; every one does when none is named, and one that only
    this company knows belongs to both."""
    category = categories.find(name)
    return not account_type or category is None or category.statement == account_type
