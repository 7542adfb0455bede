"""Links for a forgotten password: what was asked for is a row, and the worker answers it.

The page does the same work for every address, so that neither its words nor its time tell who is known here.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from collections_app.models import PasswordAsk
from collections_app.services import lenders
from collections_app.services.speaking import our_language

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
# Whoever waited for so long has asked again, or somebody else.
GIVEN_UP_AFTER = timedelta(hours=1)


def password_ask(*, email: str) -> None:
    """Keeps that somebody asked for a link to this address, whether or not anybody here has it."""
    PasswordAsk.objects.create(email=email)


def password_asks_answer() -> int:
    """Mails a link to each active member of staff with such an address; returns how many asks were answered.

    What was answered is deleted, and so is what no mail server took for an hour.
    """
    PasswordAsk.objects.filter(asked_at__lte=timezone.now() - GIVEN_UP_AFTER).delete()
    return sum(_answer(ask) for ask in list(_due(timezone.now())) if _claim(ask))


def _claim(ask: PasswordAsk) -> bool:
    """Whether it is ours to answer: others may have answered it while we were at those before."""
    now = timezone.now()
    return bool(_due(now).filter(pk=ask.pk).update(try_at=now + AGAIN_AFTER))


def _due(now: datetime) -> QuerySet[PasswordAsk]:
    """Those whose time has come; one too far ahead was set by a clock that was put back since.

    Twice as far as any is set, because the clocks of two machines are never quite the same.
    """
    return PasswordAsk.objects.filter(Q(try_at__lte=now) | Q(try_at__gt=now + 2 * AGAIN_AFTER))


def _answer(ask: PasswordAsk) -> bool:
    """Also those get a link who were invited and never set a password."""
    try:
        with our_language():
            for user in User.objects.filter(email__iexact=ask.email, is_active=True, is_staff=True):
                lenders.password_link_send(user=user)
    except (SMTPException, OSError) as error:
        logger.warning("A link for a new password could not be mailed (%s).", type(error).__name__)
        return False
    ask.delete()
    return True
