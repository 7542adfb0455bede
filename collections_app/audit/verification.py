"""Proving the chain of events: every link is where it was, says what it said, and none is missing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from collections_app.audit import digests, keys
from collections_app.audit.digests import Signed
from collections_app.models import AuditChain, Event
from collections_app.models.event import EventQuerySet

# An event becomes a link a moment after it was written, and at the latest with the clock's next round.
PATIENCE = timedelta(minutes=10)
COLUMNS = ("pk", "position", "link_seal", "signature", *Signed._fields)
ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many links it has, and the seal of the last."""

    position: int
    seal: str

    def __str__(self) -> str:
        return f"{self.position}:{self.seal}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises ValueError."""
        position, _, seal = text.strip().partition(":")
        if len(seal) != 64 or not position.isdecimal():
            raise ValueError("A head is a number, a colon and 64 hexadecimal digits.")
        return cls(int(position), seal)


@dataclass(frozen=True)
class Finding:
    """Something that should not be: what kind, where in the chain, which event, and one sentence."""

    kind: str
    position: int | None
    event: int | None
    sentence: str


@dataclass
class Verification:
    """What was found. `waiting` counts events that are signed and not linked yet."""

    head: Head
    links: int = 0
    waiting: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, kind: str, position: int | None, event: int | None, sentence: str) -> None:
        self.findings.append(Finding(kind, position, event, sentence))


def head_now() -> Head | None:
    """The end of the chain at this moment, unproved; None before the first link."""
    chain = AuditChain.objects.filter(pk=AuditChain.ONLY, position__gt=0).first()
    return Head(chain.position, chain.seal) if chain else None


def audit_verify(*, noted: Head | None = None, using: str = DEFAULT_DB_ALIAS) -> Verification:
    """Reads every event once, in constant memory, while others write.

    Raises vault.VaultError without its key.

    `noted` is the head of an earlier verification, kept elsewhere: it must still be in the chain. Only so is
    found that the whole database was put back to an earlier state.
    """
    chain = AuditChain.objects.using(using).filter(pk=AuditChain.ONLY).first()
    if chain is None:
        found = Verification(Head(0, ""))
        if Event.objects.using(using).exists():
            found.find("head", None, None, "The end of the chain is missing, and its key with it.")
        return found
    key = keys.opened(chain)
    found = Verification(Head(chain.position, chain.seal))
    if chain.position and chain.proof != digests.proof_of(key, position=chain.position, seal=chain.seal):
        found.find("head", chain.position, None, "The end of the chain was changed.")
    events = Event.objects.using(using)
    _links(key, events, found, noted)
    _outside(key, events, found)
    return found


def _links(key: bytes, events: EventQuerySet, found: Verification, noted: Head | None) -> None:
    before, expected = "", 1
    # Two at one position where a database was put back and grew to the same length.
    marks = {mark for mark in (noted, found.head) if mark and mark.position}
    for row, event in _rows(events.filter(position__gt=0).order_by("position")):
        position, seal = row["position"], row["link_seal"]
        if position > expected:
            _missing(found, expected, position - 1)
        if digests.signature_of(key, event) != row["signature"]:
            told = f"Event {row['pk']}, link {position}, does not say what it said when it was written."
            found.find("changed", position, row["pk"], told)
        # After a gap nobody knows the seal before; it was found already.
        elif position == expected and seal != digests.seal_of(
            key, position=position, before=before, event_id=row["pk"], signature=row["signature"]
        ):
            told = f"Event {row['pk']} is not the one that became link {position}."
            found.find("moved", position, row["pk"], told)
        if any(mark.position == position and mark.seal != seal for mark in marks):
            found.find("head", position, row["pk"], f"Link {position} is not the head that was noted.")
        before, expected = seal, position + 1
        found.links += 1
    last = max((mark.position for mark in marks), default=0)
    if last >= expected:
        _missing(found, expected, last)


def _missing(found: Verification, first: int, last: int) -> None:
    which = f"Link {first} is" if first == last else f"Links {first} to {last} are"
    found.find("removed", first, None, f"{which} missing: {last - first + 1} removed.")


def _outside(key: bytes, events: EventQuerySet, found: Verification) -> None:
    """Events that are no links: those written a moment ago, and those that somebody else wrote."""
    for row, event in _rows(events.filter(position=None).order_by("pk")):
        if not row["signature"]:
            told = f"Event {row['pk']} has no signature: inserted, or written while the vault's key was gone."
            found.find("unsigned", None, row["pk"], told)
        elif digests.signature_of(key, event) != row["signature"]:
            told = f"Event {row['pk']} was not written by this product, or was changed at once."
            found.find("inserted", None, row["pk"], told)
        else:
            found.waiting += 1
            if event.at < timezone.now() - PATIENCE:
                told = f"Event {row['pk']} waits since {event.at:%Y-%m-%d %H:%M %Z}: is the clock running?"
                found.find("waiting", None, row["pk"], told)


def _rows(events: EventQuerySet) -> Iterator[tuple[dict[str, Any], Signed]]:
    for values in events.values_list(*COLUMNS).iterator(chunk_size=ROWS_AT_ONCE):
        row = dict(zip(COLUMNS, values, strict=True))
        yield row, Signed(**{name: row[name] for name in Signed._fields})
