"""What the page of one collection shows. Nothing here reads a secret: the sealed columns are never loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from collections_app import data_keys, links, readiness, selectors
from collections_app.admin import once
from collections_app.admin.access import Desk
from collections_app.admin.checks import checks_of
from collections_app.admin.documents import documents_on_desk
from collections_app.admin.moments import moment, period
from collections_app.admin.refreshes import refresh_context
from collections_app.admin.review import NOTHING_TO_REVIEW, review_context
from collections_app.admin.standing import standing_of
from collections_app.admin.timeline import entries
from collections_app.contacts import contact_of
from collections_app.data_keys import KeyUnavailable
from collections_app.desk_views import desk_view
from collections_app.documents import shared_files
from collections_app.models import Attestation, Collection, Connection, Link, MappingTemplate, Run, WorkUnit
from collections_app.reports.consistency import BooksRefused
from collections_app.reports.desk.page import PAGE, trial_balance_key
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import reminding
from collections_app.stored_tables import GENERAL_LEDGER
from collections_app.table_names import TABLE_NAMES

if TYPE_CHECKING:
    from collections_app.admin.standing import StandingCollection

Facts = list[tuple[str, str]]
NOT_YET = "Not yet"
ERASED = "Erased"


@dataclass(frozen=True)
class UnitFacts:
    """One part of a run, for its table."""

    part: str
    done: str
    rows: str


@dataclass(frozen=True)
class RunFacts:
    """One run, for its table."""

    title: str
    status: str
    problem: str
    begun: str
    finished: str
    rows: int
    done: int
    units: tuple[UnitFacts, ...]


def page_context(collection: StandingCollection, desk: Desk, month: str) -> dict[str, Any]:
    """Everything on the page; `month` is the label of the trial balance's month, empty for the last."""
    connection = Connection.objects.defer("secret", "session").filter(collection=collection).first()
    link = collection.links.order_by("-pk").first()
    is_erased = data_keys.destroyed(collection.pk)
    takes_a_link = collection.status != Collection.Status.WITHDRAWN and not is_erased
    return {
        "collection": collection,
        "standing": standing_of(collection),
        "request_facts": _request_facts(collection),
        "consent_facts": _consent_facts(collection),
        "connection_facts": _connection_facts(collection, connection),
        "link_facts": _link_facts(collection, link),
        "runs": [_run_facts(run, collection, desk) for run in collection.runs.prefetch_related("units")],
        "timeline": entries(collection, collection.events.all()),
        "may_relink": desk.may_manage and takes_a_link,
        "may_revoke": desk.may_manage and link is not None and link.revoked_at is None,
        "may_withdraw": desk.may_manage and may_be_withdrawn(collection),
        "layouts": None if is_erased else _layouts(collection, desk),
        **refresh_context(collection, desk),
        "form_key": once.form_key(),
        "may_remind": desk.may_review and not reminding.why_not(collection),
        "may_read_figures": desk.may_read_figures(collection),
        **(
            _shared(collection, desk, month, is_erased=is_erased) if desk.may_read_figures(collection) else {}
        ),
    }


def _shared(collection: StandingCollection, desk: Desk, month: str, *, is_erased: bool) -> dict[str, Any]:
    """What the borrower shared, and what the lender makes of it."""
    return {
        # First, because a verdict is for what the page shows: what comes while it is made is not yet seen.
        **(NOTHING_TO_REVIEW if is_erased else review_context(collection, desk)),
        "files": [] if is_erased else shared_files(collection),
        "documents": documents_on_desk(collection),
        "may_export": not is_erased,
        **_statements(collection, month),
    }


def may_be_withdrawn(collection: Collection) -> bool:
    return collection.status not in (Collection.Status.SUBMITTED, Collection.Status.WITHDRAWN)


def _layouts(collection: Collection, desk: Desk) -> list[MappingTemplate] | None:
    """The lender's own layouts, for a person who may have the reports rebuilt; None where nobody may."""
    if not desk.may_manage or collection.status != Collection.Status.SUBMITTED or collection.review:
        return None
    if readiness.documents_only(collection):
        return None
    return list(selectors.mapping_templates_of(collection.lender))


def _statements(collection: StandingCollection, month: str) -> dict[str, Any]:
    """The reports of a complete collection as they were kept, or why they cannot be shown."""
    if collection.status != Collection.Status.SUBMITTED or readiness.documents_only(collection):
        return {}
    try:
        # Of an erased collection the rows are gone too: the key says so in words.
        data_keys.data_key_of(collection.pk)
        page = desk_view(collection, PAGE)
        checks = checks_of(collection)
    except (BooksRefused, KeyUnavailable) as refusal:
        return {"refusal": str(refusal)}
    if page is None:
        return {}
    return {
        "heading": page["heading"],
        "checks": checks,
        "statements": page["statements"],
        "trial_balance": _trial_balance(collection, page["months"], month),
        "charts": page["charts"],
        "ageings": page["ageings"],
        "analysis": page["analysis"],
        "unassigned": page["unassigned"],
        "assigned_here": page["assigned_here"],
        "unmapped": page["unmapped"],
        "has_lines": collection.tables.filter(name=GENERAL_LEDGER).exists(),
    }


def _trial_balance(collection: Collection, months: list[dict[str, str]], month: str) -> dict[str, Any] | None:
    """The month with that label, or the last one."""
    if not months:
        return None
    labels = [each["label"] for each in months]
    shown = month if month in labels else labels[-1]
    table = desk_view(collection, trial_balance_key(shown))
    return table and {**table, "shown": shown, "months": months}


