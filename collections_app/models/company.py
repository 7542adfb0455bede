"""What a company told us before the collection: the scopes to choose from and the chart of accounts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from collections_app import data_keys, vault
from collections_app.models.collection import Collection
from collections_app.models.sealed import Confidential, SealedQuerySet, SealedRow, amount, text

NUMBER, IDENTIFIER = "account number", "scope identifier"


class ScopeOptionQuerySet(SealedQuerySet["ScopeOption"]):
    def named(self, collection: Collection, kind: str, identifier: str) -> ScopeOption | None:
        """The option of that kind and identifier. Raises data_keys.KeyUnavailable."""
        key = data_keys.data_key_of(collection.pk)
        return self.filter(
            collection=collection, kind=kind, identifier_key=ScopeOption.key_of(identifier, key)
        ).first()


class ScopeOption(SealedRow):
    """An entity or a consolidation book that this sign-in can read, or the company as a whole.

    The identifier is confidential; `identifier_key` is its keyed digest, by which it is found again.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="scope_options")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Collection.ScopeKind)
    identifier_key = models.CharField(max_length=64, editable=False)

    identifier = text()
    name = text()
    currency = text()
    first_fiscal_month = Confidential(lambda: 1)
    basis = text()

    sealed_beside = ("kind", "identifier_key")
    objects: ClassVar[ScopeOptionQuerySet] = ScopeOptionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="scope_option_once", fields=["collection", "kind", "identifier_key"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"

    @staticmethod
    def key_of(identifier: str, data_key: bytes) -> str:
        return vault.fingerprint(data_key, identifier, purpose=IDENTIFIER)

    def prepare_to_seal(self) -> None:
        self.identifier_key = self.key_of(self.identifier, self.data_key())


class AccountQuerySet(SealedQuerySet["Account"]):
    def numbered(self, collection: Collection, number: str) -> Account:
        """The account of that number. Raises Account.DoesNotExist and data_keys.KeyUnavailable."""
        key = data_keys.data_key_of(collection.pk)
        return self.get(collection=collection, number_key=Account.key_of(number, key))

    def in_order(self) -> list[Account]:
        """By account number; the database knows no numbers, so it cannot sort them."""
        return sorted(self, key=lambda account: account.number)


class Account(SealedRow):
    """A general-ledger account as the company has it, with the category assigned here where it had none.

    `category` is what Sage Intacct says; `assigned_category` is the borrower's answer, kept here and never
    written back. Amounts cover the whole period asked for, debit positive. All of it is confidential;
    `number_key` is the keyed digest of the number, by which an account is found again.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="accounts")
    number_key = models.CharField(max_length=64, editable=False)

    number = text()
    title = text()
    account_type = text()
    normal_balance = text()
    closing_type = text()
    closes_to = text()
    active = Confidential(lambda: True)
    category = text()
    # Of which subledger Sage Intacct calls this the control account: receivables, payables or none.
    control = text()
    assigned_category = text()
    opening = amount()
    debits = amount()
    credits = amount()
    closing = amount()

    sealed_beside = ("number_key",)
    objects: ClassVar[AccountQuerySet] = AccountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="account_once", fields=["collection", "number_key"])]

    def __str__(self) -> str:
        return f"Account {self.pk}"

    @staticmethod
    def key_of(number: str, data_key: bytes) -> str:
        return vault.fingerprint(data_key, number, purpose=NUMBER)

    def prepare_to_seal(self) -> None:
        self.number_key = self.key_of(self.number, self.data_key())

    @property
    def in_use(self) -> bool:
        """Whether the account has a balance or activity in the period: the statements need its category."""
        return any((self.opening, self.debits, self.credits, self.closing))
