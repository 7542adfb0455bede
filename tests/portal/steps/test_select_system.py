"""Step 1: which accounting system."""

from typing import Any

from django.core import mail
from django.test import Client

from collections_app.models import Collection

STEP = "/collection/select-system/"


def test_the_button_is_the_answer(borrower: Client, asked: Collection) -> None:
    assert borrower.post(STEP, {"system": "sage-intacct"}).status_code == 302
    asked.refresh_from_db()
    assert asked.accounting_system == "sage-intacct"


def test_a_system_that_is_not_on_the_page_is_refused(borrower: Client, asked: Collection) -> None:
    for answer in ({"system": "quickbooks"}, {}):
        response = borrower.post(STEP, answer)
        assert response.status_code == 422
        assert response.context["form"].errors
    asked.refresh_from_db()
    assert asked.accounting_system == ""


def test_an_unlisted_system_is_told_to_the_lender_and_nothing_is_chosen(
    borrower: Client, asked: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = borrower.post(STEP, {"unlisted_system": "Ledgerly <b>"}, follow=True)
    assert response.status_code == 200
    assert "Ledgerly &lt;b&gt;" in response.content.decode()
    assert "Ledgerly <b>" in str(mail.outbox[0].body)
    asked.refresh_from_db()
    assert (asked.accounting_system, asked.unlisted_system) == ("", "Ledgerly <b>")


def test_an_unlisted_system_without_a_name_is_asked_for_again(borrower: Client, asked: Collection) -> None:
    for name in ("", "   ", "x" * 201):
        response = borrower.post(STEP, {"unlisted_system": name})
        assert response.status_code == 422
    assert mail.outbox == []
