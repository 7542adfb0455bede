"""Forgetting what nobody needs any more: sessions that are over, forms that were sent, and old sign-ins with
their addresses.
"""

from datetime import timedelta
from importlib import import_module

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from collections_app.models import SpentForm

# Longer than a session of staff lasts; a form cannot be sent from another.
SPENT_FORMS_KEPT = timedelta(days=2)


def sessions_forget() -> int:
    """Deletes the sessions that are over; returns how many. Django itself never does."""
    over = Session.objects.filter(expire_date__lt=timezone.now()).count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return over


def sign_ins_forget() -> int:
    """Deletes sign-ins, refused ones too, older than SIGN_IN_LOG_DAYS; returns how many.

    That somebody signed in stays in the record of events, without the address and the browser.
    """
    days = settings.SIGN_IN_LOG_DAYS
    log: int = AxesProxyHandler.reset_logs(age_days=days)
    refused: int = AxesProxyHandler.reset_failure_logs(age_days=days)
    return log + refused


def spent_forms_forget() -> int:
    """Deletes the keys of forms whose session is long over; returns how many."""
    before = timezone.now() - SPENT_FORMS_KEPT
    return SpentForm.objects.filter(created_at__lt=before).delete()[0]
