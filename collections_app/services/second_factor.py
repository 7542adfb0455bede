"""The second factor of staff and operators: setting it up, asking for it, taking it away."""

from datetime import datetime
from typing import Any

import django_otp
from django.contrib.auth.models import User
from django.db import transaction

from collections_app import events
from collections_app.audit.signals import who
from collections_app.models import AuthenticatorApp, RecoveryCode, RecoveryCodes
from collections_app.models.second_factor import DIGITS, devices_of
from collections_app.services import staff_record

Factor = AuthenticatorApp | RecoveryCodes


class TooManyCodes(Exception):
    """Wrong codes were given; none is looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"No code is looked at before {until:%H:%M:%S %Z}.")
        self.until = until


def is_set_up(user: User) -> bool:
    return bool(AuthenticatorApp.objects.filter(user=user, confirmed=True).exists())


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(device__user=user).count()


@transaction.atomic
def enrolment_begin(*, user: User, begun: int | None = None) -> AuthenticatorApp:
    """The app that one session sets up: that of the number with which it began, else a new one.

    Another session may be somebody's who knows the password alone. It gets a key of its own and never sees
    this one; a new one ends those that were begun before.
    """
    unconfirmed = AuthenticatorApp.objects.filter(user=user, confirmed=False)
    app: AuthenticatorApp | None = unconfirmed.filter(pk=begun).first()
    if app is None:
        unconfirmed.delete()
        app = AuthenticatorApp.unconfirmed(user.pk)
        app.user = user
        app.save()
    return app


@transaction.atomic
def enrolment_finish(*, app: AuthenticatorApp, code: str) -> list[str] | None:
    """Takes the app into use and returns new recovery codes, known here alone; None for a wrong code.

    An earlier app of the person stops working. Raises TooManyCodes.
    """
    if not _matches(app, code):
        _refused(app.user)
        return None
    AuthenticatorApp.objects.filter(user=app.user).exclude(pk=app.pk).delete()
    AuthenticatorApp.objects.filter(pk=app.pk).update(confirmed=True)
    staff_record.note(app.user, "Set up two-factor sign-in.", by=app.user)
    return _codes_make(app.user)


def code_check(*, user: User, code: str) -> Factor | None:
    """The device that the code is of, an app or the recovery codes; None when it is of none.

    Raises TooManyCodes.
    """
    given = "".join(code.split())
    is_short = len(given.replace("-", "")) == DIGITS
    for device in devices_of(user):
        if isinstance(device, AuthenticatorApp) == is_short and _matches(device, given):
            if isinstance(device, RecoveryCodes):
                left = device.codes.count()
                staff_record.note(user, f"Used a recovery code; {left} are left.", by=user)
            return device
    _refused(user)
    return None


@transaction.atomic
def recovery_codes_make(*, user: User) -> list[str]:
    """New recovery codes; the earlier ones stop working."""
    codes = _codes_make(user)
    staff_record.note(user, "Made new recovery codes.", by=user)
    return codes


@transaction.atomic
def second_factor_reset(*, user: User, by: User | None) -> None:
    """Takes the second factor away: at the next sign-in the person sets up a new one.

    Sessions that were let in with it end with it.
    """
    AuthenticatorApp.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
    staff_record.note(user, "Two-factor sign-in was reset.", by=by)


def second_factor_count(user: User) -> tuple[int, int]:
    """How many authenticator apps and recovery codes there are that `second_factor_reset` takes away."""
    return AuthenticatorApp.objects.filter(user=user).count(), recovery_codes_left(user)


def _codes_make(user: User) -> list[str]:
    device: RecoveryCodes
    device, _made = RecoveryCodes.objects.get_or_create(user=user, defaults={"name": "recovery codes"})
    return device.make()


def _refused(user: User) -> None:
    events.note("user.code_refused", by=who(user), about=events.about_of(user))


def _matches(device: Factor, code: str) -> bool:
    """Asks with the row locked, so that no code is taken twice. Raises TooManyCodes."""
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        refusal: dict[str, Any] = why or {}
        raise TooManyCodes(refusal["locked_until"])
    return django_otp.verify_token(device.user, device.persistent_id, code) is not None
