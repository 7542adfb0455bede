"""Pages around the steps: the guides, and the signs of health."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from collections_app.models import Collection, Lender
from collections_app.permissions import applications_for
from collections_app.reports import categories
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import mending, recovery
from portal import access

# The worker gives a sign of life with every look for standing runs; three missed ones are worth a word.
WORKER_SILENCE = timedelta(seconds=3 * settings.RUN_RECOVERY_SECONDS + 20)


@require_safe
def guide(request: HttpRequest, lender_slug: str, permission_type: str) -> HttpResponse:
    """The set-up guide for one permission type: printable, and open to a colleague who has no link."""
    if permission_type not in Collection.PermissionType.values:
        raise Http404
    context = {
        "lender": get_object_or_404(Lender, slug=lender_slug),
        "permission_type": permission_type,
        "permission_types": Collection.PermissionType.choices,
        "sender_id": settings.INTACCT_SENDER_ID,
        # Who has no link has no request either: the guide then shows what any request may need.
        "applications": applications_for(REPORT_TITLES),
    }
    return render(request, "portal/guide.html", context)


@require_safe
def category_guide(request: HttpRequest, lender_slug: str) -> HttpResponse:
    """What QuickStart categories are, and the standard list."""
    sections: dict[str, list[categories.Category]] = {}
    for category in categories.STANDARD:
        sections.setdefault(category.section, []).append(category)
    context = {"lender": get_object_or_404(Lender, slug=lender_slug), "sections": sections}
    return render(request, "portal/category_guide.html", context)


@require_safe
@access.borrower_view
def categories_file(request: HttpRequest, collection: Collection) -> HttpResponse:
    """The categories chosen here, for the import in Sage Intacct."""
    content = mending.categories_file(collection=collection, by=access.BORROWER)
    name = f"{collection.reference}-categories.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readiness_report(request: HttpRequest) -> JsonResponse:
    """Whether the database answers and a worker is alive; 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        worker = recovery.worker_alive(WORKER_SILENCE)
    except DatabaseError:
        return JsonResponse({"database": False, "worker": False}, status=503)
    return JsonResponse({"database": True, "worker": worker}, status=200 if worker else 503)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
