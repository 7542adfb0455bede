"""Staff and operators sign in with a password and the code of an app, and are let go again."""

import re
import socket
import threading
from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collections_app.models import AuthenticatorApp, Lender, PasswordAsk, RecoveryCode, StaffMember
from collections_app.services import password_asks, second_factor
from tests import factories
from tests.authenticator import code_of_bytes

PASSWORD = "three blue herons at noon"
LIST = "/admin/collections_app/staffmember/"


@pytest.fixture
def two_factor(settings: Any) -> None:
    settings.STAFF_TWO_FACTOR = True


@pytest.fixture
def lender(db: None) -> Lender:
    return factories.make_lender("Northern Credit")


@pytest.fixture
def member(lender: Lender) -> User:
    user = factories.make_staff(lender, StaffMember.Role.ANALYST)
    user.email = user.username
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(browser: Client, user: User, password: str = PASSWORD, **extra: Any) -> Any:
    answers = {"username": user.username, "password": password, "next": "/admin/"}
    return browser.post("/admin/login/", answers, follow=True, **extra)


def code_now(app: AuthenticatorApp) -> str:
    return code_of_bytes(app.key)


def set_up(user: User) -> AuthenticatorApp:
    app = second_factor.enrolment_begin(user=user)
    AuthenticatorApp.objects.filter(pk=app.pk).update(confirmed=True)
    return app


