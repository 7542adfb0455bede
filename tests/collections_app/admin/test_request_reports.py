import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from collections_app import links
from collections_app.models import Collection, Event, Lender
from tests import factories
from tests.parallel import at_once

ADD = "/admin/collections_app/collection/add/"
LIST = "/admin/collections_app/collection/"
LINK = re.compile(r"http://127\.0\.0\.1:8000/c/(clk_[0-9A-Za-z]{49})/")


def answers(browser: Client, **changed: Any) -> dict[str, Any]:
    """A filled form, with the key that the page gave out."""
    page = browser.get(ADD).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    return {
        "form_key": key[1],
        "borrower_name": "Maple Works",
        "borrower_email": "chris@maple.test",
        "date_from": "2025-01-01",
        "date_to": "2025-12-31",
        "lender_reference": "L-2026-14",
        "reports": ["balance_sheet", "income_statement"],
        "basis": "accrual",
        "adjustment_books": "GAAPADJ, TAXADJ",
        "expires_days": "30",
    } | changed


def test_a_manager_asks_and_gets_the_link(manager: Client, lender: Lender) -> None:
    page = manager.post(ADD, answers(manager)).content.decode()
    token = LINK.search(page)
    assert token
    link = links.find(token[1])
    assert link
    collection = link.collection
    assert collection.lender == lender
    assert collection.adjustment_books == ["GAAPADJ", "TAXADJ"]
    assert collection.reports == ["balance_sheet", "income_statement"]
    assert collection.basis == "accrual"
    assert "it cannot be shown again" in page


def test_the_request_is_recorded_as_the_managers(manager: Client, lender: Lender) -> None:
    manager.post(ADD, answers(manager))
    event = Event.objects.get(action="collection.invited")
    assert event.actor_kind == "staff"
    assert event.actor == lender.staff.get().user.get_username()


def test_an_operators_request_names_the_lender_and_the_operator(operator: Client, lender: Lender) -> None:
    operator.post(ADD, answers(operator, lender=lender.pk))
    assert Event.objects.get(action="collection.invited").actor_kind == "operator"
    assert Collection.objects.get().lender == lender


def test_staff_are_not_asked_for_a_lender_and_cannot_name_another(
    manager: Client, lender: Lender, other_lender: Lender
) -> None:
    assert 'name="lender"' not in manager.get(ADD).content.decode()
    manager.post(ADD, answers(manager, lender=other_lender.pk))
    assert Collection.objects.get().lender == lender


def test_the_link_is_on_that_one_page_and_nowhere_else(manager: Client, lender: Lender) -> None:
    response = manager.post(ADD, answers(manager))
    token = LINK.search(response.content.decode())
    assert token
    assert "no-store" in response.headers["Cache-Control"]
    page = f"{LIST}{Collection.objects.get().pk}/change/"
    for address in (ADD, LIST, page, "/admin/"):
        assert token[1] not in manager.get(address).content.decode()
    assert token[1] not in str(dict(manager.session))
    assert token[1] not in str(list(Event.objects.values()))


def test_the_form_sent_again_makes_no_second_request(manager: Client, lender: Lender) -> None:
    filled = answers(manager)
    manager.post(ADD, filled)
    again = manager.post(ADD, filled, follow=True)
    assert Collection.objects.count() == 1
    assert "That form was sent already" in again.content.decode()
    assert not LINK.search(again.content.decode())


def test_a_double_click_makes_and_mails_one_request(
    transactional_db: None, manager: Client, lender: Lender
) -> None:
    filled = answers(manager, send_mail="on")

    def click() -> Any:
        browser = Client()
        browser.cookies = manager.cookies
        return browser.post(ADD, filled)

    statuses: list[Any] = [answer.status_code for answer in at_once(5, click)]  # type: ignore[union-attr]
    assert sorted(statuses) == [200, 302, 302, 302, 302]
    assert Collection.objects.count() == 1
    assert len(mail.outbox) == 1


def test_the_link_is_mailed_only_when_asked(
    manager: Client, lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(ADD, answers(manager))
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(ADD, answers(manager, send_mail="on"))
    assert [message.to for message in mail.outbox] == [["chris@maple.test"]]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"borrower_name": " "}, "This field is required"),
        ({"borrower_email": "chris"}, "Enter a valid email address"),
        ({"date_from": "2026-01-01"}, "The period must begin before it ends"),
        ({"date_to": "2999-12-31", "date_from": "2999-01-01"}, "The period must not end in the future"),
        ({"expires_days": "0"}, "greater than or equal to 1"),
        ({"reports": []}, "This field is required"),
    ],
)
def test_a_mistake_is_named_and_the_answers_are_kept(
    changed: dict[str, Any], reason: str, manager: Client, lender: Lender
) -> None:
    page = manager.post(ADD, answers(manager) | changed).content.decode()
    assert reason in page
    assert "L-2026-14" in page
    assert not Collection.objects.exists()


def test_a_corrected_form_is_taken(manager: Client, lender: Lender) -> None:
    filled = answers(manager)
    manager.post(ADD, filled | {"date_from": "2026-01-01"})
    assert LINK.search(manager.post(ADD, filled).content.decode())


def test_a_request_for_another_lender_cannot_be_smuggled_past_an_operators_choice(operator: Client) -> None:
    factories.make_lender()
    assert "This field is required" in operator.post(ADD, answers(operator)).content.decode()


def test_a_request_may_name_its_own_contact_which_its_page_then_shows(
    manager: Client, lender: Lender
) -> None:
    manager.post(ADD, answers(manager, contact_name="Lee Osei", contact_phone="555 0177"))
    collection = Collection.objects.get()
    assert (collection.contact_name, collection.contact_phone) == ("Lee Osei", "555 0177")
    page = manager.get(f"/admin/collections_app/collection/{collection.pk}/change/").content.decode()
    assert "Lee Osei, 555 0177" in page
    refused = manager.post(ADD, answers(manager, contact_name="Lee Osei")).content.decode()
    assert "telephone or e-mail" in refused
    assert Collection.objects.count() == 1


def test_documents_are_asked_for_one_on_each_line(manager: Client, lender: Lender) -> None:
    lines = "2025 tax return: All pages, as filed\r\n\r\n  Insurance   certificate (optional)\r\n"
    manager.post(ADD, answers(manager, documents=lines, allows_other_documents="on"))
    collection = Collection.objects.get()
    assert collection.allows_other_documents
    assert list(collection.document_requests.values_list("name", "explanation", "is_required")) == [
        ("2025 tax return", "All pages, as filed", True),
        ("Insurance certificate", "", False),
    ]


def test_documents_that_cannot_be_asked_for_are_refused_on_the_form(manager: Client, lender: Lender) -> None:
    for lines in ("a\nA", "x" * 101, "Tax: " + "x" * 301, "\n".join(map(str, range(21)))):
        response = manager.post(ADD, answers(manager, documents=lines))
        assert response.context["errors"], lines
    assert not Collection.objects.exists()


def test_what_borrowers_may_is_set_by_a_manager_and_holds_for_later_requests(
    manager: Client, lender: Lender
) -> None:
    manager.post(ADD, answers(manager))
    Lender.objects.filter(pk=lender.pk).update(allows_preview=True)
    manager.post(ADD, answers(manager))
    assert list(Collection.objects.order_by("pk").values_list("previews", flat=True)) == [False, True]
    page = manager.get(f"/admin/collections_app/lender/{lender.pk}/change/").content.decode()
    assert 'name="allows_preview"' in page and 'name="allows_copy"' in page
