import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Q
from django.utils import timezone

from collections_app.models import Run
from collections_app.stalled import stalled_runs


class Command(BaseCommand):
    help = (
        "Lists runs that are not at their end, oldest first: reference, kind, status, units done of units "
        "planned, when it was last worked on (UTC). With --stalled those alone that should move and do not, "
        "with why and what to do; the exit code is then 1 if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stalled", action="store_true", help="only those that stand still")
        parser.add_argument("--minutes", type=int, default=10, help="how long is still; 10 unless said")
        parser.add_argument("--status", choices=Run.Status.values, help="runs in this status, ended or not")
        parser.add_argument(
            "--json", action="store_true", help="print a JSON object for each run, one a line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stalled"]:
            self._show_stalled(timedelta(minutes=options["minutes"]), as_json=options["json"])
            return
        ended = [Run.Status.DONE, Run.Status.CANCELLED]
        wanted = Q(status=options["status"]) if options["status"] else ~Q(status__in=ended)
        runs = Run.objects.filter(wanted).select_related("collection__lender").order_by("created_at", "pk")
        counted = runs.annotate(planned=Count("units"), done=Count("units", filter=~Q(units__done_at=None)))
        self._show((_told(run) for run in counted.iterator(chunk_size=500)), as_json=options["json"])

    def _show_stalled(self, patience: timedelta, *, as_json: bool) -> None:
        told = []
        for each in stalled_runs(patience=patience):
            minutes = int((timezone.now() - each.since).total_seconds() // 60)
            told.append(_told(each.run) | {"stalled_minutes": minutes, "why": each.why, "cure": each.cure})
        self._show(told, as_json=as_json)
        if told:
            raise CommandError(f"{len(told)} of the runs stand still.")

    def _show(self, runs: Iterable[dict[str, Any]], *, as_json: bool) -> None:
        for told in runs:
            if as_json:
                self.stdout.write(json.dumps(told))
                continue
            units = f"{told['done']} of {told['planned']} units" if "done" in told else ""
            why = (
                f"for {told['stalled_minutes']} minutes. {told['why']} {told['cure']}"
                if "why" in told
                else ""
            )
            parts = [
                told["reference"],
                told["lender"],
                told["kind"],
                told["status"],
                units,
                told["served_at"],
            ]
            self.stdout.write("  ".join(part for part in [*parts, why] if part))


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
