"""The second factor of staff and operators: devices as django-otp knows them, with nothing kept in the open.

The library's own plug-ins store the app's key and the recovery codes as they are; whoever reads the database
would hold them. Here the key is in the vault, and of a code there is only the hash.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from collections_app import vault

KEY_BYTES = 20
DIGITS = 6
# A clock may be wrong by this many steps of 30 seconds.
TOLERANCE = 1
# 120 bits: enough that a plain hash cannot be guessed.
CODE_BYTES = 15
CODES = 10


class AuthenticatorApp(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]  # brings no types
    """An app that shows a new code every 30 seconds. It counts once a first code of it was given."""

    sealed_key = models.BinaryField()
    last_step = models.BigIntegerField(default=-1, help_text="Each code works once: later steps alone count.")
    drift = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name = "authenticator app"

    @classmethod
    def unconfirmed(cls, user_id: int) -> AuthenticatorApp:
        """A new key, not stored yet."""
        app = cls(user_id=user_id, name="app", confirmed=False)
        app.sealed_key = vault.seal_bytes(secrets.token_bytes(KEY_BYTES), place=app.place)
        return app

    @property
    def place(self) -> str:
        return f"authenticator_app:{self.user_id}:key"

    @property
    def key(self) -> bytes:
        """The key itself. Raises vault.VaultError."""
        return vault.unseal_bytes(self.sealed_key, place=self.place)

    @property
    def key_to_type(self) -> str:
        """The key in groups of four, for an app without a camera. Raises vault.VaultError."""
        letters = b32encode(self.key).decode()
        return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))

    @property
    def address(self) -> str:
        """What the picture for the camera says. Raises vault.VaultError."""
        issuer = settings.PRODUCT_NAME.replace(":", "")
        asked = {"secret": b32encode(self.key).decode(), "issuer": issuer, "digits": DIGITS, "period": 30}
        label = quote(f"{issuer}:{self.user.get_username()}")
        return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"

    def verify_token(self, token: str) -> bool:
        """Whether it is the code of this moment, not used before; a wrong one makes the next wait longer.

        To be asked inside a transaction with the row locked, as `django_otp.verify_token` does. Raises
        vault.VaultError.
        """
        if not self.verify_is_allowed()[0]:
            return False
        totp = TOTP(self.key, digits=DIGITS, drift=self.drift)
        is_code = len(token) == DIGITS and token.isascii() and token.isdecimal()
        if not (is_code and totp.verify(int(token), TOLERANCE, self.last_step + 1)):
            self.throttle_increment()
            return False
        self.last_step, self.drift = totp.t(), totp.drift
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        return 1


class RecoveryCodes(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]  # brings no types
    """The codes that a person keeps for the day the app is gone."""

    class Meta:
        verbose_name = "recovery codes"
        verbose_name_plural = verbose_name

    def make(self) -> list[str]:
        """New codes; the earlier ones stop working. They are known here and never again."""
        codes = [_new_code() for _ in range(CODES)]
        self.codes.all().delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(device=self, digest=digest(code)) for code in codes)
        return codes

    def verify_token(self, token: str) -> bool:
        """Whether it is one of the codes; it is then spent. Called as that of the app is."""
        if not self.verify_is_allowed()[0]:
            return False
        if not self.codes.filter(digest=digest(token)).delete()[0]:
            self.throttle_increment()
            return False
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        return 1


class RecoveryCode(models.Model):
    """The hash of one code. A row that is gone was used or replaced."""

    device = models.ForeignKey(RecoveryCodes, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Code {self.pk}"


def digest(code: str) -> str:
    """The same for every way of writing a code: in capitals, with or without its hyphens."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def _new_code() -> str:
    letters = b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(letters[at : at + 6] for at in range(0, len(letters), 6))


def devices_of(user: Any) -> list[AuthenticatorApp | RecoveryCodes]:
    """What this person may give a code of."""
    apps = AuthenticatorApp.objects.filter(user_id=user.pk, confirmed=True)
    return [*apps, *RecoveryCodes.objects.filter(user_id=user.pk)]
