"""The clock forgets sessions that are over, and sign-ins of long ago."""

from datetime import timedelta
from typing import Any

import time_machine
from axes.models import AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collections_app.models import Event, SpentForm
from collections_app.services import forgetting
from tests import factories

PASSWORD = "a long password for a test"


def test_a_session_is_forgotten_when_it_is_over_and_not_before(db: None, client: Client) -> None:
    client.force_login(factories.make_user())
    assert forgetting.sessions_forget() == 0
    assert client.get("/admin/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert forgetting.sessions_forget() == 1
    assert not Session.objects.exists()


def test_sign_ins_are_forgotten_after_the_days_set_and_the_record_stays(
    db: None, client: Client, settings: Any
) -> None:
    settings.SIGN_IN_LOG_DAYS = 30
    user = factories.make_user()
    user.set_password(PASSWORD)
    user.save()
    for password in ("wrong", PASSWORD):
        client.post("/admin/login/", {"username": user.username, "password": password})
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (1, 1)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert forgetting.sign_ins_forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert forgetting.sign_ins_forget() == 2
    assert not AccessLog.objects.exists() and not AccessFailureLog.objects.exists()
    told = Event.objects.values_list("action", flat=True)
    assert {"user.signed_in", "user.refused"} <= set(told)


def test_the_keys_of_forms_are_forgotten_once_no_session_can_send_them(db: None, settings: Any) -> None:
    SpentForm.objects.create(user=factories.make_user(), key_hash=b"1")
    with time_machine.travel(timezone.now() + timedelta(hours=settings.STAFF_HOURS)):
        assert forgetting.spent_forms_forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert forgetting.spent_forms_forget() == 1
