from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from collections_app.models import AuthenticatorApp
from collections_app.services import second_factor
from tests import factories


@pytest.fixture
def member(db: None) -> User:
    return factories.make_staff(factories.make_lender())


def resetsignin(*arguments: str) -> str:
    told = StringIO()
    call_command("resetsignin", *arguments, stdout=told)
    return told.getvalue()


def test_the_second_factor_is_taken_away_and_the_history_says_so(member: User) -> None:
    second_factor.enrolment_begin(user=member)
    resetsignin(member.username, "--two-factor")
    assert not AuthenticatorApp.objects.exists()
    said = LogEntry.objects.get().change_message
    assert said == "Two-factor sign-in was reset. By the operator, with a command."


def test_an_operator_gets_back_in_too(db: None) -> None:
    operator = factories.make_operator()
    second_factor.enrolment_begin(user=operator)
    resetsignin(operator.username, "--two-factor")
    assert not AuthenticatorApp.objects.exists()


def test_the_wait_after_wrong_passwords_ends(member: User, client: Client) -> None:
    for _guess in range(5):
        client.post("/admin/login/", {"username": member.username, "password": "x"})
    assert AccessAttempt.objects.exists()
    resetsignin(member.username, "--unlock")
    assert not AccessAttempt.objects.exists()


def test_the_last_line_is_a_link_that_sets_a_password(member: User, client: Client) -> None:
    link = resetsignin(member.username, "--password-link").splitlines()[-1]
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "Set your password" in page.content.decode()


def test_a_rehearsal_counts_what_would_go_and_takes_nothing(member: User, client: Client) -> None:
    app = second_factor.enrolment_begin(user=member)
    codes = second_factor.recovery_codes_make(user=member)
    client.post("/admin/login/", {"username": member.username, "password": "x"})
    said = LogEntry.objects.count()
    told = resetsignin(member.username, "--two-factor", "--unlock", "--password-link", "--dry-run")
    assert told.splitlines() == [
        f"Authenticator apps that would be taken away: 1; recovery codes: {len(codes)}.",
        "Counts of wrong passwords that would be deleted: 1.",
        "A link to set a password would be printed.",
        "Nothing was done.",
    ]
    assert AuthenticatorApp.objects.get() == app
    assert second_factor.recovery_codes_left(member) == len(codes)
    assert AccessAttempt.objects.count() == 1
    assert LogEntry.objects.count() == said


def test_an_unknown_name_and_nothing_to_do_are_refused_in_a_sentence(member: User) -> None:
    with pytest.raises(CommandError, match="Nobody signs in with the name nobody@x.test."):
        resetsignin("nobody@x.test", "--unlock")
    with pytest.raises(CommandError, match="Say what to reset"):
        resetsignin(member.username)
