"""Passwords of staff: guessed, changed, too weak, forgotten."""

import re
import socket
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collections_app.models import Event, Lender, PasswordAsk
from collections_app.services import password_asks
from tests import factories
from tests.portal.staff_sign_in.signing_in import PASSWORD, set_up, sign_in, where, words


def test_guessing_locks_the_name_from_that_address_for_half_an_hour(member: User, lender: Lender) -> None:
    colleague = factories.make_staff(lender)
    colleague.set_password(PASSWORD)
    colleague.save()
    guesser = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _guess in range(4):
            assert "do not belong together" in words(sign_in(guesser, member, "guess", HTTP_USER_AGENT="a"))
        # Another browser, other capitals: it is the same name.
        locked = guesser.post("/admin/login/", {"username": f" {member.username.upper()}", "password": "x"})
        assert locked.status_code == 429
        assert "tried 5 times with a wrong password. For 30 minutes" in words(locked)
        assert sign_in(guesser, member).status_code == 429
        assert sign_in(Client(), member, REMOTE_ADDR="192.0.2.7").status_code == 200
        assert sign_in(guesser, colleague).status_code == 200
        clock.shift(timedelta(minutes=31))
        assert sign_in(Client(), member).status_code == 200
    assert AccessFailureLog.objects.filter(locked_out=True).exists()
    assert AccessLog.objects.filter(username=member.username).exists()


def test_tries_at_a_locked_name_are_told_of_once_in_half_an_hour(client: Client, member: User) -> None:
    refused = Event.objects.filter(action="user.refused", about=f"user:{member.username}")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _guess in range(12):
            sign_in(client, member, "guess")
        assert refused.count() == 5 + 1
        clock.shift(timedelta(minutes=31))
        assert "do not belong together" in words(sign_in(client, member, "guess"))
        assert refused.count() == 5 + 1 + 1


def test_who_guesses_for_many_names_is_stopped_and_others_are_let_in(client: Client, member: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for guess in range(30):
            answers = {"username": f"nobody-{guess}@staff.test", "password": "guess"}
            assert client.post("/admin/login/", answers).status_code == 200
        for _ in range(5):
            stopped = sign_in(client, member)
            assert stopped.status_code == 429
        assert "wrong passwords were typed too often" in words(stopped)
        assert AccessFailureLog.objects.count() == Event.objects.filter(action="user.refused").count() == 30
        assert client.get("/admin/login/").status_code == 200
        assert sign_in(Client(), member, REMOTE_ADDR="192.0.2.7").status_code == 200
        clock.shift(timedelta(minutes=11))
        assert sign_in(client, member).status_code == 200


def test_no_password_is_kept_of_those_that_were_tried(client: Client, member: User) -> None:
    sign_in(client, member, "an almost right password")
    kept = str(list(AccessAttempt.objects.values())) + str(list(AccessFailureLog.objects.values()))
    assert member.username in kept
    assert "almost right" not in kept


def test_a_new_password_ends_the_other_sessions(client: Client, member: User) -> None:
    elsewhere = Client()
    sign_in(client, member)
    sign_in(elsewhere, member)
    new = "four green herons at dusk"
    answers = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post("/admin/password_change/", answers)
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "weak", ["short one", "password1234", "123456789012", "user-7000000@staff", "Northern-Strongbox-2026"]
)
def test_a_weak_password_is_refused(weak: str, client: Client, lender: Lender) -> None:
    user = factories.make_staff(lender)
    user.username = user.email = "user-7000000@staff.test"
    user.set_password(PASSWORD)
    user.save()
    sign_in(client, user)
    answers = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert client.post("/admin/password_change/", answers).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_forgotten_password_is_replaced_by_mail_and_the_second_factor_stays(
    two_factor: None, client: Client, member: User
) -> None:
    set_up(member)
    client.post("/admin/password-reset/", {"email": member.username.upper()})
    assert password_asks.password_asks_answer() == 1
    (letter,) = mail.outbox
    assert letter.to == [member.username]
    link = re.search(r"http://\S+/reset/\S+", str(letter.body))
    assert link
    page = client.get(link[0].removeprefix("http://127.0.0.1:8000"), follow=True)
    new = "four green herons at dusk"
    client.post(page.redirect_chain[-1][0], {"new_password1": new, "new_password2": new})
    assert where(sign_in(client, member, new)).startswith("/admin/code/")
    used = client.get(link[0].removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "This link no longer works" in words(used)


def test_asking_for_a_password_says_the_same_for_every_address(client: Client, member: User) -> None:
    told = [
        words(client.post("/admin/password-reset/", {"email": email}, follow=True))
        for email in (member.username, "nobody@northern.test")
    ]
    assert told[0] == told[1]
    assert password_asks.password_asks_answer() == 2
    assert len(mail.outbox) == 1
    assert not PasswordAsk.objects.exists()


def test_asking_for_a_password_does_the_same_work_for_every_address_and_meets_no_mail_server(
    client: Client, member: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client.post("/admin/password-reset/", {"email": "first@northern.test"})
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        work = []
        for email in (member.username, "nobody@northern.test"):
            with (
                CaptureQueriesContext(connection) as queries,
                django_capture_on_commit_callbacks(execute=True),
            ):
                assert client.post("/admin/password-reset/", {"email": email}).status_code == 302
            work.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])
        with pytest.raises(BlockingIOError):
            server.accept()
    assert work[0] == work[1]
    assert not any("auth_user" in query for query in work[0])


def test_a_link_for_a_password_waits_for_the_mail_server_and_not_for_ever(
    client: Client, member: User, settings: Any
) -> None:
    working = settings.EMAIL_BACKEND
    client.post("/admin/password-reset/", {"email": member.username})
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert password_asks.password_asks_answer() == 0
    settings.EMAIL_BACKEND = working
    assert password_asks.password_asks_answer() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert password_asks.password_asks_answer() == 1
    assert len(mail.outbox) == 1
    client.post("/admin/password-reset/", {"email": member.username})
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert password_asks.password_asks_answer() == 0
    assert not PasswordAsk.objects.exists()


def test_an_ask_in_hand_of_a_machine_whose_clock_is_a_second_ahead_is_left_alone(
    client: Client, member: User, settings: Any
) -> None:
    client.post("/admin/password-reset/", {"email": member.username})
    working = settings.EMAIL_BACKEND
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        assert password_asks.password_asks_answer() == 0, "it is claimed there, and not answered yet"
    settings.EMAIL_BACKEND = working
    assert password_asks.password_asks_answer() == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("one_window")
def test_links_for_passwords_are_limited_for_one_caller(client: Client, member: User) -> None:
    answers = [client.post("/admin/password-reset/", {"email": member.username}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert password_asks.password_asks_answer() == 10
