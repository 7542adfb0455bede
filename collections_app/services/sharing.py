"""The borrower's last word: explaining what the checks found, attesting, and sharing."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_app import events, readiness, states
from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Attestation, Collection, Explanation
from collections_app.services import notifying, rebuilding
from collections_app.states import AnswersClosed

ATTESTATION_VERSION = "2026-11-26"
DOCUMENTS_CONSENT_VERSION = "documents 2026-11-26"
LONGEST_EXPLANATION = 2_000
LONGEST_NAME = 200


@transaction.atomic
def explanations_save(*, collection: Collection, answers: Mapping[str, str], by: Who) -> int:
    """Keeps the borrower's words by check; empty ones take an explanation back. Returns how many changed.

    Raises ValidationError, changing nothing, for a check that did not fail and for words that are too long,
    and AnswersClosed when nothing waits to be shared.
    """
    _require_waiting(collection)
    failed = set(collection.checks.filter(outcome="fail").values_list("check_id", flat=True))
    present = {explanation.check_id: explanation for explanation in collection.explanations.all()}
    changed = 0
    for check_id, answer in answers.items():
        words = answer.replace("\r\n", "\n").replace("\0", "").strip()
        if check_id not in failed:
            raise ValidationError(_("Only what the checks found can be explained."))
        if len(words) > LONGEST_EXPLANATION:
            raise ValidationError(
                _("An explanation has at most %(most)d characters.") % {"most": LONGEST_EXPLANATION}
            )
        changed += _explain(collection, check_id, words, present.get(check_id))
    if changed:
        events.record(collection, "checks.explained", by=by, checks=sorted(answers))
    return changed


@transaction.atomic
def collection_share(*, collection: Collection, name: str, title: str, by: Who) -> None:
    """Attests and shares what was collected; the files are made again with what was said.

    Safe to call twice. Raises ValidationError without a name or title, AnswersClosed when nothing waits.
    """
    if not (collection.status == Collection.Status.SUBMITTED and hasattr(collection, "attestation")):
        _share(collection, " ".join(name.split()), " ".join(title.split()), by)


@transaction.atomic
def documents_share(*, collection: Collection, by: Who) -> None:
    """Shares the documents alone, where there is nothing to connect. Safe to call twice.

    Raises ValidationError while a required document is missing or none is there, AnswersClosed otherwise.
    """
    states.lock(collection)
    if collection.status == Collection.Status.SUBMITTED:
        return
    if collection.status != Collection.Status.STARTED or not readiness.documents_only(collection):
        raise AnswersClosed("This collection shares reports, not documents alone.")
    documents = documents_of(collection)
    if documents.missing:
        names = ", ".join(request.name for request in documents.missing)
        raise ValidationError(_("Still missing: %(names)s. Upload it before you share.") % {"names": names})
    if not documents.every:
        raise ValidationError(_("Upload at least one document before you share."))
    now = timezone.now()
    kept = collection.kept_days
    events.record(collection, "consent.given", by=by, retention_days=kept)
    states.move_collection(
        collection,
        Collection.Status.SUBMITTED,
        by=by,
        reviewed_at=now,
        retention_days=kept,
        consent_version=DOCUMENTS_CONSENT_VERSION,
        consent_given_by=_recorded_by(by),
        shared_at=now,
    )
    notifying.completion_tell(collection=collection)


def _share(collection: Collection, name: str, title: str, by: Who) -> None:
    _require_waiting(collection)
    if not name or not title or max(len(name), len(title)) > LONGEST_NAME:
        raise ValidationError(_("Type your name and your title."))
    now = timezone.now()
    attestation = Attestation.holding(
        collection=collection,
        at=now,
        text_version=ATTESTATION_VERSION,
        recorded_by=_recorded_by(by),
        name=name,
        title=title,
    )
    attestation.save(force_insert=True)
    events.record(collection, "reports.attested", by=by, name=name, title=title)
    states.move_collection(collection, Collection.Status.SUBMITTED, by=by, announced=False, shared_at=now)
    rebuilding.attested_rebuild(collection=collection, by=by)
    notifying.completion_tell(collection=collection)


def _explain(collection: Collection, check_id: str, words: str, present: Explanation | None) -> bool:
    """Whether anything changed."""
    if (present.words if present else "") == words:
        return False
    if not words and present:
        present.delete()
        return True
    explanation = present or Explanation(collection=collection, check_id=check_id)
    explanation.words = words
    explanation.save()
    return True


def _recorded_by(by: Who) -> str:
    """Who typed it for the borrower; empty for the borrower."""
    return "" if by.kind == Who.borrower().kind else by.name


def _require_waiting(collection: Collection) -> None:
    states.lock(collection)
    if not readiness.waits_to_be_shared(collection):
        raise AnswersClosed("Nothing waits to be shared.")
