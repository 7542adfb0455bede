"""Step 8: how far the worker is, from its rows alone."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from collections_app import readiness
from collections_app.models import Collection, Run
from collections_app.progress import progress_of
from portal import polling
from portal.flow.step import Step, Visit


class Progress(Step):
    slug = "progress"
    title = _("Your reports are being collected")

    def is_open(self, collection: Collection) -> bool:
        return collection.status == Collection.Status.COLLECTING and not self.is_complete(collection)

    def is_complete(self, collection: Collection) -> bool:
        if readiness.waits_to_be_shared(collection):
            return True
        return collection.status == Collection.Status.SUBMITTED

    def context(self, collection: Collection) -> dict[str, Any]:
        run = readiness.run_of(collection, Run.Kind.COLLECT)
        return {
            "run": run,
            "progress": progress_of(run) if run else None,
            "operators_problem": readiness.waiting_for_operator(collection),
        }

    def get(self, visit: Visit) -> HttpResponse:
        if visit.request.headers.get("Accept") == "application/json":
            return self.fragment(visit)
        return super().get(visit)

    def fragment(self, visit: Visit) -> JsonResponse:
        """The part of the page that moves, for the script that polls."""
        context = self.context(visit.collection) | {
            "collection": visit.collection,
            "lender": visit.collection.lender,
        }
        return polling.part(render_to_string("components/progress.html", context, visit.request))
