"""The end: what was shared, the borrower's copy, who has looked since, and how to withdraw."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from collections_app import readiness, selectors
from collections_app.documents import documents_of
from collections_app.downloads import download as download_of
from collections_app.models import Collection, Event, Notice, Run
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import withdrawing
from collections_app.states import MoveRefused
from portal import access

LOOKS = ("collection.viewed", "report.downloaded", "document.downloaded", "reports.exported")
MOST_LOOKS = 50


@dataclass(frozen=True)
class Look:
    """Somebody looked at what was shared: who it was in general, and what that person did."""

    at: datetime
    who: str
    what: str


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Your reason"),
        required=False,
        max_length=withdrawing.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": gettext_lazy("Shorten your reason to at most %(limit_value)d characters.")
        },
    )


@require_safe
@access.borrower_view
def done(request: HttpRequest, collection: Collection) -> HttpResponse:
    """What was shared with whom and when, the copies, and what to mend in Sage Intacct."""
    if collection.status != Collection.Status.SUBMITTED:
        return redirect("portal:collection")
    documents_only = readiness.documents_only(collection)
    collected = readiness.run_of(collection, Run.Kind.COLLECT)
    context = {
        "collection": collection,
        "lender": collection.lender,
        "documents": documents_of(collection),
        "documents_only": documents_only,
        "files": collection.files.all() if collection.lender.allows_copy else [],
        # Files can be made again later; this is when they were first shared.
        "shared_at": collection.shared_at or (collected and collected.finished_at),
        "reports": [] if documents_only else [REPORT_TITLES[name] for name in collection.reports],
        "assigned": [
            account for account in collection.accounts.all().in_order() if account.assigned_category
        ],
        "connection": readiness.connection_of(collection),
        "receipt": _receipt(collection),
        "looks": looks_at(collection),
        "sender_id": settings.INTACCT_SENDER_ID,
    }
    return render(request, "portal/done.html", context)


@require_safe
@access.borrower_view
def download(request: HttpRequest, collection: Collection, name: str) -> FileResponse:
    """The borrower's copy of a file, where the lender gives one."""
    if not collection.lender.allows_copy:
        raise Http404
    file = get_object_or_404(collection.files, name=name)
    return download_of(file, by=access.BORROWER)


@require_http_methods(["GET", "HEAD", "POST"])
@access.borrower_view
def withdraw(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Says what withdrawing means as things stand, and asks; the button does it."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # One that was withdrawn a moment ago is refused, and the next page says the same.
        with suppress(MoveRefused):
            withdrawing.consent_withdraw(
                collection=collection, by=access.BORROWER, reason=form.cleaned_data["reason"]
            )
        return redirect("portal:collection")
    is_shared = collection.status == Collection.Status.SUBMITTED
    context = {
        "collection": collection,
        "lender": collection.lender,
        "form": form,
        "is_told": bool(selectors.addresses_for(collection)),
        "is_shared": is_shared,
        # What was given back for correction: what is kept of it is not deleted, and no more is shared.
        "was_shared": collection.shared_at is not None and not is_shared,
        "has_documents": collection.documents.exists(),
        "connection": readiness.connection_of(collection),
        "looks": looks_at(collection),
    }
    return render(request, "portal/withdraw.html", context, status=422 if form.errors else 200)


def _receipt(collection: Collection) -> Notice | None:
    """The mail that told of the last sharing; what was given back for correction was shared before."""
    sent = collection.notices.filter(kind=Notice.Kind.FINISHED).exclude(sent_at=None)
    return sent.filter(created_at__gte=collection.shared_at or collection.created_at).last()


def looks_at(collection: Collection) -> list[Look]:
    """The newest looks of the lender's staff and the operator at what was shared, newest first.

    Which person it was is the lender's business; the lender's own record names it.
    """
    kinds = (Event.Actor.STAFF, Event.Actor.OPERATOR)
    events = collection.events.filter(action__in=LOOKS, actor_kind__in=kinds).order_by("-pk")
    return [Look(event.at, _who(event, collection), _what(event)) for event in events[:MOST_LOOKS]]


def _who(event: Event, collection: Collection) -> str:
    if event.actor_kind == Event.Actor.STAFF:
        return gettext("Staff of %(lender)s") % {"lender": collection.lender.name}
    return gettext("The operator of this service")


def _what(event: Event) -> str:
    if event.action == "collection.viewed":
        return gettext("Looked at the page of your reports")
    if event.action == "reports.exported":
        return gettext("Downloaded all files")
    return gettext("Downloaded %(file)s") % {"file": event.data_still_kept().get("file", "")}
