"""What the borrower said about the reports when sharing them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from collections_app.reports.checks.check import Check
from collections_app.reports.wording import clean


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who attested the reports, when, and to which version of the text.

    ``recorded_by`` names an operator who typed it for the borrower; empty for the borrower.
    """

    name: str
    title: str
    at: datetime
    text_version: str
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class Remarks:
    """The borrower's words on checks, by check, and the attestation; both may be missing."""

    explanations: Mapping[str, str] = field(default_factory=dict)
    attestation: Attestation | None = None


NO_REMARKS = Remarks()


def explained(checks: Iterable[Check], remarks: Remarks) -> tuple[Check, ...]:
    """The checks with what the borrower says of each."""
    return tuple(replace(check, explanation=remarks.explanations.get(check.id, "")) for check in checks)


def remarks_json(remarks: Remarks) -> dict[str, Any]:
    """The keys ``explanations`` and ``attestation`` of ``statements.json``; the latter null without one."""
    given = remarks.attestation
    return {
        "explanations": [
            {"check": check_id, "explanation": clean(words)}
            for check_id, words in sorted(remarks.explanations.items())
        ],
        "attestation": given
        and {
            "name": clean(given.name),
            "title": clean(given.title),
            "at": f"{given.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "text_version": given.text_version,
            "recorded_by": clean(given.recorded_by),
        },
    }
