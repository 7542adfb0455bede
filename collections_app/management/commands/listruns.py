from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Count, Q
from django.utils import timezone

from collections_app.management.telling import TellingCommand
from collections_app.models import Run
from collections_app.stalled import stalled_runs


class Command(TellingCommand):
    help = (
        "Lists runs that are not at their end, oldest first: reference, kind, status, units done of units "
        "planned, when it was last worked on (UTC). With --stalled those alone that should move and do not, "
        "with why and what to do; the exit code is then 1 if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--stalled", action="store_true", help="only those that stand still")
        parser.add_argument("--minutes", type=int, default=10, help="how long is still; 10 unless said")
        parser.add_argument("--status", choices=Run.Status.values, help="runs in this status, ended or not")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stalled"]:
            self._show_stalled(options)
            return
        ended = [Run.Status.DONE, Run.Status.CANCELLED]
        wanted = Q(status=options["status"]) if options["status"] else ~Q(status__in=ended)
        runs = Run.objects.filter(wanted).select_related("collection__lender").order_by("created_at", "pk")
        counted = runs.annotate(planned=Count("units"), done=Count("units", filter=~Q(units__done_at=None)))
        for run in counted.iterator(chunk_size=500):
            told = _told(run)
            self.tell(options, _line(told), **told)

    def _show_stalled(self, options: dict[str, Any]) -> None:
        stalled = list(stalled_runs(patience=timedelta(minutes=options["minutes"])))
        for each in stalled:
            minutes = int((timezone.now() - each.since).total_seconds() // 60)
            told = _told(each.run) | {"stalled_minutes": minutes, "why": each.why, "cure": each.cure}
            self.tell(options, _line(told), **told)
        if stalled:
            raise CommandError(f"{len(stalled)} of the runs stand still.")


def _line(told: dict[str, Any]) -> str:
    units = f"{told['done']} of {told['planned']} units" if "done" in told else ""
    why = f"for {told['stalled_minutes']} minutes. {told['why']} {told['cure']}" if "why" in told else ""
    parts = [told["reference"], told["lender"], told["kind"], told["status"], units, told["served_at"], why]
    return "  ".join(part for part in parts if part)


def _told(run: Run) -> dict[str, Any]:
    told = {
        "reference": run.collection.reference,
        "lender": run.collection.lender.slug,
        "run": run.pk,
        "kind": run.kind,
        "status": run.status,
        "problem": run.problem,
        "served_at": f"{run.served_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    if hasattr(run, "planned"):
        told |= {"planned": run.planned, "done": run.done}  # type: ignore[attr-defined]
    return told
