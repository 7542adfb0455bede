"""System checks: what is wrong with the settings, and the cure."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from collections_app import signatures, vault
from collections_app.uploads import scanning


@register()
def vault_keys_are_keys(**kwargs: Any) -> list[CheckMessage]:
    try:
        vault.keys()
    except vault.VaultKeyError as error:
        return [Error(str(error), hint=MAKE_KEY, id="collections_app.E001")]
    return []


@register()
def signing_keys_are_keys(**kwargs: Any) -> list[CheckMessage]:
    try:
        signatures.public_keys()
    except signatures.SigningKeyError as error:
        return [Error(str(error), hint=MAKE_KEY, id="collections_app.E020")]
    except vault.VaultKeyError:
        return []  # Said by the check of the vault's keys.
    return []


MAKE_KEY = (
    "Make one with: python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)


@register()
def gateway_is_trusted(**kwargs: Any) -> list[CheckMessage]:
    """An endpoint that is not Sage's is refused unless it was asked for in so many words."""
    parts = urlsplit(settings.INTACCT_ENDPOINT)
    host = parts.hostname or ""
    is_sage = parts.scheme == "https" and (host == "intacct.com" or host.endswith(".intacct.com"))
    if is_sage or settings.INTACCT_SANDBOX:
        return []
    return [
        Error(
            "INTACCT_ENDPOINT is not an https address of intacct.com.",
            hint="Correct it, or set INTACCT_SANDBOX=1 if it is a sandbox gateway.",
            id="collections_app.E002",
        )
    ]


@register()
def folder_is_writable(**kwargs: Any) -> list[CheckMessage]:
    """Asks this machine alone; whether a bucket answers is asked by `check --deploy`."""
    if not isinstance(default_storage, FileSystemStorage):
        return []
    place = Path(default_storage.location)
    while not place.exists():
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            "STORAGE_URL names a folder that cannot be made or written to.",
            hint=f"Let this program's user write to {place}.",
            id="collections_app.E003",
        )
    ]


@register(deploy=True)
def storage_answers(**kwargs: Any) -> list[CheckMessage]:
    """Writes one small file and deletes it again."""
    try:
        name = default_storage.save("check/storage", ContentFile(b"check"))
        default_storage.delete(name)
    except Exception as error:
        return [
            Error(
                f"The storage of STORAGE_URL does not take a file ({type(error).__name__}).",
                hint="Check the bucket's name, the endpoint, the region and the key's rights.",
                id="collections_app.E004",
            )
        ]
    return []


@register(deploy=True)
def sender_is_set(**kwargs: Any) -> list[CheckMessage]:
    if settings.INTACCT_SENDER_ID and settings.INTACCT_SENDER_PASSWORD:
        return []
    return [
        Warning(
            "INTACCT_SENDER_ID or INTACCT_SENDER_PASSWORD is not set, so no company can be connected.",
            hint="Sage gives both with the Web Services sender agreement.",
            id="collections_app.W001",
        )
    ]


@register(deploy=True)
def staff_sign_in_with_two_factors(**kwargs: Any) -> list[CheckMessage]:
    if settings.STAFF_TWO_FACTOR:
        return []
    return [
        Warning(
            "STAFF_TWO_FACTOR is off, so a password alone opens the desk.",
            hint="Take STAFF_TWO_FACTOR out of the environment. Staff set up an app when they next sign in.",
            id="collections_app.W002",
        )
    ]


@register()
def scanner_has_an_address(**kwargs: Any) -> list[CheckMessage]:
    try:
        if scanning.is_set_up():
            scanning.address_of(settings.CLAMAV_URL)
    except ValueError:
        return [
            Error(
                "CLAMAV_URL is not the address of a scanner.",
                hint="Write tcp://HOST:PORT or unix:///PATH, or leave it unset.",
                id="collections_app.E005",
            )
        ]
    return []


@register(deploy=True)
def uploads_are_scanned(**kwargs: Any) -> list[CheckMessage]:
    if scanning.is_set_up():
        return []
    return [
        Info(
            "CLAMAV_URL is not set, so uploaded documents are not scanned for viruses.",
            hint="Run clamd and set CLAMAV_URL; until then lenders are told that nothing is scanned.",
            id="collections_app.I001",
        )
    ]
