"""Moving what the vault holds to its newest key, beside workers and pages that go on."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Model

from collections_app import data_keys, vault
from collections_app.audit import keys as audit_keys
from collections_app.models import AuditChain, AuthenticatorApp, Connection, DataKey, Webhook
from collections_app.services import credentials, webhooking


@dataclass
class Rotation:
    """How many ciphertexts were moved, how many still need an older key, and why, a sentence each."""

    moved: int = 0
    left: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Held:
    """One ciphertext of the vault: the row and column that hold it."""

    row: Model
    column: str
    place: str

    @property
    def sealed(self) -> bytes:
        return bytes(getattr(self.row, self.column))

    def replace(self, sealed: bytes) -> bool:
        """Stores the new ciphertext, unless the old one was replaced or destroyed meanwhile."""
        unchanged = type(self.row)._default_manager.filter(**{"pk": self.row.pk, self.column: self.sealed})
        return bool(unchanged.update(**{self.column: sealed}))


def vault_rotate(*, dry_run: bool = False) -> Rotation:
    """Seals again under the newest key whatever is still under an older one, one row at a time.

    It may be stopped and started again at any time, and changes nothing that changed meanwhile: `left` is
    counted afterwards, from what is then stored. What cannot be opened stays as it is.
    """
    rotation = Rotation()
    if not dry_run:
        for held in _on_older_keys():
            _move(held, rotation)
    rotation.left = sum(1 for _ in _on_older_keys())
    return rotation


def _move(held: Held, rotation: Rotation) -> None:
    try:
        sealed = vault.reseal(held.sealed, place=held.place)
    except vault.VaultError as error:
        if str(error) not in rotation.problems:
            rotation.problems.append(str(error))
        return
    rotation.moved += held.replace(sealed)


def _on_older_keys() -> Iterator[Held]:
    for held in _everything_held():
        if not vault.wrapped_by_newest(held.sealed):
            yield held


def _everything_held() -> Iterator[Held]:
    for chain in AuditChain.objects.all():
        yield Held(chain, "wrapped", audit_keys.PLACE)
    for webhook in Webhook.objects.order_by("pk").iterator():
        yield Held(webhook, "secret", webhooking.place(webhook))
    for data_key in DataKey.objects.exclude(wrapped=None).order_by("pk").iterator():
        yield Held(data_key, "wrapped", data_keys.place(data_key.collection_id))
    for app in AuthenticatorApp.objects.order_by("pk").iterator():
        yield Held(app, "sealed_key", app.place)
    for column in ("secret", "session"):
        holding = Connection.objects.exclude(**{column: None}).only("pk", column)
        for connection in holding.order_by("pk").iterator():
            yield Held(connection, column, credentials.place(connection, column))
