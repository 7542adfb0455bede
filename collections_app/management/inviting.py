"""What `invite` was told, put together with what a template or an earlier request says."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from collections_app.management.arguments import collection_called, lender_called, request_template_called
from collections_app.models import Collection, Lender
from collections_app.services import refreshing
from collections_app.services.document_requests import wanted_documents

# The options by the names of `invitations.collection_invite`.
OPTIONS = {
    "borrower_name": "borrower",
    "borrower_email": "email",
    "date_from": "date_from",
    "date_to": "date_to",
    "lender_reference": "reference",
    "purpose": "purpose",
    "contact_name": "contact",
    "contact_phone": "contact_phone",
    "contact_email": "contact_email",
    "expires_days": "expires_days",
    "basis": "basis",
    "adjustment_books": "adjustment_books",
    "reports": "reports",
}
NEEDED = {
    "borrower_name": "--borrower",
    "borrower_email": "--email",
    "date_from": "--from",
    "date_to": "--to",
}


def request_told(options: Mapping[str, Any]) -> dict[str, Any]:
    """The request as `collection_invite` takes it. Raises CommandError for what does not go together and for
    what nobody says."""
    if options["refresh"] and options["template"]:
        raise CommandError(
            "Give --refresh or --template: a refresh keeps the template that its request began with."
        )
    if options["refresh"]:
        request = _again(collection_called(options["refresh"]), options)
    elif not options["lender"]:
        raise CommandError("Give --lender, the slug of the lender that asks.")
    else:
        request = {"lender": lender_called(options["lender"])}
    if options["template"]:
        request |= _templated(request["lender"], options["template"])
    request |= {name: options[option] for name, option in OPTIONS.items() if options[option] is not None}
    if options["documents"]:
        request["documents"] = wanted_documents(options["documents"])
    if options["other_documents"]:
        request["allows_other_documents"] = True
    _require_all(request)
    return request


def _again(earlier: Collection, options: Mapping[str, Any]) -> dict[str, Any]:
    if options["lender"] and lender_called(options["lender"]) != earlier.lender:
        raise CommandError(f"Request {earlier.reference} belongs to another lender.")
    if options["borrower"]:
        raise CommandError("Leave --borrower out: a refresh goes to the same borrower.")
    refusal = refreshing.why_not(earlier)
    if refusal:
        raise CommandError(f"{earlier.reference} cannot be refreshed. {refusal}")
    return refreshing.request_again(earlier) | {"lender": earlier.lender, "refreshes": earlier}


def _templated(lender: Lender, name: str) -> dict[str, Any]:
    template = request_template_called(lender, name)
    answers = template.answers()
    return answers | {"template": template, "documents": wanted_documents(answers["documents"].splitlines())}


def _require_all(request: Mapping[str, Any]) -> None:
    lacking = [option for name, option in NEEDED.items() if name not in request]
    if not lacking:
        return
    why = ""
    if request.get("refreshes"):
        why = f"No month has ended since the period of {request['refreshes'].reference}. "
    elif request.get("template"):
        why = "The template does not say it all. "
    raise CommandError(f"{why}Give {' and '.join(lacking)}.")
