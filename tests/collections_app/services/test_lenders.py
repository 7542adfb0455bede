"""Lenders and their staff."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from collections_app.models import Lender, StaffMember
from collections_app.services.lenders import lender_create, staff_create

NEW_PASSWORD = "a long new password 77"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"slug": "not a slug"}, "slug"),
        ({"slug": ""}, "blank"),
        ({"name": " \n "}, "blank"),
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone"),
        ({"time_zone": "../../etc/passwd"}, "is not a time zone"),
    ],
)
def test_a_lender_that_makes_no_sense_is_refused(db: None, fields: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        lender_create(**({"slug": "harbor", "name": "Harbor"} | fields))
    assert sentence in " ".join(refusal.value.messages)
    assert not Lender.objects.exists()


def test_a_slug_is_taken_once(lender: Lender) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        lender_create(slug="harbor", name="Another")
    lender.refresh_from_db()
    assert lender.name == "Harbor Community Bank"


def test_a_name_is_one_line(db: None) -> None:
    assert lender_create(slug="a", name=" Harbor \n Bank ").name == "Harbor Bank"


@pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "#12345g", "#123456;}", "url(x)"])
def test_a_brand_color_is_six_digits_and_nothing_else(lender: Lender, color: str) -> None:
    lender.brand_color = color
    with pytest.raises(ValidationError):
        lender.full_clean()


def test_a_member_signs_in_with_the_address_that_was_invited_in_lower_case(lender: Lender) -> None:
    member, _url = staff_create(lender=lender, email=" Dana@Harbor.Example ", role="manager")
    assert (member.user.username, member.user.email) == ("dana@harbor.example",) * 2
    assert member.user.is_staff
    assert not member.user.is_superuser
    assert not member.user.has_usable_password()


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [("no address", "manager", "valid"), ("dana@harbor.example", "owner", "not a valid choice")],
)
def test_a_member_that_makes_no_sense_is_refused_whole(
    lender: Lender, email: str, role: str, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        staff_create(lender=lender, email=email, role=role)
    assert not User.objects.exists()
    assert not StaffMember.objects.exists()


def test_an_address_is_a_user_once(lender: Lender) -> None:
    staff_create(lender=lender, email="dana@harbor.example", role="manager")
    with pytest.raises(ValidationError, match=r"There is a user dana@harbor\.example already"):
        staff_create(lender=lender, email="DANA@harbor.example", role="analyst")


def test_the_one_time_link_sets_a_password_once(lender: Lender, client: Client) -> None:
    member, url = staff_create(lender=lender, email="dana@harbor.example", role="manager")
    path = url.removeprefix("http://127.0.0.1:8000")
    form = client.get(path, follow=True).redirect_chain[-1][0]
    answer = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post(form, answer).status_code == 302
    member.user.refresh_from_db()
    assert member.user.check_password(NEW_PASSWORD)
    again = Client().get(path)
    assert again.status_code == 200
    assert not again.context["validlink"]
