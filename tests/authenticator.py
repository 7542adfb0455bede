"""The app on a person's telephone, by the library's own arithmetic."""

import time
from base64 import b32decode

from django_otp.oath import TOTP


def code_of(key: str) -> str:
    """What the app shows now for the key that was typed into it."""
    return code_of_bytes(b32decode(key.replace(" ", "")))


def code_of_bytes(key: bytes) -> str:
    totp = TOTP(key)
    totp.time = time.time()
    return f"{totp.token():06}"
