"""Erasing what was collected, everywhere at once, by destroying the one key that opens it; and what else
tells of the borrower.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from collections_app import events, sealed_files, states
from collections_app.events import Who
from collections_app.models import Collection, DataKey, Lender, Run
from collections_app.services import credentials, withdrawing
from collections_app.turns import UNDECIDED

# What is deleted of a collection, in this order, by the names of its relations. The rest stays: the request
# as such, its runs and units (counts and times), which mails went out, and the record of events.
DELETED = (
    "decisions",
    "questions",
    "notes",
    "desk_views",
    "explanations",
    "attestation",
    "checks",
    "files",
    "tables",
    "trial_balances",
    "documents",
    "document_requests",
    "exchanges",
    "accounts",
    "scope_options",
    "connection",
    "set_up_ticks",
    "set_up_links",
    "links",
)
FILES = ("files", "tables", "documents")
ERASED_NAME, ERASED_ADDRESS = "Erased", "erased@erased.invalid"
# What the borrower or the lender typed about the borrower, in columns of the collection itself.
OVERWRITTEN: dict[str, Any] = {
    "borrower_name": ERASED_NAME,
    "borrower_email": ERASED_ADDRESS,
    "purpose": "",
    "unlisted_system": "",
    "consent_name": "",
    "consent_title": "",
    "consent_given_by": "",
    "survey": {},
    "chosen_scope": None,
    "failed_checks": None,
}
# A year of borrowers is not erased in one breath beside those who are collecting.
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Erasure:
    """What was erased: rows by the names of relations, and files. `left` names what is still there."""

    collection: Collection
    at: datetime | None
    why: str
    rows: dict[str, int]
    files: int
    left: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.at is not None and not self.left


@transaction.atomic
def data_key_destroy(*, collection: Collection, by: Who, why: str) -> bool:
    """Makes everything collected unreadable: rows, tables and files, and every copy of them.

    The password goes too. What the lender itself typed stays, and so do who did what and when. False when the
    key was destroyed before.
    """
    credentials.credentials_destroy(collection=collection, by=by, why=why)
    held = DataKey.objects.filter(collection=collection).exclude(wrapped=None)
    if not held.update(wrapped=None, destroyed_at=timezone.now(), destroyed_why=why):
        return False
    events.record(collection, "collection.erased", by=by)
    transaction.on_commit(_forget_in_the_log)
    return True


def collection_erase(*, collection: Collection, by: Who, why: str) -> Erasure:
    """Erases everything of a request but the fact that it was made: the key, the rows, the files, the names.

    A request that is under way is ended first. The events stay, without their data, so the record stays
    provable. Safe to call again: what an earlier call could not delete in the storage is deleted then.
    """
    with transaction.atomic():
        states.lock(collection)
        found = _erase(collection, by, why)
    sealed_files.sweep(sealed_files.names_of(collection))
    collection.refresh_from_db()
    return erasure_proved(collection=collection, rows=found.rows, files=found.files)


def _erase(collection: Collection, by: Who, why: str) -> Erasure:
    """The part of it that is one transaction, of a collection that is locked; what it found."""
    _end(collection, by)
    found = erasure_foreseen(collection=collection)
    names = list(_names(collection))
    data_key_destroy(collection=collection, by=by, why=why)
    Collection.objects.filter(pk=collection.pk).update(**OVERWRITTEN)
    # Nobody decides any more on what nobody can see; what was decided stays.
    undecided = Collection.objects.filter(
        pk=collection.pk, status=Collection.Status.SUBMITTED, review__in=UNDECIDED
    )
    undecided.update(review=Collection.Review.ERASED)
    for relation in DELETED:
        _rows(collection, relation).delete()
    collection.runs.update(problem_detail="", problem_names=[])
    # The key stays as long as its kind does: sent again, the request would be made and mailed anew.
    collection.sent_requests.update(content_hash=b"")
    # There is nobody left whom a mail could reach.
    collection.notices.filter(sent_at=None).delete()
    transaction.on_commit(partial(sealed_files.sweep, names))
    return found


def erasure_foreseen(*, collection: Collection) -> Erasure:
    """What would be erased; nothing is changed."""
    rows = {relation: _rows(collection, relation).count() for relation in DELETED}
    files = len(set(_names(collection)))
    return Erasure(collection, None, "", {name: count for name, count in rows.items() if count}, files)


def erasure_proved(*, collection: Collection, rows: dict[str, int] | None = None, files: int = 0) -> Erasure:
    """Looks again at key, rows, columns and storage, and says what of them is left."""
    key = DataKey.objects.filter(collection=collection).first()
    left = []
    if key is not None and key.wrapped is not None:
        left.append("the data key")
    left += [relation for relation in DELETED if _rows(collection, relation).exists()]
    left += [name for name, value in OVERWRITTEN.items() if getattr(collection, name) != value]
    if collection.sent_requests.exclude(content_hash=b"").exists():
        left.append("the hash of what a system sent")
    left += [f"file {name}" for name in sealed_files.names_of(collection)]
    at, why = (key.destroyed_at, key.destroyed_why) if key else (None, "")
    return Erasure(collection, at, why, rows or {}, files, tuple(left))


def retention_due() -> list[Collection]:
    """Requests that their lender keeps no longer, the oldest first.

    They are kept so many days since they were shared, else withdrawn, else made: as many as the lender's
    setting says, but no more than it said when the borrower agreed.
    """
    return list(_due().select_related("lender").order_by("kept_since"))


def retention_made_due(*, lender: Lender, days: int) -> int:
    """How many requests of the lender would become due at once if it kept them for so many days."""
    kept = _kept().filter(lender=lender)
    shortened = kept.filter(kept_since__lt=timezone.now() - timedelta(days=days))
    return shortened.exclude(pk__in=_due().values("pk")).count()


def retention_apply() -> int:
    """Erases what is due, the longest due first, at most MOST_AT_ONCE; returns how many."""
    if not settings.ERASE_AFTER_RETENTION:
        return 0
    return sum(due_erase(collection=each, by=Who.worker()) for each in retention_due()[:MOST_AT_ONCE])


def due_erase(*, collection: Collection, by: Who) -> bool:
    """Erases what `retention_due` found, as `collection_erase` does. False when it is due no longer.

    The list may be minutes old: since then the lender may keep for longer, or it was shared anew.
    """
    with transaction.atomic():
        states.lock(collection)
        if not _due().filter(pk=collection.pk).exists():
            return False
        _erase(collection, by, "the retention has passed")
    sealed_files.sweep(sealed_files.names_of(collection))
    return True


def _due() -> QuerySet[Any]:
    kept = _kept()
    return kept.filter(_over(kept))


def _kept() -> QuerySet[Any]:
    """What is not erased, since when it is kept, and for how many days, as Collection.kept_days reckons."""
    setting = "lender__retention_days"
    return Collection.objects.filter(data_key__wrapped__isnull=False).annotate(
        kept_since=Coalesce("shared_at", "withdrawn_at", "created_at"),
        days=Least(Coalesce("retention_days", setting), setting),
    )


def _over(kept: QuerySet[Any]) -> Q:
    """Where the days have passed. Reckoned here, because databases differ in adding days to a time."""
    now, over = timezone.now(), Q(pk=None)
    for days in kept.order_by().values_list("days", flat=True).distinct():
        over |= Q(days=days, kept_since__lt=now - timedelta(days=days))
    return over


def _end(collection: Collection, by: Who) -> None:
    if collection.status not in (Collection.Status.SUBMITTED, Collection.Status.WITHDRAWN):
        withdrawing.request_end(collection=collection, by=by)
        return
    collection.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    for run in collection.runs.exclude(status__in=states.FINISHED):
        states.move_run(run, Run.Status.CANCELLED, by=by)


def _rows(collection: Collection, relation: str) -> Any:
    """The rows of that relation, without opening what is sealed in them."""
    model = Collection._meta.get_field(relation).related_model
    return model._base_manager.filter(collection=collection)  # type: ignore[union-attr]


def _names(collection: Collection) -> Iterator[str]:
    for relation in FILES:
        yield from _rows(collection, relation).values_list("storage_name", flat=True)


def _forget_in_the_log() -> None:
    """SQLite's write-ahead log keeps earlier pages, with the wrapped key on them, until it is emptied."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
