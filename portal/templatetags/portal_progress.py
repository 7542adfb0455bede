"""A run's units in the words of the progress page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django import template
from django.utils.translation import gettext, gettext_lazy, ngettext

from collections_app.models import WorkUnit
from collections_app.selectors import Progress
from portal.templatetags.portal_ui import month_and_year

register = template.Library()

NAMES = {
    WorkUnit.Kind.COMPANY: gettext_lazy("Company and entities"),
    WorkUnit.Kind.CHART: gettext_lazy("Chart of accounts"),
    WorkUnit.Kind.PERIOD_BALANCE: gettext_lazy("Balances of the whole period"),
    WorkUnit.Kind.TRIAL_BALANCE: gettext_lazy("Trial balances"),
    WorkUnit.Kind.REPORTS: gettext_lazy("Your reports"),
}


@dataclass(frozen=True)
class Stage:
    """Units of one kind in a row, shown as one line. `state` is done, now or to come."""

    name: str
    state: str
    count: str


@register.filter
def stages(progress: Progress) -> list[Stage]:
    """The run's stages in their order; many months are one line with a count."""
    return [
        _stage(WorkUnit.Kind(kind), list(units), progress.current)
        for kind, units in groupby(progress.units, key=lambda unit: unit.kind)
    ]


def _stage(kind: WorkUnit.Kind, units: list[WorkUnit], current: WorkUnit | None) -> Stage:
    done = sum(1 for unit in units if unit.done_at is not None)
    state = "done" if done == len(units) else "now" if current in units else "to come"
    return Stage(str(NAMES[kind]), state, _count(done, len(units)) if len(units) > 1 else "")


def _count(done: int, planned: int) -> str:
    words = ngettext("%(done)d of %(planned)d month", "%(done)d of %(planned)d months", planned)
    return words % {"done": done, "planned": planned}


@register.filter
def now_doing(unit: WorkUnit | None) -> str:
    """What the worker is at, as a sentence; None stands for a run whose units are all done."""
    if unit is None:
        return gettext("Putting your reports in order")
    if unit.kind == WorkUnit.Kind.TRIAL_BALANCE and unit.start:
        return gettext("Reading the trial balance of %(month)s") % {"month": month_and_year(unit.start)}
    if unit.kind == WorkUnit.Kind.REPORTS:
        return gettext("Building your reports")
    return gettext("Reading: %(what)s") % {"what": NAMES[WorkUnit.Kind(unit.kind)]}
