"""The accounts of the categories step: in order, with what is suggested and with the lists to choose from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from collections_app.assignment import Queue
from collections_app.models import Account
from collections_app.reports import categories
from collections_app.reports.sentences import Sentence
from collections_app.reports.suggestions import Confidence, Suggestion
from collections_app.section_names import SECTION_NAMES
from portal.fields import has_words
from portal.steps.account_questions import Group, Questions, Row, answer_of, questions_of
from portal.templatetags.portal_ui import money

register = template.Library()

GRADES = {
    Confidence.HIGH: _("Very likely."),
    Confidence.MEDIUM: _("Likely."),
    Confidence.LOW: _("A guess."),
}
NAMED = 3


@register.simple_tag
def questions(form: Any, queue: Queue) -> Questions:
    """The accounts of the form, in the order in which they are asked about."""
    return questions_of(form.rows(), queue)


@register.simple_tag
def found(asked: Questions, searched: str) -> list[Row]:
    """The accounts that have all the words that were searched for in number or title."""
    words = searched.split()
    return [row for row in asked.rows if has_words(f"{row.account.number} {row.account.title}", words)]


@register.filter
def grade(suggestion: Suggestion) -> str:
    """How sure the suggestion is, in words."""
    return str(GRADES[suggestion.confidence])


@register.filter
def in_readers_words(reason: Sentence) -> SafeString:
    """Why a category is suggested, in the reader's language; a category has its English name in it."""
    values = {name: conditional_escape(value) for name, value in reason.values.items()}
    if "category" in values:
        values["category"] = format_html('<span lang="en">{}</span>', values["category"])
    return mark_safe(conditional_escape(gettext(reason.words)) % values)  # noqa: S308 - all of it is escaped


@register.filter
def section_name(section: str) -> str:
    """A section of the standard list, in the reader's language."""
    return str(SECTION_NAMES[section])


@register.filter
def answer_for(suggestion: Suggestion, account: Account) -> str:
    """What the button sends that accepts the suggestion for this account."""
    return answer_of(suggestion.category.name, account.number)


@register.filter
def first_names(group: Group) -> str:
    """The accounts of a group that have the most money, so that it is known before it is opened."""
    names = ", ".join(f"{row.account.number} {row.account.title}" for row in group.rows[:NAMED])
    left = len(group.rows) - NAMED
    if left <= 0:
        return names
    more = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", left)
    return more % {"names": names, "count": left}


@register.filter
def balance(account: Account) -> str:
    """The closing balance in an accountant's words, without a sign: debit or credit."""
    if not account.closing:
        return gettext("no balance at the end, but activity in the period") if account.in_use else ""
    words = gettext("%(amount)s debit") if account.closing > Decimal(0) else gettext("%(amount)s credit")
    return words % {"amount": money(abs(account.closing))}


@register.simple_tag
def category_select(row: Row) -> SafeString:
    """The account's drop-down list, with the categories of its own statement."""
    return select(row.field, row.account.account_type)


@register.simple_tag
def category_select_for_all(bound: BoundField) -> SafeString:
    """The drop-down list for all ticked accounts, with every category."""
    return select(bound)


def select(bound: BoundField, account_type: str = "") -> SafeString:
    """Written by hand and without `value` attributes: three hundred lists of eighty categories, each in
    Django's own widget, make a page of two megabytes."""
    wrong = format_html(' aria-invalid="true" aria-describedby="{}_error"', bound.auto_id)
    return format_html(
        '<select class="select" lang="en" name="{}" id="{}"{}>{}</select>',
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
            parts.append(format_html('<option value="{}" lang="{}">{}', name, get_language() or "en", label))
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
