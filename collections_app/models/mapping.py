"""A lender's own statement layouts, version by version."""

import json
from typing import Any, ClassVar, NoReturn

from django.db import models

from collections_app.models.lender import Lender
from collections_app.reports import mapping_json, mapping_template

WRITTEN_ONCE = "A version of a template is written once and never changed: a change is a new version."


class MappingTemplateQuerySet(models.QuerySet["MappingTemplate"]):
    """Refuses what would change versions in bulk."""

    def update(self, **fields: Any) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)

    def delete(self) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)


class MappingTemplate(models.Model):
    """One version of a lender's layout; written once, so that a report can always be explained.

    `content` is the document of `reports.mapping_json`, `content_hash` the hash of what it does.
    """

    lender = models.ForeignKey(Lender, on_delete=models.PROTECT, related_name="mapping_templates")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of everything that has an effect.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200, blank=True)

    objects: ClassVar[MappingTemplateQuerySet] = MappingTemplateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(name="mapping_version_once", fields=["lender", "name", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for a version that is stored already."""
        if self.pk:
            raise TypeError(WRITTEN_ONCE)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError(WRITTEN_ONCE)

    @property
    def layout(self) -> mapping_template.MappingTemplate:
        """The layout for the arithmetic."""
        return mapping_json.from_json(json.dumps(self.content))
