"""What the page of one collection shows. Nothing here reads a secret: the sealed columns are never loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from collections_app import books
from collections_app.admin import once, tables
from collections_app.admin.access import Desk
from collections_app.admin.moments import moment, period
from collections_app.admin.standing import standing_of
from collections_app.admin.timeline import entries
from collections_app.models import Collection, Connection, Link, Run, WorkUnit
from collections_app.reports.consistency import BooksRefused
from collections_app.reports.figures import REPORT_TITLES

if TYPE_CHECKING:
    from collections_app.admin.standing import StandingCollection

Facts = list[tuple[str, str]]
NOT_YET = "Not yet"


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
    return {
        "collection": collection,
        "standing": standing_of(collection),
        "request_facts": _request_facts(collection),
        "consent_facts": _consent_facts(collection),
        "connection_facts": _connection_facts(collection, connection),
        "link_facts": _link_facts(collection, link),
        "files": collection.files.all(),
        "runs": [_run_facts(run, collection, desk) for run in collection.runs.prefetch_related("units")],
        "timeline": entries(collection, collection.events.all()),
        "may_relink": desk.may_manage and collection.status != Collection.Status.WITHDRAWN,
        "may_withdraw": desk.may_manage and may_be_withdrawn(collection),
        "form_key": once.form_key(),
        **_statements(collection, month),
    }


def may_be_withdrawn(collection: Collection) -> bool:
    return collection.status not in (Collection.Status.SUBMITTED, Collection.Status.WITHDRAWN)


def _statements(collection: Collection, month: str) -> dict[str, Any]:
    """The statements of a complete collection, or why they cannot be shown."""
    if collection.status != Collection.Status.SUBMITTED:
        return {}
    try:
        reports = books.reports_of(collection)
    except BooksRefused as refusal:
        return {"refusal": str(refusal)}
    return {
        "heading": reports.heading,
        "statements": [tables.statement_table(statement) for statement in reports.statements],
        "trial_balance": (
            tables.trial_balance_table(reports, month) if "trial_balance" in reports.wanted else None
        ),
        "unassigned": reports.unassigned,
        "assigned_here": tables.assigned_here(reports),
    }


def _request_facts(collection: Collection) -> Facts:
    lender = collection.lender
    return [
        ("Reference", collection.reference),
        ("Your own reference", collection.lender_reference or "None"),
        ("Lender", lender.name),
        ("Borrower", collection.borrower_name),
        ("Borrower's e-mail", collection.borrower_email),
        ("Period", period(collection.date_from, collection.date_to)),
        ("Reports", ", ".join(REPORT_TITLES[name] for name in collection.reports)),
        ("Basis", collection.get_basis_display()),
        ("Adjustment books", ", ".join(collection.adjustment_books) or "None"),
        ("Requested", moment(collection.created_at, lender)),
        ("Connect pressed", _when(collection.submitted_at, collection)),
    ]


def _consent_facts(collection: Collection) -> Facts:
    if not collection.reviewed_at:
        return [("Consent", "Not given yet")]
    return [
        ("Consent given", moment(collection.reviewed_at, collection.lender)),
        ("Given by", _consenting(collection)),
        ("Version of the text", collection.consent_version),
        ("Reports are about", _scope(collection)),
    ]


def _consenting(collection: Collection) -> str:
    if collection.consent_given_by:
        return f"{collection.consent_given_by}, recorded by the operator for the borrower"
    return "The borrower, on the page"


def _scope(collection: Collection) -> str:
    if not collection.scope_kind:
        return "Not chosen yet"
    named = " ".join(word for word in (collection.scope_id, collection.scope_name) if word)
    return f"{collection.get_scope_kind_display()}: {named}"


def _connection_facts(collection: Collection, connection: Connection | None) -> Facts:
    if connection is None:
        return [("Sign-in", "Not given yet")]
    held = "Still kept, encrypted, until the collection ends"
    destroyed_at = connection.destroyed_at
    password = f"Destroyed {moment(destroyed_at, collection.lender)}" if destroyed_at else held
    return [
        ("Company ID", connection.company_id),
        ("Company", connection.company_name or NOT_YET),
        ("User ID", connection.user_id),
        ("Permissions", collection.get_permission_type_display() or NOT_YET),
        ("Gateway", connection.gateway_host or NOT_YET),
        ("Sign-in verified", _when(connection.verified_at, collection)),
        ("Password", password),
    ]


def _link_facts(collection: Collection, link: Link | None) -> Facts:
    if link is None:
        return [("Link", "None")]
    facts = [
        ("Made", moment(link.issued_at, collection.lender)),
        ("Works until", moment(link.expires_at, collection.lender)),
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
    part = unit.get_kind_display()
    if unit.start and unit.end:
        part = f"{part}, {period(unit.start, unit.end)}"
    rows = "" if unit.row_count is None else f"{unit.row_count:,}"
    return UnitFacts(part, _when(unit.done_at, collection), rows)


def _when(when: datetime | None, collection: Collection) -> str:
    return moment(when, collection.lender) if when else NOT_YET
