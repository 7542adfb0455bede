"""How a collection reaches the borrower's company."""

from typing import Any

from django.conf import settings
from django.db import models

from collections_app import vault
from collections_app.models.collection import Collection
from collections_app.models.sealed import Confidential, SealedRow, text


def company_key_of(company_id: str) -> str:
    """The same for every spelling of one company's ID, and not to be read back: 64 hexadecimal digits.

    By it the requests of one company to the gateway are counted, and its other collections found: for Compare
    and for suggestions of categories. Keyed with SECRET_KEY, so it changes with it; `rotatevaultkey` then
    gives it to the connections that are stored.
    """
    return vault.fingerprint(settings.SECRET_KEY.encode(), company_id.strip().casefold(), purpose="company")


class Connection(SealedRow):
    """The sign-in of one collection, and what the company said about itself.

    `secret` and `session` are ciphertexts of the vault, bound to this row. They are destroyed (set to null)
    when the run ends; `destroyed_at` then says when. What identifies the company is under the collection's
    data key; only `company_key` is common to all connections of one company.
    """

    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="connection")
    company_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    secret = models.BinaryField(null=True, editable=False)
    session = models.BinaryField(null=True, editable=False)
    saved_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    company_id = text()
    user_id = text()
    company_name = text()
    base_currency = text()
    default_book = text()
    first_fiscal_month = Confidential(lambda: 1)
    gateway_host = text()
    # The modules the company subscribes to, the last day of its closed books (ISO, empty for none), and
    # what a probe of the user's permissions found: see ledger.Findings.
    applications: Confidential[list[str]] = Confidential(list)
    closed_through = text()
    findings: Confidential[dict[str, Any]] = Confidential(dict)

    def __str__(self) -> str:
        return f"Connection of {self.collection_id}"

    def prepare_to_seal(self) -> None:
        self.company_key = company_key_of(self.company_id)

    def is_of_company_of(self, other: "Connection") -> bool:
        """Whether both sign-ins were accepted by one company, however its ID was typed.

        Raises data_keys.KeyUnavailable and vault.VaultError.
        """
        own, others = (each.company_id.strip().casefold() for each in (self, other))
        return bool(own and own == others and self.verified_at and other.verified_at)
