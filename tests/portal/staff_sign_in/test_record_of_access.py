"""What people do to their own access is on the record, and says no more than what happened."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from collections_app.models import Event, Lender
from collections_app.services.lenders import password_address
from tests.portal.staff_sign_in.signing_in import (
    LIST,
    PASSWORD,
    code_now,
    manager_of,
    set_up,
    sign_in,
    words,
)

NEW = "four green herons at dusk"


def told_of(user: User) -> list[tuple[str, str]]:
    """What the record tells of this person: the action, and what was changed where it is a change."""
    told = Event.objects.filter(about=f"user:{user.username}").order_by("pk")
    return [(event.action, event.data.get("change", "")) for event in told if event.action != "desk.viewed"]


def test_with_two_factors_only_the_code_is_a_sign_in(two_factor: None, member: User) -> None:
    app = set_up(member)
    thief, browser = Client(), Client()
    sign_in(thief, member, REMOTE_ADDR="192.0.2.66")
    thief.post("/admin/code/", {"code": "a wrong one"})
    assert told_of(member) == [("user.password_accepted", ""), ("user.code_refused", "")]
    sign_in(browser, member, REMOTE_ADDR="192.0.2.7")
    browser.post("/admin/code/", {"code": code_now(app)})
    assert [action for action, _change in told_of(member)][2:] == ["user.password_accepted", "user.signed_in"]
    shown = words(browser.get("/admin/your-settings/"))
    assert "from 192.0.2.7" in shown and "192.0.2.66" not in shown


def test_a_wrong_code_while_an_app_is_set_up_is_on_the_record(
    two_factor: None, client: Client, member: User
) -> None:
    sign_in(client, member)
    client.post("/admin/set-up-code/", {"code": "000000"})
    assert ("user.code_refused", "") in told_of(member)


def test_a_password_alone_is_a_sign_in_where_it_is_enough(client: Client, member: User) -> None:
    sign_in(client, member, REMOTE_ADDR="192.0.2.7")
    assert told_of(member) == [("user.signed_in", "")]
    assert "from 192.0.2.7" in words(client.get("/admin/your-settings/"))


def test_a_new_password_is_in_the_history_and_on_the_record_whichever_way_it_was_set(
    client: Client, member: User, lender: Lender
) -> None:
    sign_in(client, member)
    answers = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", answers | {"old_password": "wrong"}).status_code == 200
    client.post("/admin/password_change/", answers)
    member.refresh_from_db()
    path = password_address(member).removeprefix("http://127.0.0.1:8000")
    stranger = Client()
    form = stranger.get(path, follow=True).redirect_chain[-1][0]
    stranger.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    changes = ["Changed the own password.", "Set a password by a one-time link."]
    assert [change for action, change in told_of(member) if action == "desk.changed"] == changes
    history = words(manager_of(lender).get(f"{LIST}{member.staff_member.pk}/history/"))
    assert all(change in history for change in changes)


def test_the_mails_that_somebody_chooses_are_on_the_record_once(client: Client, member: User) -> None:
    sign_in(client, member)
    for _twice in range(2):
        client.post("/admin/your-settings/", {"mails": ["opened"]})
    changes = [change for action, change in told_of(member) if action == "desk.changed"]
    assert changes == ["Mails: none to “A borrower opened the link”."]


def test_operators_and_passwords_made_by_command_are_on_the_record(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="olga", email="olga@example.test")
    monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: NEW)
    call_command("changepassword", "olga")
    olga = User.objects.get(username="olga")
    assert olga.check_password(NEW)
    told = Event.objects.filter(about="user:olga").order_by("pk")
    assert [(each.actor_kind, each.action) for each in told] == [
        ("operator", "operator.made"),
        ("operator", "desk.changed"),
    ]
    assert not any(re.search(f"{NEW}|{PASSWORD}", str(each.data)) for each in told)
