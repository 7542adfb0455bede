"""What a company told us before the collection: the scopes to choose from and the chart of accounts."""

from decimal import Decimal

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.money import MoneyField


class ScopeOption(models.Model):
    """An entity or a consolidation book that this sign-in can read, or the company as a whole."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="scope_options")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Collection.ScopeKind)
    identifier = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, blank=True)
    first_fiscal_month = models.PositiveSmallIntegerField(default=1)
    basis = models.CharField(max_length=8, choices=Collection.Basis, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="scope_option_once", fields=["collection", "kind", "identifier"]),
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A general-ledger account as the company has it, with the category assigned here where it had none.

    `category` is what Sage Intacct says; `assigned_category` is the borrower's answer, kept here and never
    written back. Amounts cover the whole period asked for, debit positive.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="accounts")
    number = models.CharField(max_length=50)
    title = models.CharField(max_length=300)
    account_type = models.CharField(max_length=20)
    normal_balance = models.CharField(max_length=6)
    closing_type = models.CharField(max_length=30)
    closes_to = models.CharField(max_length=50, blank=True)
    active = models.BooleanField(default=True)
    category = models.CharField(max_length=200, blank=True)
    assigned_category = models.CharField(max_length=200, blank=True)
    opening = MoneyField(default=Decimal(0))
    debits = MoneyField(default=Decimal(0))
    credits = MoneyField(default=Decimal(0))
    closing = MoneyField(default=Decimal(0))

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="account_once", fields=["collection", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def in_use(self) -> bool:
        """Whether the account has a balance or activity in the period: the statements need its category."""
        return any((self.opening, self.debits, self.credits, self.closing))
