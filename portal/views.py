"""Pages around the steps: the link's landing, the guides, the end, and the signs of health."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app import links, rate_limit, readiness
from collections_app.links import LinkState
from collections_app.models import Collection, Lender
from collections_app.reports import categories
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import intake, recovery, reporting
from portal import access

# The worker gives a sign of life with every look for standing runs; three missed ones are worth a word.
WORKER_SILENCE = timedelta(seconds=3 * settings.RUN_RECOVERY_SECONDS + 20)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The secure link. Looking changes nothing; the button exchanges the token for a session and drops it."""
    caller = access.caller(request)
    if rate_limit.LINK_GUESSES.reached(caller):
        return render(request, "errors/too_many_tries.html", status=429)
    found = links.find(token)
    if found is None:
        rate_limit.LINK_GUESSES.count_failure(caller)
        return render(request, "errors/link_unknown.html", status=404)
    state = links.state(found)
    if state is not LinkState.OPEN:
        return access.refusal(request, found, state)
    if request.method == "POST":
        intake.link_open(link=found, by=access.BORROWER)
        access.grant(request, found)
        return redirect("portal:collection")
    collection = found.collection
    context = {
        "collection": collection,
        "lender": collection.lender,
        "link": found,
        "reports": [REPORT_TITLES[name] for name in collection.reports],
    }
    return render(request, "portal/landing.html", context)


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
def done(request: HttpRequest, collection: Collection) -> HttpResponse:
    """The end: what was shared, the copies, and what to mend in Sage Intacct."""
    if collection.status != Collection.Status.SUBMITTED:
        return redirect("portal:collection")
    context = {
        "collection": collection,
        "lender": collection.lender,
        "files": collection.files.all(),
        "reports": [REPORT_TITLES[name] for name in collection.reports],
        "assigned": collection.accounts.exclude(assigned_category=""),
        "connection": readiness.connection_of(collection),
        "sender_id": settings.INTACCT_SENDER_ID,
    }
    return render(request, "portal/done.html", context)


@require_safe
@access.borrower_view
def download(request: HttpRequest, collection: Collection, name: str) -> FileResponse:
    """The borrower's copy of a file."""
    file = get_object_or_404(collection.files, name=name)
    stored = reporting.file_open(file=file, by=access.BORROWER)
    return FileResponse(stored, as_attachment=True, filename=f"{collection.reference}-{file.name}")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Ends this browser's access; the link opens the collection again."""
    access.revoke(request)
    response = render(request, "portal/left.html")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


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
