"""The API for lenders' own systems: list, status, statements, files, and making a request.

Its description for programs is at /api/v1/openapi.json; docs/api.md is for people.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Query, Schema, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unfit
from ninja.security import HttpBearer

from collections_app import data_keys
from collections_app.downloads import document_download, download
from collections_app.models import ApiKey, Collection
from collections_app.rate_limit import API_GUESSES
from collections_app.services import looking
from collections_app.services.api_keys import key_find, who
from collections_app.services.invitations import collection_invite
from portal import access

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
    told = "Send a key that is good as “Authorization: Bearer KEY”. The operator makes one with createapikey."
    return api.create_response(request, {"detail": told}, status=401)


@api.exception_handler(Unfit)
def not_understood(request: HttpRequest, error: Unfit) -> HttpResponse:
    """Each field that does not fit, by its name."""
    faults = [f"{each['loc'][-1]}: {each['msg']}" for each in error.errors]
    return api.create_response(request, {"detail": f"{'; '.join(faults)}."}, status=422)


class StatusOut(Schema):
    """Where a request stands."""

    reference: str
    lender_reference: str
    borrower: str
    status: str
    date_from: date = Field(alias="from")
    date_to: date = Field(alias="to")
    created_at: datetime
    submitted_at: datetime | None
    shared_at: datetime | None
    erased: bool


class FileOut(Schema):
    """A file that can be downloaded."""

    name: str
    kind: str
    size: int
    sha256: str
    url: str


class DetailOut(StatusOut):
    """A request with its files; there are none before the borrower has shared them."""

    files: list[FileOut]


class ListOut(Schema):
    """A page of requests, newest first; `next` is the address of the next page, if there is one."""

    collections: list[StatusOut]
    next: str | None


class RequestIn(Schema):
    """A request to a borrower. The link is mailed unless `send_mail` is false; it is answered once, here."""

    borrower: str = Field(max_length=200)
    email: str = Field(max_length=254)
    date_from: date = Field(alias="from")
    date_to: date = Field(alias="to")
    lender_reference: str = Field(default="", max_length=100)
    purpose: str = Field(default="", max_length=300)
    expires_days: int | None = None
    reports: list[str] = Field(default=[], max_length=50)
    send_mail: bool = True


class RequestOut(Schema):
    """The new request and its secure link."""

    reference: str
    link: str


class Problem(Schema):
    """What was wrong, in one sentence."""

    detail: str


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
    """The request and, once it was shared, its files."""
    collection = _one(request, reference, ApiKey.Scope.READ)
    looking.request_view(collection=collection, by=who(_key(request)))
    return _status(collection) | {"files": _files(collection)}


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


@api.post("/collections", response={201: RequestOut, 422: Problem}, summary="Make a request")
def create(request: HttpRequest, wanted: RequestIn) -> Status[dict[str, Any]]:
    """A new request to a borrower, as the lender's desk makes it."""
    key = _require(request, ApiKey.Scope.CREATE)
    values = wanted.model_dump(by_alias=False)
    try:
        invitation = collection_invite(
            lender=key.lender,
            by=who(key),
            borrower_name=values.pop("borrower"),
            borrower_email=values.pop("email"),
            **values,
        )
    except ValidationError as refusal:
        return Status(422, {"detail": " ".join(refusal.messages)})
    return Status(201, {"reference": invitation.collection.reference, "link": invitation.url})


def _key(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def _require(request: HttpRequest, scope: str) -> ApiKey:
    key = _key(request)
    if scope not in key.scopes:
        raise HttpError(403, f"This key has no scope “{scope}”.")
    return key


def _collections(request: HttpRequest, scope: str) -> QuerySet[Collection]:
    """The requests that this key may see: those of its own lender. The one place that says so."""
    key = _require(request, scope)
    return Collection.objects.filter(lender=key.lender).select_related("lender", "data_key")


def _one(request: HttpRequest, reference: str, scope: str) -> Collection:
    found = _collections(request, scope).filter(reference=reference.upper()).first()
    if found is None:
        raise HttpError(404, "There is no such request.")
    return found


def _shared(request: HttpRequest, reference: str) -> Collection:
    """A request whose files the lender may read: as at the desk, once it was submitted."""
    collection = _one(request, reference, ApiKey.Scope.FILES)
    if collection.status != Collection.Status.SUBMITTED or data_keys.destroyed(collection.pk):
        raise HttpError(404, "This request has no files, or none any more.")
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
