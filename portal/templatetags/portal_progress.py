"""A run's units in the words of the progress page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from collections_app.models import WorkUnit
from collections_app.problems import PROBLEMS
from collections_app.progress import Progress, Unit
from collections_app.table_names import TABLE_NAMES
from portal.templatetags.portal_ui import month_and_year, whole_number

register = template.Library()

NAMES = {
    WorkUnit.Kind.COMPANY: gettext_lazy("Company and entities"),
    WorkUnit.Kind.CHART: gettext_lazy("Chart of accounts"),
    WorkUnit.Kind.PERIOD_BALANCE: gettext_lazy("Balances of the whole period"),
    WorkUnit.Kind.TRIAL_BALANCE: gettext_lazy("Trial balances"),
    WorkUnit.Kind.SURVEY: gettext_lazy("What there is to read"),
    WorkUnit.Kind.REPORTS: gettext_lazy("Your reports"),
}


# A stage's line is the same for everybody, so it is made once: those who wait ask every few seconds.
LINES_KEPT = 4096


def name_of(unit: Unit | Stage) -> Promise:
    """What a unit is about, in the words of an accountant."""
    if unit.kind == WorkUnit.Kind.TABLE:
        return TABLE_NAMES[unit.subject]
    return NAMES[WorkUnit.Kind(unit.kind)]


@dataclass(frozen=True)
class Stage:
    """Units of one kind, shown as one line. `state` is done, now or later."""

    kind: str
    subject: str
    state: str
    done: int
    planned: int
    is_monthly: bool

    @property
    def name(self) -> str:
        return str(name_of(self))

    @property
    def count(self) -> str:
        """How many of them are done; empty for a single one."""
        if self.planned == 1:
            return ""
        if self.is_monthly:
            words = ngettext("%(done)d of %(planned)d month", "%(done)d of %(planned)d months", self.planned)
        else:
            words = ngettext("%(done)d of %(planned)d part", "%(done)d of %(planned)d parts", self.planned)
        return words % {"done": self.done, "planned": self.planned}


@register.filter
def stage_lines(progress: Progress) -> SafeString:
    """The run's stages in their order as items of a list; many months or parts are one line with a count."""
    language = get_language()
    return mark_safe("".join(_line(stage, language) for stage in stages(progress)))  # noqa: S308


@lru_cache(LINES_KEPT)
def _line(stage: Stage, language: str) -> str:
    return render_to_string("components/stage.html", {"stage": stage})


def stages(progress: Progress) -> list[Stage]:
    """The run's stages in their order; what is read in turns, month by month, is two stages and not many."""
    tables: dict[tuple[str, str], list[Unit]] = {}
    for unit in progress.units:
        tables.setdefault(_table(unit), []).append(unit)
    return [_stage(units, progress.current) for units in tables.values()]


def _table(unit: Unit) -> tuple[str, str]:
    """What units of one line have in common: the files of the reports are one line."""
    return unit.kind, "" if unit.kind == "reports" else unit.subject


def _stage(units: list[Unit], current: Unit | None) -> Stage:
    first, done = units[0], sum([unit.is_done for unit in units])
    begun = current in units or 0 < done < len(units)
    state = "done" if done == len(units) else "now" if begun else "later"
    return Stage(*_table(first), state, done, len(units), first.start is not None)


@register.filter
def parts_done(progress: Progress) -> str:
    """How far it is, in a line."""
    counts = {"done": progress.done, "planned": progress.planned}
    return gettext("%(done)s of %(planned)s parts done") % counts


@register.filter
def lines_read(rows: int) -> str:
    words = ngettext("%(number)s line read", "%(number)s lines read", rows)
    return words % {"number": whole_number(rows)}


@register.filter
def now_doing(unit: Unit | None) -> str:
    """What the worker is at, as a sentence; None stands for a run whose units are all done."""
    if unit is None:
        return gettext("Putting your reports in order")
    if unit.kind == WorkUnit.Kind.TRIAL_BALANCE and unit.start:
        return gettext("Reading the trial balance of %(month)s") % {"month": month_and_year(unit.start)}
    if unit.kind == WorkUnit.Kind.TABLE and unit.start:
        words = {"what": name_of(unit), "month": month_and_year(unit.start)}
        return gettext("Reading: %(what)s, %(month)s") % words
    if unit.kind == WorkUnit.Kind.REPORTS:
        return gettext("Building your reports")
    return gettext("Reading: %(what)s") % {"what": name_of(unit)}


@register.filter
def about(remaining: timedelta | None) -> str:
    """How much longer it may take, in round numbers; an honest sentence when that is not known yet."""
    if remaining is None:
        return gettext("How long it takes is not known yet.")
    minutes = round(remaining.total_seconds() / 60)
    if minutes < 1:
        return gettext("Less than a minute to go, at the pace so far.")
    words = ngettext(
        "About %(minutes)d minute to go, at the pace so far.",
        "About %(minutes)d minutes to go, at the pace so far.",
        minutes,
    )
    return words % {"minutes": minutes}


@register.filter
def seconds_since(at: datetime) -> int:
    """Whole seconds from then to now; none before it."""
    return max(0, int((timezone.now() - at).total_seconds()))


@register.filter
def so_far(seconds: int) -> str:
    """How long it has taken until now, in whole minutes or, from two hours on, whole hours.

    The script counts on in the same words: see `so_far_words`.
    """
    minutes = seconds // 60
    if minutes < 1:
        return gettext("Less than a minute so far")
    if minutes < 120:
        return _minutes_so_far(minutes) % {"minutes": minutes}
    return _hours_so_far() % {"hours": minutes // 60}


@register.simple_tag
def so_far_words() -> dict[str, str]:
    """The same words for the script, with {count} where it puts a number."""
    return {
        "moment": so_far(0),
        "minute": so_far(60),
        "minutes": _minutes_so_far(2) % {"minutes": "{count}"},
        "hours": _hours_so_far() % {"hours": "{count}"},
    }


def _minutes_so_far(minutes: int) -> str:
    return ngettext("%(minutes)s minute so far", "%(minutes)s minutes so far", minutes)


def _hours_so_far() -> str:
    return gettext("%(hours)s hours so far")


@register.filter
def problem_sentence(name: str) -> str | Promise:
    """The sentence of a problem by its name."""
    return PROBLEMS[name].sentence