def where(response: Any) -> str:
    return str(response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"])


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_first_sign_in_sets_up_an_app_and_shows_recovery_codes_once(
    two_factor: None, client: Client, member: User
) -> None:
    page = sign_in(client, member)
    assert where(page) == "/admin/set-up-code/?next=%2Fadmin%2F"
    told = page.content.decode()
    assert '<svg viewBox="0 0' in told
    assert "style=" not in told
    key = re.search(r'class="key">([A-Z2-7 ]+)<', told)
    assert key
    app = AuthenticatorApp.objects.get()
    assert b32decode(key[1].replace(" ", "")) == app.key
    assert "This code is not right." in words(client.post("/admin/set-up-code/", {"code": "12345"}))
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        told = client.post("/admin/set-up-code/", {"code": code_now(app)}).content.decode()
    codes = re.findall(r"<code>([a-z2-7]{6}(?:-[a-z2-7]{6}){3})</code>", told)
    assert len(set(codes)) == 10
    assert "not shown again" in told
    assert client.get("/admin/").status_code == 200
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Set up two-factor sign-in."]
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM collections_app_recoverycode")
        kept = str(cursor.fetchall())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert app.key not in bytes(app.sealed_key)


def test_a_password_alone_opens_no_address_of_the_desk(
    two_factor: None, client: Client, member: User
) -> None:
    from tests.collections_app.admin.addresses import address, admin_routes

    set_up(member)
    sign_in(client, member)
    open_pages = {"admin/code/", "admin/login/", "admin/password-reset/", "admin/password-reset/asked/"}
    for route in admin_routes():
        if route in open_pages | {"admin/logout/"}:
            continue
        for method in (client.get, client.post):
            assert method(address(route, member.pk)).status_code == 302, route


def test_the_code_opens_the_desk_once_in_a_new_session(two_factor: None, member: User) -> None:
    app = set_up(member)
    browser, thief = Client(), Client()
    page = sign_in(browser, member)
    assert where(page) == "/admin/code/?next=%2Fadmin%2F"
    before = browser.session.session_key
    code = code_now(app)
    typed = {"code": f"{code[:3]} {code[3:]}"}
    answer = browser.post("/admin/code/?next=/admin/collections_app/lender/", typed)
    assert answer.headers["Location"] == "/admin/collections_app/lender/"
    assert browser.session.session_key != before
    assert browser.get("/admin/").status_code == 200
    sign_in(thief, member)
    assert "was used already" in words(thief.post("/admin/code/", {"code": code}))
    assert thief.get("/admin/").status_code == 302


def test_after_the_code_nobody_is_sent_to_another_site(
    two_factor: None, client: Client, member: User
) -> None:
    app = set_up(member)
    sign_in(client, member)
    answer = client.post("/admin/code/?next=//evil.example/", {"code": code_now(app)})
    assert answer.headers["Location"] == "/admin/"


def test_a_recovery_code_opens_once_in_any_writing(two_factor: None, client: Client, member: User) -> None:
    set_up(member)
    code, *_others = second_factor.recovery_codes_make(user=member)
    sign_in(client, member)
    client.post("/admin/code/", {"code": code.upper().replace("-", " ")})
    assert client.get("/admin/").status_code == 200
    assert RecoveryCode.objects.count() == 9
    again = Client()
    sign_in(again, member)
    again.post("/admin/code/", {"code": code})
    assert again.get("/admin/").status_code == 302
    said = LogEntry.objects.filter(change_message__startswith="Signed in with a recovery code").get()
    assert said.change_message.endswith("9 are left.")


def test_each_wrong_code_doubles_the_wait(two_factor: None, client: Client, member: User) -> None:
    app = set_up(member)
    sign_in(client, member)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for wait in (1, 2, 4, 8, 16):
            assert client.post("/admin/code/", {"code": "000000"}).status_code == 200
            refused = client.post("/admin/code/", {"code": code_now(app)})
            assert refused.status_code == 429
            assert f"The next one is looked at in {wait} second" in words(refused)
            clock.shift(wait)
        assert client.post("/admin/code/", {"code": code_now(app)}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_one_code_given_twice_at_once_opens_once(member: User) -> None:
    code = code_now(set_up(member))
    ready = threading.Barrier(2)

    def give() -> bool:
        ready.wait()
        try:
            return second_factor.code_check(user=member, code=code) is not None
        except second_factor.TooManyCodes:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(each.result() for each in [both.submit(give), both.submit(give)]) == [False, True]


def test_new_recovery_codes_need_a_code_of_the_app(two_factor: None, client: Client, member: User) -> None:
    app = set_up(member)
    old, *_ = second_factor.recovery_codes_make(user=member)
    sign_in(client, member)
    client.post("/admin/code/", {"code": code_now(app)})
    assert "You have 10 recovery codes left" in words(client.get("/admin/recovery-codes/"))
    assert "<code>" not in client.post("/admin/recovery-codes/", {"code": "000000"}).content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        told = client.post("/admin/recovery-codes/", {"code": code_now(app)}).content.decode()
    assert told.count("<code>") == 10
    assert old not in told
    assert second_factor.code_check(user=member, code=old) is None


def test_a_lost_vault_key_is_said_in_words_and_recovery_codes_still_open(
    two_factor: None, settings: Any, client: Client, member: User
) -> None:
    set_up(member)
    code, *_others = second_factor.recovery_codes_make(user=member)
    sign_in(client, member)
    settings.VAULT_KEYS = ["YW5vdGhlciB2YXVsdCBrZXkgb2YgdGhlIHRlc3RzISE="]
    refused = client.post("/admin/code/", {"code": "000000"})
    assert refused.status_code == 503
    assert "a key is missing" in words(refused)
    assert client.post("/admin/code/", {"code": code}).status_code == 302


def test_without_the_setting_a_password_is_enough(client: Client, member: User) -> None:
    assert sign_in(client, member).status_code == 200
    assert client.get("/admin/").status_code == 200


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


def test_no_password_is_kept_of_those_that_were_tried(client: Client, member: User) -> None:
    sign_in(client, member, "an almost right password")
    kept = str(list(AccessAttempt.objects.values())) + str(list(AccessFailureLog.objects.values()))
    assert member.username in kept
    assert "almost right" not in kept


def test_who_does_nothing_for_half_an_hour_is_signed_out_and_told(client: Client, member: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member)
        for _page in range(3):
            clock.shift(timedelta(minutes=29))
            assert client.get("/admin/").status_code == 200
        clock.shift(timedelta(minutes=30))
        told = client.get("/admin/collections_app/lender/", follow=True)
    assert where(told) == "/admin/login/?next=%2Fadmin%2Fcollections_app%2Flender%2F"
    assert "signed out because nothing was done for 30 minutes" in words(told)


def test_who_never_stops_is_signed_out_after_twelve_hours(client: Client, member: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member)
        for _page in range(35):
            clock.shift(timedelta(minutes=20))
            assert client.get("/admin/").status_code == 200
        clock.shift(timedelta(minutes=20))
        assert "signed out after 12 hours" in words(client.get("/admin/", follow=True))


def test_signing_out_has_the_browser_forget_what_it_kept(client: Client, member: User) -> None:
    sign_in(client, member)
    left = client.post("/admin/logout/")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert where(client.get(LIST, follow=True)).startswith("/admin/login/")


def manager_of(lender: Lender) -> Client:
    browser = Client()
    browser.force_login(factories.make_staff(lender))
    return browser


def test_a_manager_signs_a_colleague_out_everywhere(client: Client, member: User, lender: Lender) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member)
        clock.shift(5)
        manager_of(lender).post(f"{LIST}{member.staff_member.pk}/sign-out/")
        assert "signed out everywhere" in words(client.get("/admin/", follow=True))
        clock.shift(5)
        assert sign_in(client, member).status_code == 200


def test_one_sees_the_own_sign_ins_and_ends_them_all(client: Client, member: User) -> None:
    elsewhere = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(elsewhere, member, REMOTE_ADDR="192.0.2.7")
        sign_in(client, member)
        assert "from 192.0.2.7" in words(client.get("/admin/your-settings/"))
        clock.shift(5)
        client.post("/admin/your-settings/", {"sign_out": "yes"})
        assert elsewhere.get("/admin/").status_code == client.get("/admin/").status_code == 302


def test_a_manager_resets_the_second_factor_of_a_colleague_whose_sessions_end(
    settings: Any, client: Client, member: User, lender: Lender
) -> None:
    manager = manager_of(lender)
    manager.post(f"{LIST}{member.staff_member.pk}/reset-code/")
    app = set_up(member)
    settings.STAFF_TWO_FACTOR = True
    sign_in(client, member)
    client.post("/admin/code/", {"code": code_now(app)})
    settings.STAFF_TWO_FACTOR = False
    manager.post(f"{LIST}{member.staff_member.pk}/reset-code/")
    settings.STAFF_TWO_FACTOR = True
    assert where(client.get("/admin/", follow=True)).startswith("/admin/set-up-code/")
    settings.STAFF_TWO_FACTOR = False
    history = words(manager.get(f"{LIST}{member.staff_member.pk}/history/"))
    assert history.count("Two-factor sign-in was reset.") == 2


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


def test_links_for_passwords_are_limited_for_one_caller(client: Client, member: User) -> None:
    answers = [client.post("/admin/password-reset/", {"email": member.username}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert password_asks.password_asks_answer() == 10
