"""Writing the append-only record."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model

from collections_app.data_keys import KeyDestroyed
from collections_app.models import Collection, Event, FiguresGrant, Lender, StaffMember
from collections_app.services.auditing import events_chain_soon
from collections_app.vault import VaultError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Who:
    """Who does something: the kind of actor and, where there is one, a name."""

    kind: str
    name: str = ""

    @classmethod
    def borrower(cls) -> Self:
        return cls(Event.Actor.BORROWER)

    @classmethod
    def worker(cls) -> Self:
        return cls(Event.Actor.WORKER)

    @classmethod
    def operator(cls, name: str = "") -> Self:
        return cls(Event.Actor.OPERATOR, name)

    @classmethod
    def staff(cls, user: AbstractBaseUser) -> Self:
        return cls(Event.Actor.STAFF, user.get_username())


def record(collection: Collection, action: str, *, by: Who, **data: object) -> Event:
    """Stores an event. `data` is shown to lender and operator: it holds no secret and no amounts.

    Of an erased collection only who, what and when is kept; so too while the operator's vault key is missing,
    because a run that cannot even say why it stopped would never stop.
    """
    return _write(Event(collection=collection, actor_kind=by.kind, actor=by.name, action=action), data)


def note(action: str, *, by: Who, about: str = "", **data: object) -> Event:
    """Stores an event that belongs to no collection: a sign-in, a setting, a command for the whole instance.

    `about` names what it is about, as `about_of` does.
    """
    return _write(Event(about=about[:200], actor_kind=by.kind, actor=by.name, action=action), data)


def about_of(row: Model) -> str:
    """What the record calls it everywhere: lender:harbor, user:dana@harbor.example.

    What a lender keeps, such as a key or a template, is found under the lender; `named` says which it is.
    """
    if isinstance(row, StaffMember):
        row = row.user
    if isinstance(row, AbstractBaseUser):
        return f"user:{row.get_username()}"
    if isinstance(row, FiguresGrant):
        row = row.collection
    lender = row if isinstance(row, Lender) else getattr(row, "lender", None)
    return f"lender:{lender.slug}" if lender else f"{row._meta.model_name}:{row.pk}"


def named(row: Model) -> dict[str, str]:
    """Which row it is, for the data of an event: it says so still when the row is gone."""
    return {"kind": row._meta.model_name or "", "id": str(row.pk), "name": str(row)[:200]}


def _write(event: Event, data: Mapping[str, object]) -> Event:
    event.data = {name: value for name, value in data.items() if value not in ("", None)}
    try:
        event.save()
    except (KeyDestroyed, VaultError) as error:
        logger.warning("The event %s is kept without its data: %s", event.action, error)
        event.data = {}
        event.save()
    events_chain_soon()
    return event
