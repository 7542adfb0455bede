"""What the commands share: how they read their arguments and refuse them."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.management.base import CommandError

from collections_app.models import Collection, Lender, MappingTemplate
from collections_app.selectors import collection_by_reference, mapping_template_called
from collections_app.states import AnswersClosed


def day(text: str) -> date:
    """A date written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date. Write it as YYYY-MM-DD.") from None


def names(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def text_of(path: Path) -> str:
    """The text of a file in UTF-8. Raises CommandError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not a text in UTF-8.") from None


def lender_called(slug: str) -> Lender:
    """Raises CommandError when there is none."""
    lender = Lender.objects.filter(slug=slug).first()
    if lender is None:
        raise CommandError(f"There is no lender “{slug}”. Make one with createlender.")
    return lender


def collection_called(reference: str) -> Collection:
    """Raises CommandError when there is none."""
    collection = collection_by_reference(reference)
    if collection is None:
        raise CommandError(f"There is no collection {reference}. listcollections shows those there are.")
    return collection


def mapping_called(lender: Lender, called: str) -> MappingTemplate:
    """A layout of the lender, written NAME or NAME@VERSION. Raises CommandError when there is none."""
    template = mapping_template_called(lender, called)
    if template is None:
        raise CommandError(f"{lender.name} has no template “{called}”. Store it with importmapping.")
    return template


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turns what a service refuses into the command's one plain sentence."""
    try:
        yield
    except ValidationError as refusal:
        raise CommandError(" ".join(sentences(refusal))) from None
    except AnswersClosed as refusal:
        raise CommandError(str(refusal)) from None


def sentences(refusal: ValidationError) -> Iterator[str]:
    """What was refused, with the name of the field where the sentence itself does not say."""
    if not hasattr(refusal, "error_dict"):
        yield from refusal.messages
        return
    for field, messages in refusal.message_dict.items():
        name = "" if field == NON_FIELD_ERRORS else f"{field.replace('_', ' ').capitalize()}: "
        yield from (name + message for message in messages)
