from django.contrib.auth.models import User
from django.test import Client

from collections_app.models import Lender, StaffMember

LIST = "/admin/collections_app/staffmember/"


def test_staff_see_their_colleagues_and_nobody_elses(
    analyst: Client, stranger: Client, lender: Lender, other_lender: Lender
) -> None:
    page = analyst.get(LIST).content.decode()
    assert lender.staff.get().user.get_username() in page
    assert other_lender.staff.get().user.get_username() not in page


def test_an_operator_adds_a_member_who_sets_a_password_by_link(
    operator: Client, client: Client, lender: Lender
) -> None:
    answer = operator.post(
        f"{LIST}add/", {"lender": lender.pk, "email": "New@Northern.test", "role": "analyst"}
    )
    member = StaffMember.objects.get(user__username="new@northern.test")
    assert member.lender == lender
    assert not member.user.has_usable_password()
    page = answer.content.decode()
    assert "http://127.0.0.1:8000/reset/" in page
    assert "it cannot be shown again" in page


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
    operator.post(f"{LIST}{member.pk}/change/", {"role": "auditor", "lender": other_lender.pk})
    member.refresh_from_db()
    assert (member.role, member.lender) == ("auditor", lender)
