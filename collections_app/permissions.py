"""The permissions that a request needs, in the words of Sage Intacct's own permission windows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app import datasets
from collections_app.ledger import permission_for


@dataclass(frozen=True)
class Tick:
    """What to tick at one entry, and when it is needed at all."""

    entry: str
    right: str
    only_if: str | Promise = ""


@dataclass(frozen=True)
class Application:
    """The entries of one application's permission window."""

    name: str
    ticks: tuple[Tick, ...]


ALWAYS: tuple[tuple[str, Tick], ...] = (
    ("Administration", Tick("Company information", "View")),
    ("Company", Tick("Entities", "List, View")),
    ("Company", Tick("Locations", "List, View")),
    ("Company", Tick("Reporting periods", "List, View")),
    ("General Ledger", Tick("Accounts", "List, View")),
    (
        "General Ledger",
        Tick("User-defined books", "List, View", _("only if the request names adjustment books")),
    ),
    ("General Ledger", Tick("Trial balance", "Run")),
    ("Consolidation", Tick("Consolidation books", "List, View", _("only if your company consolidates"))),
)


def applications_for(reports: Iterable[str]) -> tuple[Application, ...]:
    """The fewest ticks with which these reports can be read, by application."""
    ticks = dict.fromkeys(ALWAYS)
    for dataset in datasets.wanted(reports):
        application, entry, right = permission_for(dataset)
        ticks.setdefault((application, Tick(entry, right.replace(" and ", ", "))))
    ordered = sorted(ticks, key=lambda pair: _place(pair[0]))
    return tuple(
        Application(name, tuple(tick for _, tick in group))
        for name, group in groupby(ordered, key=lambda pair: pair[0])
    )


def are_enough(given_for: Iterable[str], reports: Iterable[str]) -> bool:
    """Whether a user that was permitted to read those reports may read these too."""
    return _all_ticks(reports) <= _all_ticks(given_for)


def _all_ticks(reports: Iterable[str]) -> set[tuple[str, Tick]]:
    return {(each.name, tick) for each in applications_for(reports) for tick in each.ticks}


def _place(application: str) -> int:
    order = ("Administration", "Company", "General Ledger", "Accounts Receivable", "Accounts Payable")
    return order.index(application) if application in order else len(order)
