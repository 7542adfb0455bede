"""Step 7: how far the worker is, from its rows alone."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from collections_app import readiness, selectors
from collections_app.models import Collection, Run
from portal.flow.step import Step, Visit


class Progress(Step):
    slug = "progress"
    title = _("Your reports are being collected")

    def is_open(self, collection: Collection) -> bool:
        return collection.status == Collection.Status.COLLECTING

    def is_complete(self, collection: Collection) -> bool:
        return collection.status == Collection.Status.SUBMITTED

    def context(self, collection: Collection) -> dict[str, Any]:
        run = readiness.run_of(collection, Run.Kind.COLLECT)
        return {
            "run": run,
            "progress": selectors.progress_of(run) if run else None,
            "operators_problem": readiness.waiting_for_operator(collection),
        }

    def get(self, visit: Visit) -> HttpResponse:
        if visit.request.headers.get("Accept") == "application/json":
            return self.fragment(visit)
        return super().get(visit)

    def fragment(self, visit: Visit) -> JsonResponse:
        """The part of the page that moves, for the script that polls."""
        context = self.context(visit.collection) | {"collection": visit.collection}
        return JsonResponse(
            {
                "finished": False,
                "html": render_to_string("components/progress.html", context, visit.request),
            }
        )
