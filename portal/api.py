"""The API for lenders' own systems: list, status, statements, files, making a request and refreshing one.

Its description for programs is at /api/v1/openapi.json; docs/api.md is for people.
"""

from collections.abc import Callable
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unfit
from ninja.security import HttpBearer

from collections_app import data_keys, readiness, selectors
from collections_app.downloads import Replaced, document_download, download
from collections_app.models import ApiKey, Collection, Lender
from collections_app.rate_limit import API_GUESSES
from collections_app.services import looking, refreshing
from collections_app.services.api_keys import key_find, who
from collections_app.services.asking import (
    CollectionRequest,
    begun_with,
    request_of,
    template_called,
    usual_template,
)
from collections_app.services.repeating import Sending, invite_once, is_being_mailed, was_mailed
from portal import access
from portal.api_schemas import (
    KEY_HEADER,
    MADE,
    OUTER_NAMES,
    DetailOut,
    IdempotencyKey,
    ListOut,
    RefreshIn,
    RequestIn,
)

MOST_LISTED = 200
STATEMENTS = "statements.json"


class Key(HttpBearer):
    """`Authorization: Bearer KEY`. Who guesses keys is stopped after a while."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        if settings.SERVED_OVER_HTTPS and not request.is_secure():
            raise HttpError(403, "Call this address by https, and replace the key: it was sent in the open.")
        caller = access.caller(request)
        if API_GUESSES.reached(caller):
            raise HttpError(429, "Too many keys that do not exist were tried. Try again in ten minutes.")
        key = key_find(token)
        if key is None:
            API_GUESSES.count_failure(caller)
        return key


api = NinjaAPI(
    title="Strongbox",
    version="1",
    description="For a lender's own systems. A key sees the requests of its lender and nothing else.",
    auth=Key(),
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(AuthenticationError)
def not_let_in(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """No key, or one that is no good."""
    told = "Send a key that is good as “Authorization: Bearer KEY”. A manager makes one at the desk."
    return api.create_response(request, {"detail": told}, status=401)


@api.exception_handler(Unfit)
def not_understood(request: HttpRequest, error: Unfit) -> HttpResponse:
    """Each field that does not fit, by its name."""
    faults = [_fault(each) for each in error.errors]
    return api.create_response(request, {"detail": f"{'; '.join(faults)}."}, status=422)


def _fault(error: dict[str, Any]) -> str:
    where, *place = error["loc"]
    if where == "body":
        # The first is the parameter of the view, whose name means nothing outside.
        del place[0]
        if not place:
            return "Send a JSON object with the fields of the request"
    name = ".".join(str(part) for part in place)
    if name == KEY_HEADER:
        return f"{KEY_HEADER}: send 1 to 200 characters of your own, or leave the header out"
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such field, so nothing was made"
    return f"{name}: {error['msg']}"


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """In our words, also where the body could not be read at all."""
    told = "The body is not JSON." if error.status_code == 400 else str(error)
    return api.create_response(request, {"detail": told}, status=error.status_code)


@api.exception_handler(Replaced)
def replaced(request: HttpRequest, error: Replaced) -> HttpResponse:
    """A file that was there when it was asked for."""
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.get("/collections", response=ListOut, by_alias=True, summary="List requests, newest first")
def list_collections(
    request: HttpRequest,
    status: str = "",
    before: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
) -> dict[str, Any]:
    """`status` and `limit` narrow the list; follow `next` for more."""
    found = _collections(request, ApiKey.Scope.READ)
    looking.page_view(about="page:api_collections", by=who(_key(request)))
    if status:
        if status not in Collection.Status.values:
            raise HttpError(422, f"status: choose from {', '.join(Collection.Status.values)}.")
        found = found.filter(status=status)
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: limit + 1])
    told: dict[str, Any] = {"collections": [_status(each) for each in rows[:limit]], "next": None}
    if len(rows) > limit:
        query = f"before={rows[limit - 1].pk}&limit={limit}" + (f"&status={status}" if status else "")
        told["next"] = f"{settings.BASE_URL}/api/v1/collections?{query}"
    return told


@api.get("/collections/{reference}", response=DetailOut, by_alias=True, summary="Where one request stands")
def one_collection(request: HttpRequest, reference: str) -> dict[str, Any]:
    """The request and, once it was shared, its files; none while its reports are rebuilt."""
    collection = _one(request, reference, ApiKey.Scope.READ)
    looking.request_view(collection=collection, by=who(_key(request)))
    rebuilding = readiness.is_being_rebuilt(collection)
    return _status(collection) | {
        "rebuilding": rebuilding,
        "files": [] if rebuilding else _files(collection),
    }


@api.get("/collections/{reference}/statements.json", summary="The statements")
def statements(request: HttpRequest, reference: str) -> FileResponse:
    """The machine's copy of the reports; docs/statements.md says what is in it. The download is recorded."""
    return _download(request, reference, STATEMENTS)


