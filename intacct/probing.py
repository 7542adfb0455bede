"""Asking, before anything is collected, whether the user may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intacct.errors import FieldRefused, FunctionError, NotSubscribed, ObjectUnknown, PermissionDenied
from intacct.functions import Query
from intacct.keys import Key
from intacct.menus import menu_words
from intacct.pages import Counts
from intacct.record_reading import RecordReading
from intacct.records import Grant

READING_RIGHTS = frozenset({"list", "view", "run", "readonly", "read", "print", "export", "menu"})
_KEYS = {"GCBOOK": "BOOKID"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One object that cannot be read.

    permission: what is missing, in the words of Sage Intacct's menus.  error: what the gateway said.
    """

    object_name: str
    permission: str
    error: FunctionError


@dataclass(frozen=True, slots=True)
class Findings:
    """What a probe found out.

    refused: objects the user's role may not read.  unavailable: objects that this company does not have.
    hidden_entities: ids of entities that exist and this user may not enter: figures without them balance and
    are still not the company's. None if the list of entities itself may not be read.
    excessive: rights beyond reading, such as ("General Ledger, Journal entries", ("Add", "Edit")); None if
    the user may not look at permissions, which is how it should be.
    """

    refused: tuple[Refusal, ...]
    unavailable: tuple[Refusal, ...]
    hidden_entities: tuple[str, ...] | None
    excessive: tuple[tuple[str, tuple[str, ...]], ...] | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The permissions to ask for, each once, in menu words."""
        return tuple(dict.fromkeys(refusal.permission for refusal in self.refused))


class Probing(RecordReading):
    """The probe. One row of each object is asked for, because definitions are given to everybody."""

    def probe(self, objects: Iterable[str]) -> Findings:
        """Whether this user can read these objects, and warnings about the user. Reads almost nothing."""
        refused: list[Refusal] = []
        unavailable: list[Refusal] = []
        for name in dict.fromkeys(objects):
            refusal = self._refusal(name)
            if refusal is None:
                continue
            (refused if isinstance(refusal.error, PermissionDenied) else unavailable).append(refusal)
        return Findings(tuple(refused), tuple(unavailable), self._hidden_entities(), self._excessive())

    def _refusal(self, name: str) -> Refusal | None:
        try:
            self._one_row(name)
        except (PermissionDenied, NotSubscribed, ObjectUnknown, FieldRefused) as error:
            return Refusal(name, menu_words(name), error)
        return None

    def _one_row(self, name: str) -> Counts:
        page = self._line.open(Query(name, (_KEYS.get(name, "RECORDNO"),), page_size=1))
        page.absorb()
        return page.counts

    def _hidden_entities(self) -> tuple[str, ...] | None:
        try:
            rows = self._records("LOCATIONENTITY", ("LOCATIONID", "STATUS"), None, Key("RECORDNO"))
            existing = {row["LOCATIONID"] for row in rows if row["STATUS"] != "inactive"}
        except (PermissionDenied, NotSubscribed, ObjectUnknown):
            return None
        return tuple(sorted(existing - {entity.id for entity in self.entities()}))

    def _excessive(self) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
        try:
            grants = self.permissions()
        except FunctionError:
            return None
        found = ((f"{grant.application}, {grant.permission}", beyond_reading(grant)) for grant in grants)
        return tuple((permission, rights) for permission, rights in found if rights)


def beyond_reading(grant: Grant) -> tuple[str, ...]:
    """The rights of a grant that reading does not need."""
    return tuple(right for right in grant.rights if right.lower() not in READING_RIGHTS)
