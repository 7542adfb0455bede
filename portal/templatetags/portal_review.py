"""What the lender asks of the borrower after it has looked, and which request this one follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from collections_app import remembering
from collections_app.models import Collection, Decision

if TYPE_CHECKING:
    from collections_app.models import Lender

register = template.Library()


@register.inclusion_tag("components/lender_asks.html")
def lender_asks(collection: Collection, lender: Lender) -> dict[str, Any]:
    """Why it was given back, as long as it is not shared again; how many questions wait; nothing else."""
    reason = ""
    if collection.returned_at and collection.status != Collection.Status.SUBMITTED:
        decision = collection.decisions.filter(verdict=Decision.Verdict.RETURN).last()
        reason = decision.words if decision else ""
    return {
        "lender": lender,
        "reason": reason,
        "open_questions": collection.questions.filter(answered_at=None).count(),
        "has_questions": collection.questions.exists(),
    }


@register.inclusion_tag("components/follows.html")
def follows(collection: Collection) -> dict[str, Any]:
    """The earlier request that this one refreshes, and how much of it is remembered."""
    return {"earlier": collection.refreshes, "memory": remembering.memory_of(collection).value}
