"""The record of a collection in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collections_app.admin.moments import moment
from collections_app.admin.standing import PROBLEM_WORDS
from collections_app.models import Collection, Event, Run

SENTENCES = {
    "collection.invited": "Asked for the reports, with a link for {expires_days} days.",
    "collection.started": "The borrower began.",
    "collection.collecting": "Connect was pressed: the collection began.",
    "collection.submitted": "The collection is complete.",
    "collection.withdrawn": "Withdrew the request; its links no longer work.",
    "link.issued": "Made a new link for {expires_days} days; earlier links no longer work.",
    "link.opened": "Opened the link.",
    "invitation.mailed": "Mailed the link to {to}.",
    "invitation.mail_failed": "The mail with the link could not be sent ({why}).",
    "lender.mail_failed": "A mail to the lender's contact could not be sent ({why}).",
    "system.chosen": "Chose the accounting system.",
    "system.unlisted": "Said that the books are in a system that is not listed.",
    "consent.given": "Agreed to what is shared.",
    "connection.confirmed": "Confirmed the connection to Sage Intacct.",
    "permission_type.chosen": "Chose the type of permissions.",
    "credentials.saved": "Gave the sign-in of company {company}, user {user}.",
    "credentials.destroyed": "Destroyed the password ({why}).",
    "scope.chosen": "Chose what the reports are about: {name}.",
    "categories.assigned": "Assigned categories to {accounts}.",
    "run.queued": "{run}: planned, parts: {units}.",
    "run.running": "{run}: under way.",
    "run.waiting": "{run}: waits, because {problem}.",
    "run.needs_borrower": "{run}: stopped until the borrower acts, because {problem}.",
    "run.needs_operator": "{run}: stopped until the operator acts, because {problem}.",
    "run.done": "{run}: done.",
    "run.cancelled": "{run}: cancelled.",
    "reports.exported": "Exported the reports: {files}.",
    "report.downloaded": "Downloaded {file}.",
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: str
    actor: str
    sentence: str


def entries(collection: Collection, events: Iterable[Event]) -> list[Entry]:
    """The events in words, in the order given, in the lender's zone."""
    return [Entry(moment(event.at, collection.lender), _actor(event), sentence(event)) for event in events]


def sentence(event: Event) -> str:
    """What happened; the bare name of the action for one that has no words here."""
    return SENTENCES.get(event.action, event.action).format_map(_Words(_readable(event.data)))


class _Words(dict[str, str]):
    """Values for a sentence; what an event did not record is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


def _readable(data: Mapping[str, Any]) -> dict[str, str]:
    words = {name: str(value) for name, value in data.items()}
    if data.get("run") in Run.Kind.values:
        words["run"] = Run.Kind(data["run"]).label
    if "problem" in data:
        words["problem"] = PROBLEM_WORDS.get(data["problem"], data["problem"])
    if "accounts" in data:
        accounts = data["accounts"]
        words["accounts"] = "1 account" if len(accounts) == 1 else f"{len(accounts)} accounts"
    if "files" in data:
        words["files"] = ", ".join(data["files"])
    return words


def _actor(event: Event) -> str:
    kind = Event.Actor(event.actor_kind).label
    return f"{event.actor} ({kind.lower()})" if event.actor else kind
