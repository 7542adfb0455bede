import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from collections_app.models import Lender, StaffMember
from collections_app.services import lenders
from tests import factories
from tests.collections_app.admin.conftest import SignIn

LIST = "/admin/collections_app/staffmember/"


def test_staff_see_their_colleagues_and_nobody_elses(
    analyst: Client, stranger: Client, lender: Lender, other_lender: Lender
) -> None:
    page = analyst.get(LIST).content.decode()
    assert lender.staff.get().user.get_username() in page
    assert other_lender.staff.get().user.get_username() not in page


def test_a_manager_invites_a_colleague_by_mail(manager: Client, client: Client, lender: Lender) -> None:
    page = manager.post(f"{LIST}add/", {"email": "New@Northern.test", "role": "analyst"}, follow=True)
    assert "Invited new@northern.test." in page.content.decode()
    member = StaffMember.objects.get(user__username="new@northern.test")
    assert (member.lender, member.role) == (lender, "analyst")
    assert not member.user.has_usable_password()
    (letter,) = mail.outbox
    assert letter.to == ["new@northern.test"]
    assert "invites you to Northern Credit's desk" in letter.subject
    link = re.search(r"http://127.0.0.1:8000(/reset/\S+)", str(letter.body))
    assert link
    assert client.get(link[1], follow=True).status_code == 200
    assert "/reset/" not in page.content.decode()
    history = manager.get(f"{LIST}{member.pk}/history/").content.decode()
    assert "Invited as analyst." in history


def test_a_manager_invites_to_the_own_lender_alone(manager: Client, other_lender: Lender) -> None:
    manager.post(f"{LIST}add/", {"email": "a@b.test", "role": "manager", "lender": other_lender.pk})
    assert StaffMember.objects.get(user__username="a@b.test").lender != other_lender


def test_an_operator_invites_to_any_lender_that_has_had_no_manager(
    operator: Client, lender: Lender, sign_in: SignIn
) -> None:
    answers = {"lender": lender.pk, "email": "first@northern.test", "role": "manager"}
    operator.post(f"{LIST}add/", answers)
    first = lender.staff.get().user
    assert first.username == "first@northern.test"
    sign_in(first)
    refused = operator.post(f"{LIST}add/", answers | {"email": "me@operators.test"}).content.decode()
    assert "Northern Credit has had a manager, who invites its people." in refused
    assert lender.staff.count() == 1
    # Shut out, it was a manager all the same.
    operator.post(f"{LIST}{lender.staff.get().pk}/change/", {})
    operator.post(f"{LIST}add/", answers | {"email": "me@operators.test"})
    assert [member.user.is_active for member in lender.staff.all()] == [False]


def test_an_operator_takes_away_only_a_membership_that_was_never_used(
    operator: Client, manager: Client, lender: Lender
) -> None:
    used, unused = lender.staff.get(), factories.make_staff(lender, StaffMember.Role.AUDITOR).staff_member
    assert operator.post(f"{LIST}{used.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [used.pk, unused.pk]}
    operator.post(LIST, chosen)
    assert lender.staff.count() == 2
    operator.post(f"{LIST}{unused.pk}/delete/", {"post": "yes"})
    assert lender.staff.get() == used


def test_an_operator_cannot_sign_in_as_a_lenders_person(
    operator: Client, manager: Client, lender: Lender
) -> None:
    user = lender.staff.get().user
    earlier = user.password
    assert operator.get(f"/admin/auth/user/{user.pk}/change/").status_code == 200
    taken = {"password1": "a-long-password-of-mine", "password2": "a-long-password-of-mine"}
    assert operator.post(f"/admin/auth/user/{user.pk}/password/", taken).status_code == 403
    moved = {"username": "me@operators.test", "email": "me@operators.test"}
    assert operator.post(f"/admin/auth/user/{user.pk}/change/", moved).status_code == 403
    user.refresh_from_db()
    assert (user.password, user.email) == (earlier, lender.staff.get().user.email)
    assert user.username != "me@operators.test"


def test_where_the_mail_fails_the_manager_is_told_what_to_do(
    manager: Client, settings: Any, lender: Lender
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = manager.post(f"{LIST}add/", {"email": "a@b.test", "role": "auditor"}, follow=True)
    assert "The mail to a@b.test could not be sent." in page.content.decode()


def test_a_manager_changes_a_colleague_and_shuts_one_out(
    manager: Client, sign_in: SignIn, lender: Lender
) -> None:
    colleague = factories.make_staff(lender, StaffMember.Role.ANALYST)
    browser, page = sign_in(colleague), f"{LIST}{colleague.staff_member.pk}/change/"
    manager.post(page, {"role": "auditor", "is_active": "on"})
    colleague.refresh_from_db()
    assert (colleague.staff_member.role, colleague.is_active) == ("auditor", True)
    assert browser.get("/admin/").status_code == 200
    manager.post(page, {"role": "auditor"})
    assert browser.get("/admin/").status_code == 302
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == ["Role changed from analyst to auditor.", "Shut out: sessions ended at once."]


def test_nobody_changes_oneself(manager: Client, lender: Lender) -> None:
    member = lender.staff.get()
    assert manager.post(f"{LIST}{member.pk}/change/", {"role": "auditor"}).status_code == 403
    assert manager.post(f"{LIST}{member.pk}/reset-code/").status_code == 403
    member.refresh_from_db()
    assert member.role == StaffMember.Role.MANAGER


def test_an_address_that_is_taken_is_refused(operator: Client, lender: Lender) -> None:
    User.objects.create(username="old@northern.test")
    answer = operator.post(
        f"{LIST}add/", {"lender": lender.pk, "email": "old@northern.test", "role": "analyst"}
    )
    assert "There is a user old@northern.test already." in answer.content.decode()
    assert not StaffMember.objects.exists()


def test_an_operator_shuts_out_and_changes_nothing_else(
    operator: Client, analyst: Client, lender: Lender, other_lender: Lender
) -> None:
    member = lender.staff.get()
    operator.post(f"{LIST}{member.pk}/change/", {"role": "manager", "lender": other_lender.pk})
    member.refresh_from_db()
    assert (member.role, member.lender, member.user.is_active) == ("analyst", lender, False)


def test_no_operator_gives_a_role_by_any_way(operator: Client, analyst: Client, lender: Lender) -> None:
    by = User.objects.get(is_superuser=True)
    with pytest.raises(ValidationError, match="A manager of the lender gives its people their roles"):
        lenders.staff_change(member=lender.staff.get(), role="manager", is_active=True, by=by)


def test_each_member_chooses_the_own_mails(auditor: Client, lender: Lender) -> None:
    page = auditor.get("/admin/your-settings/").content.decode()
    assert "A link is about to expire" in page
    assert "America/Toronto" in page
    auditor.post("/admin/your-settings/", {"mails": ["opened", "expiring"]})
    assert lender.staff.get().mails == ["opened", "expiring"]
    auditor.post("/admin/your-settings/", {"mails": ["everything"]})
    assert lender.staff.get().mails == ["opened", "expiring"]
