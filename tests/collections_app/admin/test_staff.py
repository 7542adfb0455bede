import re
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from collections_app.models import Lender, StaffMember
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


def test_an_operator_invites_to_any_lender(operator: Client, lender: Lender) -> None:
    operator.post(f"{LIST}add/", {"lender": lender.pk, "email": "a@b.test", "role": "manager"})
    assert lender.staff.get().user.username == "a@b.test"


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


def test_an_operator_changes_a_role_and_nothing_else(
    operator: Client, analyst: Client, lender: Lender, other_lender: Lender
) -> None:
    member = lender.staff.get()
    answers = {"role": "auditor", "lender": other_lender.pk, "is_active": "on"}
    operator.post(f"{LIST}{member.pk}/change/", answers)
    member.refresh_from_db()
    assert (member.role, member.lender) == ("auditor", lender)


def test_each_member_chooses_the_own_mails(auditor: Client, lender: Lender) -> None:
    page = auditor.get("/admin/your-settings/").content.decode()
    assert "A link is about to expire" in page
    assert "America/Toronto" in page
    auditor.post("/admin/your-settings/", {"mails": ["opened", "expiring"]})
    assert lender.staff.get().mails == ["opened", "expiring"]
    auditor.post("/admin/your-settings/", {"mails": ["everything"]})
    assert lender.staff.get().mails == ["opened", "expiring"]
