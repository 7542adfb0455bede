"""What the installation is doing, in numbers counted from rows, so that any process may tell them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from collections_app import leases, notices, tallies
from collections_app.models import (
    AuditChain,
    Collection,
    Connection,
    Event,
    Run,
    Tally,
    WorkerPulse,
    WorkUnit,
)
from collections_app.stalled import stalled_runs

PATIENCE = timedelta(minutes=10)


class Measure(NamedTuple):
    """One number: of what, with which labels. `is_total` only ever grows."""

    name: str
    value: float
    labels: dict[str, str] = {}
    is_total: bool = False


def measures() -> Iterator[Measure]:
    """All of them, without a lender's or a borrower's name in any."""
    yield from _collections()
    yield from _runs()
    yield from _units()
    yield from _counted()
    yield from _housekeeping()


def _collections() -> Iterator[Measure]:
    found = dict(Collection.objects.order_by().values_list("status").annotate(Count("pk")))
    for status in Collection.Status.values:
        yield Measure("collections", found.get(status, 0), {"status": status})


def _runs() -> Iterator[Measure]:
    now = timezone.now()
    ended = [Run.Status.DONE, Run.Status.CANCELLED]
    open_runs = Run.objects.exclude(status__in=ended).order_by()
    for kind, status, count in open_runs.values_list("kind", "status").annotate(Count("pk")):
        yield Measure("runs", count, {"kind": kind, "status": status})
    for status, oldest in open_runs.values_list("status").annotate(Min("created_at")):
        yield Measure("run_age_seconds", _since(oldest, now), {"status": status})
    yield Measure("runs_stalled", sum(1 for _ in stalled_runs(patience=PATIENCE)))
    idle = Run.objects.filter(leases.due(now)).exclude(pk__in=leases.in_hand(now).values("run_id"))
    yield Measure("queue_age_seconds", _since(_first(idle), now))


def _units() -> Iterator[Measure]:
    now = timezone.now()
    units = WorkUnit.objects.filter(run__status__in=Run.LIVE)
    done = units.exclude(done_at=None).count()
    in_hand = leases.in_hand(now).count()
    yield Measure("units", done, {"state": "done"})
    yield Measure("units", in_hand, {"state": "in_hand"})
    yield Measure("units", max(0, units.count() - done - in_hand), {"state": "waiting"})


def _counted() -> Iterator[Measure]:
    names = {
        tallies.GATEWAY: ("gateway_calls", "result", "gateway_seconds"),
        tallies.PAGES: ("pages", "status", "page_seconds"),
    }
    took = dict.fromkeys(names, 0.0)
    for tally in Tally.objects.filter(name__in=names).order_by("name", "label"):
        name, label, _ = names[tally.name]
        yield Measure(name, tally.count, {label: tally.label}, is_total=True)
        took[tally.name] += tally.seconds
    for name, seconds in took.items():
        yield Measure(names[name][2], seconds, is_total=True)


def _housekeeping() -> Iterator[Measure]:
    now = timezone.now()
    seen = WorkerPulse.objects.aggregate(newest=Max("seen_at"))["newest"]
    yield Measure("worker_silence_seconds", _since(seen, now) if seen else float("inf"))
    yield Measure("mails_waiting", notices.waiting().filter(created_at__lt=now - PATIENCE).count())
    yield Measure("mails_given_up", notices.given_up().count())
    yield Measure("passwords_held", Connection.objects.exclude(secret=None).count())
    yield Measure("events_unlinked", Event.objects.filter(position=None).count())
    chain = AuditChain.objects.filter(pk=AuditChain.ONLY).first()
    yield Measure("audit_links", chain.position if chain else 0)


def _first(runs: QuerySet[Run]) -> datetime | None:
    first: datetime | None = runs.aggregate(oldest=Min("served_at"))["oldest"]
    return first


def _since(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0
