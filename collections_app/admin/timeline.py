"""The record of a collection in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collections_app.admin.moments import moment
from collections_app.admin.standing import PROBLEM_WORDS
from collections_app.models import Collection, Event, Lender, Notice, Run

SENTENCES = {
    "collection.invited": "Asked for the reports, with a link for {expires_days} days.",
    "collection.started": "The borrower began.",
    "collection.collecting": "Connect was pressed: the collection began.",
    "collection.submitted": "The collection is complete.",
    "collection.withdrawn": "Withdrew the request; its links no longer work.{because}",
    "collection.refreshed": "Asked again for a new period: {reference}.",
    "refresh.made": "It refreshes {of} for a new period.",
    "answers.remembered": "It began with what the borrower answered in {of}: {answers}.",
    "collection.viewed": "Looked at the page of the reports.",
    "request.viewed": "Looked at the request, without figures.",
    "link.issued": "Made a new link for {expires_days} days; earlier links no longer work.",
    "borrower.readdressed": "Changed the borrower's e-mail from {was} to {to}.",
    "link.extended": "Had the same link work for at least {days} days from then on.",
    "link.opened": "Opened the link (opening {number}).",
    "link.revoked": "Switched the link off.",
    "link.asked": "Asked for a new link, because the link was {state}.",
    "code.mailed": "Asked for the code; it was mailed to {to}.",
    "code.mail_failed": "The mail with the code could not be sent ({why}).",
    "code.refused": "Entered a wrong code (try {number}).",
    "code.accepted": "Entered the right code.",
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
    "categories.assigned": "Assigned categories to {accounts}.{as_last_time}",
    "set_up.link_issued": "Made a set-up link for a colleague.",
    "set_up.link_opened": "Opened the set-up link.",
    "set_up.link_revoked": "Withdrew the set-up link.",
    "set_up.mailed": "Had the set-up link mailed to {to}.",
    "set_up.mail_failed": "The mail with the set-up link could not be sent ({why}).",
    "run.queued": "{run}: planned, parts: {units}.",
    "run.running": "{run}: under way.",
    "run.waiting": "{run}: waits, because {problem}.",
    "run.needs_borrower": "{run}: stopped until the borrower acts, because {problem}.",
    "run.needs_operator": "{run}: stopped until the operator acts, because {problem}.",
    "run.done": "{run}: done.",
    "run.cancelled": "{run}: cancelled.",
    "run.retried": "{run}: tried again at once.",
    "permissions.mended": "Said that it was mended in Sage Intacct, and went on.",
    "notice.mailed": "Told by mail: {notice}.",
    "notice.mail_failed": "A mail could not be sent ({why}); it is tried again.",
    "notice.given_up": "A mail was given up, because the mail server refused it for a day or put it off for "
    "three: {notice}.",
    "notice.dropped": "A mail that could not be sent in time is no longer sent: {notice}.",
    "categories.downloaded": "Downloaded the file for mending the categories in Sage Intacct.",
    "reports.rebuild_asked": "Asked for the reports to be rebuilt with {template}.",
    "reports.exported": "Exported the reports: {files}.",
    "report.downloaded": "Downloaded {file}.",
    "checks.explained": "Explained what the checks found.",
    "reports.attested": "Attested the reports: {name}, {title}.",
    "document.added": "Uploaded a document: {request}.",
    "document.replaced": "Replaced a document: {request}.",
    "document.removed": "Removed a document: {request}.",
    "document.downloaded": "Downloaded the document {file}.",
    "figures.granted": "Let the operator {to} see what was shared for {hours} hours.{because}",
    "figures.grant_ended": "Ended the access of the operator {to}.",
    "collection.returned": "Returned it for correction.",
    "review.noted": "Wrote a note among the lender's people.",
    "review.asked": "Asked the borrower a question.",
    "review.answered": "Answered {number} of the lender's questions.",
    "review.documents_asked": "Asked for more documents: {names}.",
    "review.accept": "Accepted it.",
    "review.decline": "Declined it.",
    "review.accept_proposed": "Proposed to accept it; somebody else must agree.",
    "review.decline_proposed": "Proposed to decline it; somebody else must agree.",
    "credit_file.exported": "Exported the credit file.",
    "borrower.reminded": "Reminded the borrower by mail.",
    "desk.added": "Added {name} at the desk.",
    "desk.changed": "{change}",
    "desk.deleted": "Deleted {name} at the desk.",
    "desk.viewed": "Looked at {name}.",
    "user.signed_in": "Signed in.",
    "user.signed_out": "Signed out.",
    "user.password_accepted": "Gave the right password; the code was still to come.",
    "user.code_refused": "Gave a wrong code.",
    "user.refused": "A sign-in with this name was refused.",
    "operator.made": "Was made an operator, with a command.",
    "api_key.created": "Made the API key {name}, which may {scopes}.",
    "api_key.replaced": "Replaced the API key {name}; the earlier one works until {until}.",
    "api_key.revoked": "Switched off the API key {name}.",
    "webhook.created": "Made {name}.",
    "webhook.stopped": "Stopped {name}.",
    "webhook.replayed": "Had {name} told again, times: {deliveries}.",
    "lender.created": "Made the lender, with a command.",
    "lender.terms_set": "Set the terms, with a command.",
    "mapping.imported": "Stored the layout {template}, with a command.",
    "staff.created": "Made this member with the role {role}, with a command.",
    "backup.made": "Made a backup.",
    "backup.restored": "Put back the backup of {made_at}.",
    "vault.rotated": "Moved all keys to the newest one of the vault.",
    "exchange.shown": "Looked at an exchange with the gateway, secrets masked.",
    "support.bundled": "Made a support bundle, without figures and names.",
    "collection.erased": "Erased what was collected: its key was destroyed.",
}

# The answers that a refreshed request begins with: see services.refreshing.
REMEMBERED = {
    "accounting_system": "accounting system",
    "permission_type": "type of permissions",
    "own_basis": "basis of its own statements",
    "set_up": "ticks of the set-up",
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: str
    actor: str
    sentence: str


def entries(collection: Collection, events: Iterable[Event]) -> list[Entry]:
    """The events in words, in the order given, in the lender's zone."""
    return [Entry(moment(event.at, collection.lender), actor_of(event), sentence(event)) for event in events]


