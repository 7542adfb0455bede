"""What lenders' own systems send to the API and what it answers; docs/api.md is for people."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Header, Schema
from pydantic import ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from collections_app.services.document_requests import WantedDocument


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
    """A request with its files; there are none before the borrower has shared them, and none while its
    reports are rebuilt.
    """

    rebuilding: bool
    files: list[FileOut]


class ListOut(Schema):
    """A page of requests, newest first; `next` is the address of the next page, if there is one."""

    collections: list[StatusOut]
    next: str | None


ShortText = Annotated[str, Field(max_length=100)]

# What the fields are called outside where `asking.CollectionRequest` calls them otherwise.
OUTER_NAMES = {
    "borrower_name": "borrower",
    "borrower_email": "email",
    "date_from": "from",
    "date_to": "to",
    "allows_other_documents": "other_documents",
}


class Asking(Schema):
    """What a system asks for. A field that there is not is refused: misspelled, it would mail a borrower
    what nobody meant.
    """

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def without_null_characters(cls, value: Any) -> Any:
        """PostgreSQL keeps none in a text."""
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and "\0" in text:
                raise PydanticCustomError("null_character", "there is a null character in it, take it out")
        return value


class DocumentIn(Asking):
    """A document to ask the borrower for."""

    name: str = Field(description="What it is called, without a colon. Each name once.")
    explanation: str = Field(default="", description="A sentence about it, which the borrower reads.")
    required: bool = Field(default=True, description="Whether the borrower must upload it.")

    def wanted(self) -> WantedDocument:
        """As the services take it."""
        return WantedDocument(" ".join(self.name.split()), " ".join(self.explanation.split()), self.required)


class RequestIn(Asking):
    """A request to a borrower. What is left out, or null, is as the request template says, and as usual where
    that says nothing. The link is mailed unless `send_mail` is false; it is answered once, here.
    """

    borrower: str = Field(max_length=200, description="The borrower's name.")
    email: str = Field(max_length=254, description="Where the link is sent.")
    template: ShortText | None = Field(
        default=None,
        description="The request template to begin with, by its name. Left out: the usual one. Empty: none.",
    )
    date_from: date | None = Field(
        default=None,
        alias="from",
        description="The first day of the period. It may be left out where the template has a rule for it.",
    )
    date_to: date | None = Field(
        default=None, alias="to", description="The last day of the period, included; as with `from`."
    )
    lender_reference: ShortText | None = Field(
        default=None, description="Your own number for this request. The borrower sees it too."
    )
    purpose: str | None = Field(
        default=None, max_length=300, description="Why you ask, in one sentence that the borrower reads."
    )
    contact_name: str | None = Field(
        default=None,
        max_length=200,
        description="Whom the borrower asks; with telephone or e-mail. Left out: your institution's contact.",
    )
    contact_phone: str | None = Field(
        default=None, max_length=40, description="The telephone of that contact."
    )
    contact_email: str | None = Field(
        default=None, max_length=254, description="The e-mail address of that contact."
    )
    expires_days: int | None = Field(
        default=None, description="How many days the link works. Left out: your usual number."
    )
    basis: str | None = Field(
        default=None, description="`accrual` or `cash`. Empty: the company's own default book."
    )
    adjustment_books: list[ShortText] | None = Field(
        default=None, max_length=50, description="IDs of adjustment books to include."
    )
    reports: list[ShortText] | None = Field(
        default=None, max_length=50, description="Names of the reports. Empty: all of them."
    )
    documents: list[DocumentIn] | None = Field(
        default=None, description="Documents to ask for by name, at most 20. Empty: none."
    )
    other_documents: bool | None = Field(
        default=None, description="Whether the borrower may upload documents that were not asked for by name."
    )
    send_mail: bool = Field(default=True, description="Whether the link is mailed to the borrower.")

    def answers(self) -> dict[str, Any]:
        """What was said, by the names of `asking.CollectionRequest`."""
        inner_names = {outer: inner for inner, outer in OUTER_NAMES.items()}
        told = self.model_dump(exclude_none=True, exclude={"template", "send_mail", "documents"})
        said = {inner_names.get(name, name): value for name, value in told.items()}
        if self.documents is not None:
            said["documents"] = [each.wanted() for each in self.documents]
        return said


class RefreshIn(Asking):
    """The same borrower once more. What is left out is as in the request that is refreshed; the period is the
    one that follows it.
    """

    date_from: date | None = Field(
        default=None, alias="from", description="The first day, if not that of the period that follows."
    )
    date_to: date | None = Field(
        default=None, alias="to", description="The last day, if not that of the period that follows."
    )
    email: str = Field(default="", max_length=254, description="Another address to send the link to.")
    expires_days: int | None = Field(
        default=None, description="How many days the link works. Left out: your usual number."
    )
    send_mail: bool = Field(default=True, description="Whether the link is mailed to the borrower.")


class RequestOut(Schema):
    """The new request, its secure link, and whether the mail server took the invitation."""

    reference: str
    link: str
    mailed: bool


class RepeatedOut(Schema):
    """What was made when the same was sent before. Its link was answered then, and is kept nowhere; where it
    was not mailed either, the borrower has none.
    """

    reference: str
    link: None = None
    mailed: bool | None = Field(
        description="Whether the mail server took the invitation. Null: it is not known yet, ask again later."
    )


class Problem(Schema):
    """What was wrong, in one sentence."""

    detail: str


# What an answer to a request that makes something is; 200 when it was made before.
MADE = {201: RequestOut, 200: RepeatedOut, 422: Problem}
KEY_HEADER = "Idempotency-Key"
IdempotencyKey = Annotated[
    str,
    Header(
        alias=KEY_HEADER,
        min_length=1,
        max_length=200,
        description="A text of your own for this one request, such as a UUID: it is then made once.",
    ),
]
