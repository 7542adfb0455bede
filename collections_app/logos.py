"""A lender's logo: which pictures are taken, and where one is kept.

No SVG, because that is a document with scripts of its own. What a picture is, its first bytes say, not its
name.
"""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from collections_app.storage_outages import storage_asked

# It is on the first page, which has to stay light on a telephone.
LARGEST = 30_000
LEADING_BYTES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n....IHDR", re.DOTALL),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL),
}
CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


def name_of(content: bytes) -> str:
    """The name of a picture: the hash of its content, and its kind. Raises ValidationError for others."""
    if not content:
        raise ValidationError("The file is empty. Choose the picture again.")
    if len(content) > LARGEST:
        raise ValidationError(f"The logo must not be larger than {LARGEST // 1000} kB. Make it smaller.")
    kind = next((kind for kind, leading in LEADING_BYTES.items() if leading.match(content)), None)
    if kind is None:
        raise ValidationError("The logo must be a PNG, JPEG or WebP picture.")
    return f"{hashlib.sha256(content).hexdigest()}.{kind}"


def keep(content: bytes) -> str:
    """Stores a picture, once however often it is given, and returns its name.

    Raises ValidationError, and OSError when the storage takes nothing.
    """
    name = name_of(content)
    with storage_asked():
        if not default_storage.exists(place(name)):
            default_storage.save(place(name), ContentFile(content))
    return name


def read(name: str) -> bytes:
    """A stored picture. Raises FileNotFoundError, and another OSError when the storage is away."""
    with storage_asked(), default_storage.open(place(name)) as file:
        content: bytes = file.read()
    return content


def delete(name: str) -> None:
    default_storage.delete(place(name))


def content_type(name: str) -> str:
    return CONTENT_TYPES[name.rpartition(".")[2]]


def place(name: str) -> str:
    """Under which name the storage has it."""
    return f"logos/{name}"
