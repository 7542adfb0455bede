"""Exchanges with the gateway that went wrong, kept for support."""

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.sealed import SealedRow, text


class KeptExchange(SealedRow):
    """What was sent and what came back when an answer could not be relied on.

    Passwords and session ids are masked before they get here. The answer may hold the company's figures, so
    both texts are sealed under the collection's data key like everything that was collected.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="exchanges")
    at = models.DateTimeField(auto_now_add=True)
    problem = models.CharField(max_length=40)
    detail = models.TextField(blank=True, help_text="For support: error number, function, support id.")

    request = text()
    reply = text()

    sealed_beside = ("problem",)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.problem} {self.at:%Y-%m-%d %H:%M}"
