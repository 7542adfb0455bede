"""What a collection refreshes and what refreshed it, for its page at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collections_app import remembering
from collections_app.admin.access import Desk
from collections_app.admin.moments import period
from collections_app.models import Collection
from collections_app.remembering import Memory
from collections_app.services import refreshing

REMARKS = {
    Memory.NOTHING: "Nothing of it is remembered.",
    Memory.OTHER_COMPANY: "The borrower signed in to another company this time: nothing of it is remembered.",
}
MOST_SHOWN = 20


@dataclass(frozen=True)
class Other:
    """The request before or after, and what is to be known about the two."""

    collection: Collection
    period: str
    may_be_compared: bool
    remark: str = ""


def refresh_context(collection: Collection, desk: Desk) -> dict[str, Any]:
    """The neighbors that this person may see, and whether it may be refreshed; or never, and why."""
    refusal = refreshing.why_not(collection)
    for_good = refusal and collection.status in (Collection.Status.WITHDRAWN, Collection.Status.SUBMITTED)
    visible = desk.collections.filter(lender=collection.lender_id)
    before = visible.filter(refreshed_by=collection).first()
    after = visible.filter(refreshes=collection).order_by("-pk")[:MOST_SHOWN]
    may_compare = desk.may_read_figures(collection)
    return {
        "may_refresh": desk.may_manage and not refusal,
        "why_no_refresh": refusal if desk.may_manage and for_good else "",
        "refresh_of": before and _other(before, collection, _remark(collection), may_compare=may_compare),
        "refreshed_by": [_other(each, collection, may_compare=may_compare) for each in after],
    }


def _remark(collection: Collection) -> str:
    return REMARKS.get(remembering.memory_of(collection), "")


def _other(other: Collection, collection: Collection, remark: str = "", *, may_compare: bool) -> Other:
    both = all(each.status == Collection.Status.SUBMITTED for each in (other, collection))
    shown = period(other.date_from, other.date_to)
    return Other(other, shown, may_compare and both and not remark, remark)