@api.get("/collections/{reference}/files/{name}", summary="A report file")
def report_file(request: HttpRequest, reference: str, name: str) -> FileResponse:
    """A report by its name, such as report.xlsx. The download is recorded."""
    return _download(request, reference, name)


@api.get("/collections/{reference}/documents/{key}", summary="An uploaded document")
def document(request: HttpRequest, reference: str, key: str) -> FileResponse:
    """A document that the borrower uploaded. The download is recorded."""
    collection = _shared(request, reference)
    kept = collection.documents.filter(key=key).first()
    if kept is None:
        raise HttpError(404, "There is no such document.")
    return document_download(kept, by=who(_key(request)))


@api.post("/collections", response=MADE, summary="Make a request")
def create(
    request: HttpRequest, wanted: RequestIn, idempotency_key: IdempotencyKey = ""
) -> Status[dict[str, Any]]:
    """A new request to a borrower, as the lender's desk makes it; sent again with the same Idempotency-Key,
    the one that was made before. It begins with a request template of the lender.
    """
    key = _require(request, ApiKey.Scope.CREATE)
    return _made(request, idempotency_key, lambda: _asked(key.lender, wanted), send_mail=wanted.send_mail)


@api.post(
    "/collections/{reference}/refresh",
    response=MADE,
    summary="Ask the same borrower again for a new period",
)
def refresh(
    request: HttpRequest,
    reference: str,
    wanted: RefreshIn | None = None,
    idempotency_key: IdempotencyKey = "",
) -> Status[dict[str, Any]]:
    """A new request like a complete one, by a new link that remembers what was answered; sent again with the
    same Idempotency-Key, the one that was made before.
    """
    earlier = _one(request, reference, ApiKey.Scope.CREATE)
    said = wanted or RefreshIn()
    return _made(request, idempotency_key, lambda: _asked_again(earlier, said), send_mail=said.send_mail)


def _made(
    request: HttpRequest, idempotency_key: str, asked: Callable[[], CollectionRequest], *, send_mail: bool
) -> Status[dict[str, Any]]:
    key = _key(request)
    sent = Sending(key.lender, idempotency_key, f"{request.path}\n".encode() + request.body)
    try:
        made = invite_once(sent, asked, by=who(key), send_mail=send_mail)
    except ValidationError as refusal:
        return Status(422, {"detail": _in_words(refusal)})
    if isinstance(made, Collection):
        looking.request_view(collection=made, by=who(key))
        mailed = None if send_mail and is_being_mailed(made) else was_mailed(made)
        return Status(200, {"reference": made.reference, "mailed": mailed})
    new = made.collection
    return Status(201, {"reference": new.reference, "link": made.url, "mailed": was_mailed(new)})


def _asked(lender: Lender, wanted: RequestIn) -> CollectionRequest:
    """What is sent goes before what the template says. Raises ValidationError."""
    if wanted.template is None:
        template = usual_template(lender)
    else:
        template = template_called(lender, wanted.template) if wanted.template else None
    begun = begun_with(template) if template else {}
    return request_of(begun | wanted.answers() | {"lender": lender}, OUTER_NAMES)


