"""Documents for pages that are about something else."""

from django import template

from collections_app import documents
from collections_app.documents import Documents
from collections_app.models import Collection

register = template.Library()


@register.simple_tag
def documents_of(collection: Collection) -> Documents:
    """What was asked for and what is there."""
    return documents.documents_of(collection)
