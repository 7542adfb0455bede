"""How a collection reaches the borrower's company."""

from django.db import models

from collections_app.models.collection import Collection


class Connection(models.Model):
    """The sign-in of one collection, and what the company said about itself.

    `secret` and `session` are ciphertexts of the vault, bound to this row. They are destroyed (set to null)
    when the run ends; `destroyed_at` then says when.
    """

    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="connection")
    company_id = models.CharField(max_length=100)
    user_id = models.CharField(max_length=100)
    secret = models.BinaryField(null=True, editable=False)
    session = models.BinaryField(null=True, editable=False)
    saved_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    company_name = models.CharField(max_length=200, blank=True)
    base_currency = models.CharField(max_length=3, blank=True)
    default_book = models.CharField(max_length=100, blank=True)
    first_fiscal_month = models.PositiveSmallIntegerField(default=1)
    gateway_host = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.company_id} as {self.user_id}"
