"""What `invite` was told, put together with what a template or an earlier request says."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from collections_app.management.arguments import collection_called, lender_called, refusals_in_words
from collections_app.models import Collection
from collections_app.services import refreshing
from collections_app.services.asking import CollectionRequest, begun_with, request_of, template_called
from collections_app.services.document_requests import wanted_documents

# The options by the names of `CollectionRequest`.
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


def request_told(options: Mapping[str, Any]) -> CollectionRequest:
    """Raises CommandError for what does not go together and for what nobody says."""
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
        with refusals_in_words():
            request |= begun_with(template_called(request["lender"], options["template"]))
    request |= {name: options[option] for name, option in OPTIONS.items() if options[option] is not None}
    if options["documents"]:
        request["documents"] = wanted_documents(options["documents"])
    if options["other_documents"]:
        request["allows_other_documents"] = True
    with refusals_in_words():
        return request_of(request, NEEDED)


def _again(earlier: Collection, options: Mapping[str, Any]) -> dict[str, Any]:
    if options["lender"] and lender_called(options["lender"]) != earlier.lender:
        raise CommandError(f"Request {earlier.reference} belongs to another lender.")
    if options["borrower"]:
        raise CommandError("Leave --borrower out: a refresh goes to the same borrower.")
    refusal = refreshing.why_not(earlier)
    if refusal:
        raise CommandError(f"{earlier.reference} cannot be refreshed. {refusal}")
    return refreshing.request_again(earlier)
