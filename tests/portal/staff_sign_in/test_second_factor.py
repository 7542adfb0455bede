"""The code of an app behind the password: set up, asked for, replaced by recovery codes, reset."""

import re
import threading
from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from collections_app.models import AuthenticatorApp, Lender, RecoveryCode
from collections_app.services import second_factor
from tests.portal.staff_sign_in.signing_in import LIST, code_now, manager_of, set_up, sign_in, where, words


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


def shown_key(browser: Client) -> bytes:
    key = re.search(r'class="key">([A-Z2-7 ]+)<', browser.get("/admin/set-up-code/").content.decode())
    assert key
    return b32decode(key[1].replace(" ", ""))


def test_who_knows_the_password_alone_never_sees_the_key_that_the_owner_sets_up(
    two_factor: None, member: User
) -> None:
    thief, owner = Client(), Client()
    sign_in(thief, member)
    seen = {shown_key(thief)}
    sign_in(owner, member)
    own = shown_key(owner)
    assert own not in seen
    # A page that is loaded again shows the picture that is in the owner's app by now.
    assert shown_key(owner) == own
    app = AuthenticatorApp.objects.get()
    assert app.key == own
    assert "Keep your recovery codes" in words(owner.post("/admin/set-up-code/", {"code": code_now(app)}))
    assert thief.get("/admin/set-up-code/").headers["Location"].startswith("/admin/code/")
    assert AuthenticatorApp.objects.get().key == own


def test_a_key_that_another_session_replaced_opens_nothing(two_factor: None, member: User) -> None:
    first, second = Client(), Client()
    sign_in(first, member)
    shown_key(first)
    app = AuthenticatorApp.objects.get()
    sign_in(second, member)
    shown_key(second)
    assert "This code is not right." in words(first.post("/admin/set-up-code/", {"code": code_now(app)}))
    assert not AuthenticatorApp.objects.filter(confirmed=True).exists()


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
    said = LogEntry.objects.filter(change_message__startswith="Used a recovery code").get()
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
