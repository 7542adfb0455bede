"""Rows whose confidential attributes are encrypted at rest under their collection's data key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, overload

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from collections_app import data_keys, vault
from collections_app.models.money import plain

if TYPE_CHECKING:
    BinaryField = models.BinaryField[Any, Any]
else:
    BinaryField = models.BinaryField

Value = TypeVar("Value")
Row = TypeVar("Row", bound="SealedRow")


class Confidential(property, Generic[Value]):
    """An attribute of a row that the database knows only as part of its ciphertext.

    `pack` turns a value into what JSON can carry and `unpack` turns it back. A value is replaced, not changed
    in place: only what is assigned is sealed anew. A property, because Django's models accept the names of
    properties beside those of fields wherever a row is made.
    """

    def __init__(
        self,
        default: Callable[[], Value],
        *,
        pack: Callable[[Value], Any] = lambda value: value,
        unpack: Callable[[Any], Value] = lambda value: value,
    ) -> None:
        super().__init__(self.__get__, self.__set__)
        self.default = default
        self.pack = pack
        self.unpack = unpack
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type | None = None) -> Value: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Self | Value:
        return self if instance is None else instance.opened()[self.name]

    def __set__(self, instance: Any, value: Value) -> None:
        instance.opened()[self.name] = value
        instance.sealing_is_due = True


def text() -> Confidential[str]:
    return Confidential(str)


def amount() -> Confidential[Decimal]:
    """Exact to the last digit, whatever the database: it is text inside the ciphertext."""
    return Confidential(Decimal, pack=str, unpack=lambda kept: plain(Decimal(kept)))


class SealedAttribute(DeferredAttribute):
    """The ciphertext of a row, made anew when it is asked for after an attribute was assigned."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None and instance.sealing_is_due:
            instance.__dict__[self.field.attname] = instance.seal()
            instance.sealing_is_due = False
        return super().__get__(instance, cls)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value
        instance.forget_opened()


class SealedField(BinaryField):
    """The column of a row's ciphertext; null means that every confidential attribute has its default."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "editable": False} | kwargs)

    def deconstruct(self) -> Any:
        """A plain binary column to migrations, whose models know nothing of keys."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


class SealedQuerySet(models.QuerySet[Row]):
    """Looks the data keys of all its rows up at once, instead of one for each row that is read."""

    def _fetch_all(self) -> None:
        fetched = self._result_cache is None
        super()._fetch_all()
        if fetched and self._result_cache:
            hand_out_keys([row for row in self._result_cache if isinstance(row, SealedRow)])

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        hand_out_keys(rows)
        for row in rows:
            row.seal_now()
        return super().bulk_create(rows, *args, **kwargs)


@cache
def confidential_of(model: type[SealedRow]) -> dict[str, Confidential[Any]]:
    """The confidential attributes of a model by name."""
    found = {name: getattr(model, name) for name in model._meta._property_names}  # type: ignore[attr-defined]
    return {name: value for name, value in sorted(found.items()) if isinstance(value, Confidential)}


def hand_out_keys(rows: Sequence[SealedRow]) -> None:
    """Gives each row the key it needs. A row whose key is not there says so once it is read."""
    if not rows:
        return
    keys = data_keys.data_keys_of(row.collection_id for row in rows)
    for row in rows:
        row.use_key(keys.get(row.collection_id))


class SealedRow(models.Model):
    """A row of a collection with confidential attributes.

    Reading or assigning one raises data_keys.KeyUnavailable when the data key is not there, and
    vault.VaultError when the row was changed from outside. `sealed_beside` names the plain columns that
    belong to the ciphertext: it does not open beside others.
    """

    collection: Any
    collection_id: int
    sealed = SealedField()

    sealed_beside: ClassVar[tuple[str, ...]] = ()
    sealing_is_due = False
    _key: bytes | None = None
    _opened: dict[str, Any] | None = None

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.seal_now()
        super().save(*args, **kwargs)

    @classmethod
    def holding(cls, **values: Any) -> Self:
        """A new row of plain and confidential values; a type checker knows constructors by columns alone."""
        return cls(**values)

    def opened(self) -> dict[str, Any]:
        """The confidential values by name, decrypted when first asked for."""
        if self._opened is None:
            kept = unpacked(self.data_key(), self.sealed, place=self.place()) if self.sealed else {}
            self._opened = {
                name: attribute.unpack(kept[name]) if name in kept else attribute.default()
                for name, attribute in confidential_of(type(self)).items()
            }
        return self._opened

    def seal(self) -> bytes | None:
        """The ciphertext of the values as they are now; null when there is nothing to hide."""
        self.prepare_to_seal()
        values = self.opened()
        told = {
            name: attribute.pack(values[name])
            for name, attribute in confidential_of(type(self)).items()
            if values[name] != attribute.default()
        }
        return packed(self.data_key(), told, place=self.place()) if told else None

    def prepare_to_seal(self) -> None:
        """Sets the plain columns that follow from confidential values."""

    def seal_now(self) -> None:
        """Seals what was assigned, before the first column is written."""
        _ = self.sealed

    def place(self) -> str:
        beside = {name: str(getattr(self, name)) for name in self.sealed_beside}
        return sealed_place(self.collection_id, self._meta.model_name or "", beside)

    def data_key(self) -> bytes:
        """The collection's key. Raises data_keys.KeyUnavailable."""
        if self._key is None:
            self._key = data_keys.data_key_of(self.collection_id)
        return self._key

    def use_key(self, key: bytes | None) -> None:
        self._key = key

    def forget_opened(self) -> None:
        """What was decrypted or assigned before no longer counts: the ciphertext was replaced."""
        self._opened = None
        self.sealing_is_due = False


def sealed_place(collection_id: int, model_name: str, beside: Mapping[str, str]) -> str:
    """Where the ciphertext of a row belongs, so that it opens nowhere else."""
    named = "".join(f":{name}={value}" for name, value in beside.items())
    return f"collection:{collection_id}:{model_name}{named}"


def packed(key: bytes, values: Mapping[str, Any], *, place: str) -> bytes:
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return vault.seal_under(key, content.encode(), place=place)


def unpacked(key: bytes, sealed: bytes | memoryview, *, place: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(vault.unseal_under(key, sealed, place=place))
    return values
