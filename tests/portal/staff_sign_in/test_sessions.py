"""How long staff stay signed in, and who ends it."""

from datetime import timedelta

import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from collections_app.models import Lender
from tests.portal.staff_sign_in.signing_in import LIST, manager_of, sign_in, where, words


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
