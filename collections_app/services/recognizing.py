"""Recognizing companies again after SECRET_KEY was changed, which keys the digests that they are found by."""

from dataclasses import dataclass

from django.db import transaction

from collections_app import states, vault
from collections_app.data_keys import KeyUnavailable
from collections_app.models import Connection, WorkUnit
from collections_app.models.connection import company_key_of


@dataclass
class Recognition:
    """How many companies got the digest of today's SECRET_KEY, and how many keep an older one for now."""

    moved: int = 0
    left: int = 0


def companies_recognize(*, dry_run: bool = False) -> Recognition:
    """Gives every company whose ID can be read the digest that a sign-in of today gets.

    One that has a run under way keeps its digest until a later time: its places at the gateway go by it. It
    may be stopped and started again at any time.
    """
    found = Recognition()
    keys = Connection.objects.exclude(company_key="").values_list("company_key", flat=True)
    for key in keys.order_by("company_key").distinct():
        newest = _newest_key(key)
        if newest not in ("", key):
            moved = not dry_run and _move(key, newest)
            found.moved += moved
            found.left += not moved
    return found


def _newest_key(company_key: str) -> str:
    """The digest of today for the company of an older one; empty where nothing of it can be opened."""
    for connection in Connection.objects.filter(company_key=company_key).order_by("-pk"):
        try:
            return company_key_of(connection.company_id)
        except (KeyUnavailable, vault.VaultError):
            continue
    return ""


@transaction.atomic
def _move(company_key: str, newest: str) -> bool:
    """Whether no run of the company was under way; whoever plans one waits for this, and this for that."""
    connections = Connection.objects.filter(company_key=company_key)
    held = list(connections.select_for_update().order_by("pk").values_list("pk", flat=True))
    units = WorkUnit.objects.filter(company_key=company_key).exclude(run__status__in=states.FINISHED)
    if units.exists():
        return False
    Connection.objects.filter(pk__in=held).update(company_key=newest)
    return True
