"""The lender's own statement layouts: taken in as versions that never change, and given out again."""

import json

from django.core.exceptions import ValidationError
from django.db import transaction

from collections_app.events import Who
from collections_app.models import Lender, MappingTemplate
from collections_app.reports import mapping_json
from collections_app.reports.mapping_template import TemplateRefused
from collections_app.reports.mapping_validation import refuse_invalid


@transaction.atomic
def template_import(*, lender: Lender, text: str, by: Who) -> MappingTemplate:
    """Stores a template document as a new version; a document that is stored already changes nothing.

    Raises ValidationError with one plain sentence for each fault.
    """
    try:
        layout = mapping_json.from_json(text)
        refuse_invalid(layout)
    except TemplateRefused as refusal:
        raise ValidationError(list(refusal.problems)) from None
    template = MappingTemplate(
        lender=Lender.objects.select_for_update().get(pk=lender.pk),
        name=layout.name,
        version=layout.version,
        content=json.loads(mapping_json.to_json(layout)),
        content_hash=mapping_json.content_hash(layout),
        created_by=by.name or by.kind,
    )
    _refuse_what_cannot_be_stored(template)
    stored = _same_version(template)
    if stored is None:
        template.full_clean()
        template.save(force_insert=True)
    return stored or template


def template_export(template: MappingTemplate) -> str:
    """The document of a version, as `template_import` takes it."""
    return mapping_json.to_json(template.layout)


def _refuse_what_cannot_be_stored(template: MappingTemplate) -> None:
    if "@" in template.name or template.name != template.name.strip():
        raise ValidationError("Give the template a name without “@” and without spaces at its ends.")
    try:
        written = mapping_json.to_json(template.layout).encode()
    except UnicodeEncodeError:
        written = b""
    if not written or b"\\u0000" in written:
        raise ValidationError("The template has half a character or a null character in it: take it out.")


def _same_version(template: MappingTemplate) -> MappingTemplate | None:
    """The stored version of that number, if it does the same; a version is never written over."""
    versions = MappingTemplate.objects.filter(lender=template.lender, name=template.name)
    newest = versions.order_by("-version").first()
    if newest is None or newest.version < template.version:
        return None
    stored = versions.filter(version=template.version, content_hash=template.content_hash).first()
    if stored is None:
        raise ValidationError(
            f"“{template.name}” has the version {newest.version} already, and versions are never changed. "
            f"Give this document the version {newest.version + 1}."
        )
    return stored
