"""Writing the append-only record."""

from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import AbstractBaseUser

from collections_app.models import Collection, Event


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
    """Stores an event. `data` is shown to lender and operator: it holds no secret and no amounts."""
    kept = {name: value for name, value in data.items() if value not in ("", None)}
    return Event.objects.create(
        collection=collection, actor_kind=by.kind, actor=by.name, action=action, data=kept
    )