def _request_facts(collection: Collection) -> Facts:
    lender = collection.lender
    return [
        ("Reference", collection.reference),
        ("Your own reference", collection.lender_reference or "None"),
        ("Lender", lender.name),
        ("Borrower", collection.borrower_name),
        ("Borrower's e-mail", collection.borrower_email),
        ("Why", collection.purpose or "The usual sentence"),
        ("Contact", _contact(collection)),
        ("Period", period(collection.date_from, collection.date_to)),
        ("Reports", ", ".join(REPORT_TITLES[name] for name in collection.reports)),
        ("Your own layout", str(collection.mapping) if collection.mapping else "None"),
        ("Basis", collection.get_basis_display()),
        ("Adjustment books", ", ".join(collection.adjustment_books) or "None"),
        ("Requested", moment(collection.created_at, lender)),
        ("Connect pressed", _when(collection.submitted_at, collection)),
        ("Shared", _when(collection.shared_at, collection)),
    ]


def _contact(collection: Collection) -> str:
    """Whom the borrower is told to ask."""
    contact = contact_of(collection.lender, collection)
    told = ", ".join(filter(None, (contact.name, contact.phone, contact.email))) or "None"
    return told if collection.contact_name else f"{told} (your institution's)"


def _consent_facts(collection: Collection) -> Facts:
    if not collection.reviewed_at:
        return [("Consent", "Not given yet")]
    return [
        ("Consent given", moment(collection.reviewed_at, collection.lender)),
        ("Given by", _consenting(collection)),
        ("Version of the text", collection.consent_version),
        ("Kept after sharing", f"{collection.kept_days} days"),
        ("Basis of the borrower's own statements", collection.get_own_basis_display() or "Not said"),
        *_attestation_facts(collection),
        ("Reports are about", _scope(collection)),
    ]


def _consenting(collection: Collection) -> str:
    if collection.consent_given_by:
        return f"{collection.consent_given_by}, recorded by the operator for the borrower"
    named = ", ".join(part for part in (collection.consent_name, collection.consent_title) if part)
    return f"{named or 'The borrower'}, on the page"


def _attestation_facts(collection: Collection) -> Facts:
    """Who stood up for the reports, where the borrower saw them first and has shared them."""
    attested = Attestation.objects.filter(collection=collection).first()
    if attested is None:
        return []
    try:
        who = f"{attested.name}, {attested.title}"
    except KeyUnavailable:
        who = ERASED
    recorded = f", recorded by {attested.recorded_by}, the operator" if attested.recorded_by else ""
    return [("Attested", f"{who}{recorded}, {moment(attested.at, collection.lender)}")]


def _scope(collection: Collection) -> str:
    if not collection.scope_kind:
        return "Not chosen yet"
    try:
        named = " ".join(word for word in (collection.scope_id, collection.scope_name) if word)
    except KeyUnavailable:
        named = ERASED
    return f"{collection.get_scope_kind_display()}: {named}"


def _connection_facts(collection: Collection, connection: Connection | None) -> Facts:
    if connection is None:
        return [("Sign-in", "Not given yet")]
    held = "Still kept, encrypted, until the collection ends"
    destroyed_at = connection.destroyed_at
    password = f"Destroyed {moment(destroyed_at, collection.lender)}" if destroyed_at else held
    return [
        *_company_facts(connection),
        ("Permissions", collection.get_permission_type_display() or NOT_YET),
        ("Sign-in verified", _when(connection.verified_at, collection)),
        ("Password", password),
    ]


def _company_facts(connection: Connection) -> Facts:
    try:
        return [
            ("Company ID", connection.company_id),
            ("Company", connection.company_name or NOT_YET),
            ("User ID", connection.user_id),
            ("Gateway", connection.gateway_host or NOT_YET),
        ]
    except KeyUnavailable:
        return [("Company", ERASED)]


def _link_facts(collection: Collection, link: Link | None) -> Facts:
    if link is None:
        return [("Link", "None")]
    facts = [
        ("Made", moment(link.issued_at, collection.lender)),
        ("Works until", moment(links.works_until(link), collection.lender)),
        ("Opened", {0: "Never", 1: "Once"}.get(link.opened_count, f"{link.opened_count} times")),
        ("Last opened", _when(link.last_opened_at, collection)),
    ]
    if link.revoked_at:
        facts.append(("Ended", moment(link.revoked_at, collection.lender)))
    return facts


def _run_facts(run: Run, collection: Collection, desk: Desk) -> RunFacts:
    """One run; the technical detail of a problem is for operators."""
    units = list(run.units.all())
    return RunFacts(
        title=run.get_kind_display(),
        status=run.get_status_display(),
        problem=run.problem_detail if desk.is_operator else "",
        begun=moment(run.created_at, collection.lender),
        finished=_when(run.finished_at, collection),
        rows=sum(unit.row_count or 0 for unit in units),
        done=sum(unit.done_at is not None for unit in units),
        units=tuple(_unit_facts(unit, collection) for unit in units),
    )


def _unit_facts(unit: WorkUnit, collection: Collection) -> UnitFacts:
    part = str(TABLE_NAMES[unit.subject]) if unit.kind == WorkUnit.Kind.TABLE else unit.get_kind_display()
    if unit.kind == WorkUnit.Kind.REPORTS:
        part = f"{part}: {unit.subject}"
    if unit.start and unit.end:
        part = f"{part}, {period(unit.start, unit.end)}"
    rows = "" if unit.row_count is None else f"{unit.row_count:,}"
    return UnitFacts(part, _when(unit.done_at, collection), rows)


def _when(when: datetime | None, collection: Collection) -> str:
    return moment(when, collection.lender) if when else NOT_YET
