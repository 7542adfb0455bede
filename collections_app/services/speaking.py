"""The language in which a borrower reads: chosen on the pages, and that of the mails."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

from collections_app.models import Collection


def language_choose(*, collection: Collection, language: str) -> None:
    """Keeps the borrower's language. It is no answer to the lender, so it leaves no event."""
    if language in dict(settings.LANGUAGES):
        Collection.objects.filter(pk=collection.pk).update(language=language)


def borrowers_language(collection: Collection) -> AbstractContextManager[None]:
    """In it, texts are in the borrower's language; in English as long as none was chosen."""
    return translation.override(collection.language or settings.LANGUAGE_CODE)


def our_language() -> AbstractContextManager[None]:
    """In it, texts are in English, whatever the request is in: for lenders and operators."""
    return translation.override(settings.LANGUAGE_CODE)
