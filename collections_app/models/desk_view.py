"""What the lender's page shows of the reports, made once with them."""

from typing import Any

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.sealed import Confidential, SealedRow


class DeskView(SealedRow):
    """A part of the page of a collection, ready to show: a statement, a month of the trial balance.

    A row for each part, so that a page opens no more than it shows.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="desk_views")
    key = models.CharField(max_length=80, help_text="Such as trial_balance:2026-01.")

    content: Confidential[dict[str, Any]] = Confidential(dict)

    sealed_beside = ("key",)

    class Meta:
        constraints = [models.UniqueConstraint(name="desk_view_once", fields=["collection", "key"])]

    def __str__(self) -> str:
        return f"{self.key} of {self.collection_id}"
