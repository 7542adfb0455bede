"""Fields with their labels, hints and errors; the error summary; dates, times and amounts in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, Form, PasswordInput, RadioSelect
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import ngettext, pgettext

from collections_app.contacts import Contact, contact_of
from collections_app.lender_texts import LenderText, text_of

if TYPE_CHECKING:
    from django.template import Context

    from collections_app.models import Collection, Lender
    from portal.flow.journey import Journey
    from portal.flow.step import Answer, Step

register = template.Library()


# Forms ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SummarizedError:
    """A line of the error summary: the words beside the field, and the id to jump to (empty: the form's)."""

    text: str
    target: str


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A field with its label, its hint and its errors, each tied to the control."""
    parts = {"hint": f"{bound.auto_id}_hint" if hint else "", "error": ""}
    attributes: dict[str, str | bool] = {"class": "input"}
    if bound.errors:
        parts["error"] = f"{bound.auto_id}_error"
        attributes["aria-invalid"] = "true"
    described_by = " ".join(part for part in parts.values() if part)
    if described_by:
        attributes["aria-describedby"] = described_by
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attributes),
        "hint": hint,
        "hint_id": parts["hint"],
        "error_id": parts["error"],
        "is_password": isinstance(bound.field.widget, PasswordInput),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    """What is wrong with the form, first on the page, each line leading to its field."""
    return {"errors": list(summarized_errors(form))}


def summarized_errors(form: Form) -> Iterator[SummarizedError]:
    for text in form.non_field_errors():
        yield SummarizedError(str(text), "")
    for bound in form:
        for text in bound.errors:
            yield SummarizedError(str(text), first_control(bound))


def first_control(bound: BoundField) -> str:
    """The id of the control to jump to: a group of radio buttons has none, its first button has."""
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, RadioSelect) else bound.auto_id


# The journey ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepMark:
    """One step of the step counter and how it stands: done, current or to come."""

    title: str
    state: str


@dataclass(frozen=True)
class Position:
    """Where a step is in the journey."""

    number: int
    total: int
    before: Step | None
    marks: tuple[StepMark, ...]


@register.simple_tag
def position_in(journey: Journey, step: Step) -> Position:
    """The step's number, how many there are, the one to go back to, and all of them for the counter."""
    number = journey.number(step)
    marks = tuple(
        StepMark(str(each.title), "done" if place < number else "current" if place == number else "to come")
        for place, each in enumerate(journey.steps, start=1)
    )
    return Position(number, len(marks), journey.before(step), marks)


@dataclass(frozen=True)
class GivenAnswer:
    """An answer and the step on which it can be changed."""

    step: Step
    answer: Answer


@register.simple_tag
def answers_of(journey: Journey, collection: Collection) -> list[GivenAnswer]:
    """What was answered so far, in the order of the steps."""
    return [GivenAnswer(step, answer) for step in journey.steps for answer in step.answers(collection)]


@register.simple_tag
def words_of(lender: Lender, place: str) -> LenderText | None:
    """The lender's own words at this place, if it has any."""
    return text_of(lender, place)


@register.simple_tag(takes_context=True)
def whom_to_ask(context: Context) -> Contact:
    """The person to ask: about the page's request, or at the lender where the page must know no request.
    A page that shows a colleague nothing of the request but its contact has that alone."""
    given: Contact | None = context.get("contact")
    return given or contact_of(context["lender"], context.get("collection"))


# Dates, times, amounts --------------------------------------------------------------------------------------


@register.filter
def breakable(address: str) -> str:
    """A mail address that breaks behind its @ where it does not fit in one line."""
    name, at, host = address.partition("@")
    return format_html("{}{}<wbr>{}", name, at, host)


@register.filter
def unbroken(reference: str) -> str:
    """A reference that stays in one line, so that it can be read out whole."""
    return format_html('<span class="unbroken">{}</span>', reference)


@register.filter
def written_out(day: date) -> str:
    """A date with the month as a word, so that nobody takes the month for the day."""
    return formats.date_format(day, pgettext("date with the month as a word", "F j, Y"))


@register.filter
def month_and_year(day: date) -> str:
    return formats.date_format(day, pgettext("month as a word and year", "F Y"))


@register.filter
def moment(at: datetime, zone: str) -> str:
    """A date and time in the named zone of the IANA database, always with the zone's own short name."""
    pattern = pgettext("date and time with the month as a word and the zone", "F j, Y, g:i A T")
    return formats.date_format(at.astimezone(ZoneInfo(zone)), pattern)


@register.filter
def days_in_words(days: int) -> str:
    """A length of time in whole years where it is that, otherwise in days."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def whole_number(count: int) -> str:
    return formats.number_format(count, use_l10n=True, force_grouping=True)


@register.filter
def money(amount: Decimal) -> str:
    """An amount with two places, or all where it has more; thousands grouped; negative in brackets."""
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    text = formats.number_format(abs(amount), decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"({text})" if amount < 0 else text
