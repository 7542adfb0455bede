"""`createstaff`"""

import json

from django.contrib.auth.models import User

from collections_app.models import Lender, StaffMember
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence

DANA = ("--lender", "harbor", "--email", "dana@harbor.example", "--role", "manager")


def test_it_makes_a_member_and_prints_one_link(manage: Manage, lender: Lender) -> None:
    finished = manage("createstaff", *DANA)
    assert (finished.code, finished.error) == (0, "")
    assert finished.out.startswith("http://127.0.0.1:8000/reset/")
    assert finished.out.count("\n") == 1
    member = StaffMember.objects.get()
    assert (member.lender, member.role, member.user.username) == (lender, "manager", "dana@harbor.example")


def test_it_refuses_a_lender_that_is_not_there(manage: Manage) -> None:
    finished = manage("createstaff", *DANA)
    assert is_one_sentence(finished) or finished.error.count(".") == 2, finished
    assert "There is no lender “harbor”" in finished.error
    assert not User.objects.exists()


def test_it_refuses_a_second_user_of_that_address(manage: Manage, lender: Lender) -> None:
    manage("createstaff", *DANA)
    finished = manage("createstaff", *DANA)
    assert is_one_sentence(finished), finished
    assert StaffMember.objects.count() == 1


def test_it_refuses_an_address_that_is_none(manage: Manage, lender: Lender) -> None:
    finished = manage("createstaff", "--lender", "harbor", "--email", "dana", "--role", "manager")
    assert finished.code == 1
    assert "email" in finished.error
    assert not User.objects.exists()


def test_it_knows_three_roles(manage: Manage, lender: Lender) -> None:
    finished = manage("createstaff", *DANA[:-1], "owner")
    assert finished.code != 0
    assert all(role in finished.error for role in ("analyst", "manager", "auditor"))
    assert not User.objects.exists()


def test_it_prints_the_member_and_the_link_as_json(manage: Manage, lender: Lender) -> None:
    told = json.loads(manage("createstaff", *DANA, "--json").out)
    assert told.pop("url").startswith("http://127.0.0.1:8000/reset/")
    assert told == {"lender": "harbor", "email": "dana@harbor.example", "role": "manager"}