def sentence(event: Event) -> str:
    """What happened; the bare name of the action for one that has no words here."""
    return in_words(event.action, event.data_still_kept())


def in_words(action: str, data: Mapping[str, Any]) -> str:
    """The sentence for data that was read already."""
    return SENTENCES.get(action, action).format_map(_Words(_readable(data)))


class _Words(dict[str, str]):
    """Values for a sentence; what an event did not record is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


def _readable(data: Mapping[str, Any]) -> dict[str, str]:
    words = {name: str(value) for name, value in data.items()}
    words.setdefault("name", "this")
    if "scopes" in data:
        words["scopes"] = ", ".join(data["scopes"])
    if "until" in data:
        words["until"] = moment(datetime.fromisoformat(data["until"]), Lender(time_zone="UTC"))
    words["because"] = f" The reason given: {data['reason']}" if "reason" in data else ""
    if data.get("run") in Run.Kind.values:
        words["run"] = Run.Kind(data["run"]).label
    if "problem" in data:
        words["problem"] = PROBLEM_WORDS.get(data["problem"], data["problem"])
    if data.get("notice") in Notice.Kind.values:
        words["notice"] = Notice.Kind(data["notice"]).label.lower()
    if "accounts" in data:
        accounts = data["accounts"]
        words["accounts"] = "1 account" if len(accounts) == 1 else f"{len(accounts)} accounts"
    as_before = len(data.get("as_last_time", ()))
    words["as_last_time"] = f" {as_before} as last time." if as_before else ""
    if "answers" in data:
        words["answers"] = ", ".join(REMEMBERED.get(name, name) for name in data["answers"]) or "nothing"
    if "files" in data:
        words["files"] = ", ".join(data["files"])
    return words


def actor_of(event: Event) -> str:
    kind = Event.Actor(event.actor_kind).label
    return f"{event.actor} ({kind.lower()})" if event.actor else kind