def _asked_again(earlier: Collection, wanted: RefreshIn) -> CollectionRequest:
    """Raises ValidationError when it cannot be refreshed, and when nobody says for which period."""
    refusal = refreshing.why_not(earlier)
    if refusal:
        raise ValidationError(refusal)
    told = {
        "date_from": wanted.date_from,
        "date_to": wanted.date_to,
        "borrower_email": wanted.email,
        "expires_days": wanted.expires_days,
    }
    said = {name: value for name, value in told.items() if value not in (None, "")}
    return request_of(refreshing.request_again(earlier) | said, OUTER_NAMES)


def _in_words(refusal: ValidationError) -> str:
    """Each reason, behind the name of its field where it has one."""
    by_field = getattr(refusal, "error_dict", None)
    if by_field is None:
        return " ".join(refusal.messages)
    told = [(name, message) for name, reasons in by_field.items() for each in reasons for message in each]
    return " ".join(
        message if name == NON_FIELD_ERRORS else f"{OUTER_NAMES.get(name, name)}: {message}"
        for name, message in told
    )


def _key(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def _require(request: HttpRequest, scope: str) -> ApiKey:
    key = _key(request)
    if scope not in key.scopes:
        raise HttpError(403, f"This key has no scope “{scope}”.")
    return key


def _collections(request: HttpRequest, scope: str) -> QuerySet[Collection]:
    """The requests that this key may see, for one that has this scope."""
    key = _require(request, scope)
    return selectors.collections_of(key.lender_id).select_related("data_key")


def _one(request: HttpRequest, reference: str, scope: str) -> Collection:
    found = _collections(request, scope).filter(reference=reference.upper()).first()
    if found is None:
        raise HttpError(404, "There is no such request.")
    return found


def _shared(request: HttpRequest, reference: str) -> Collection:
    """A request whose files the lender may read: once it was submitted.

    Not while its reports are rebuilt, where a person at the desk sees that they are: a system would keep what
    lacks the borrower's words, or some of the earlier files beside some of the new ones.
    """
    collection = _one(request, reference, ApiKey.Scope.FILES)
    if collection.status != Collection.Status.SUBMITTED or data_keys.destroyed(collection.pk):
        raise HttpError(404, "This request has no files, or none any more.")
    if readiness.is_being_rebuilt(collection):
        raise HttpError(409, "The reports of this request are being rebuilt just now. Ask again later.")
    return collection


def _download(request: HttpRequest, reference: str, name: str) -> FileResponse:
    collection = _shared(request, reference)
    file = collection.files.filter(name=name).first()
    if file is None:
        raise HttpError(404, "There is no such file.")
    return download(file, by=who(_key(request)))


def _status(collection: Collection) -> dict[str, Any]:
    return {
        "reference": collection.reference,
        "lender_reference": collection.lender_reference,
        "borrower": collection.borrower_name,
        "status": collection.status,
        "from": collection.date_from,
        "to": collection.date_to,
        "created_at": collection.created_at,
        "submitted_at": collection.submitted_at,
        "shared_at": collection.shared_at,
        "erased": collection.data_key.wrapped is None,
    }


def _files(collection: Collection) -> list[dict[str, Any]]:
    if collection.status != Collection.Status.SUBMITTED or data_keys.destroyed(collection.pk):
        return []
    base = f"{settings.BASE_URL}/api/v1/collections/{collection.reference}"
    reports = [
        {"name": each.name, "kind": "report", "size": each.size, "sha256": each.sha256,
         "url": f"{base}/files/{each.name}"}
        for each in collection.files.all()
    ]  # fmt: skip
    documents = [
        {"name": each.name, "kind": "document", "size": each.size, "sha256": each.sha256,
         "url": f"{base}/documents/{each.key}"}
        for each in collection.documents.all()
    ]  # fmt: skip
    return reports + documents
