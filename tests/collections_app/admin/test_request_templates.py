import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client

from collections_app.models import Collection, Lender, RequestTemplate
from tests import factories

LIST = "/admin/collections_app/requesttemplate/"
REQUEST = "/admin/collections_app/collection/add/"
ANSWERS = {
    "name": "Yearly review",
    "is_usual": "on",
    "reports": ["balance_sheet", "income_statement"],
    "date_rule": "years_to_date",
    "date_count": "3",
    "first_month": "7",
    "documents": "2025 tax return: All pages\nInsurance (optional)",
    "purpose": "For the yearly review of your credit line.",
    "link_days": "21",
}


def test_a_manager_keeps_a_template_and_the_history_tells_each_change(
    manager: Client, lender: Lender
) -> None:
    manager.post(f"{LIST}add/", ANSWERS)
    template = lender.request_templates.get()
    assert template.reports == ["balance_sheet", "income_statement"]
    manager.post(f"{LIST}{template.pk}/change/", ANSWERS | {"link_days": "7"})
    template.refresh_from_db()
    assert template.link_days == 7
    said = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert said == ["Added.", "Days of the link: 21 to 7."]


@time_machine.travel("2026-11-26 12:00", tick=False)
def test_the_usual_template_fills_in_the_form_of_a_request(manager: Client, lender: Lender) -> None:
    manager.post(f"{LIST}add/", ANSWERS)
    form = manager.get(REQUEST).context["form"]
    assert str(form["date_from"].value()) == "2023-07-01"
    assert str(form["date_to"].value()) == "2026-10-31"
    assert form["reports"].value() == ["balance_sheet", "income_statement"]
    assert form["purpose"].value() == "For the yearly review of your credit line."
    assert form["expires_days"].value() == 21
    assert "Insurance (optional)" in form["documents"].value()
    assert manager.get(f"{REQUEST}?template=").context["form"]["date_from"].value() is None


def test_a_request_is_a_copy_that_a_later_template_does_not_change(manager: Client, lender: Lender) -> None:
    template = factories.make_request_template(lender, documents="Tax return", name="Review")
    page = manager.get(f"{REQUEST}?template={template.pk}")
    assert f'<option value="{template.pk}" selected>Review</option>' in page.content.decode()
    form = page.context["form"]
    answers = {name: form[name].value() for name in ("documents", "reports", "form_key")}
    asked = {"borrower_name": "Acme", "borrower_email": "a@b.test"}
    dates = {"date_from": "2025-01-01", "date_to": "2025-12-31"}
    manager.post(REQUEST, answers | asked | dates | {"expires_days": "14"})
    template.delete()
    assert Collection.objects.get().document_requests.get().name == "Tax return"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reports": []}, "This field is required."),
        ({"reports": ["gossip"]}, "Select a valid choice."),
        ({"date_count": "12"}, "Choose at most 9 fiscal years."),
        ({"documents": "Tax return\ntax return"}, "Two documents have the same name."),
        ({"name": "There already"}, "There is a request template of this name already."),
        ({"is_usual": "on"}, "Another template is the usual one."),
    ],
)
def test_a_template_that_no_request_could_use_is_refused(
    wrong: dict[str, object], sentence: str, manager: Client, lender: Lender
) -> None:
    factories.make_request_template(lender, name="There already", is_usual=True)
    usual = {name: value for name, value in ANSWERS.items() if name != "is_usual"}
    assert sentence in manager.post(f"{LIST}add/", usual | wrong).content.decode()
    assert RequestTemplate.objects.count() == 1


def test_another_lenders_template_fills_in_nothing(stranger: Client, lender: Lender) -> None:
    template = factories.make_request_template(lender, purpose="A secret of the other bank", is_usual=True)
    for address in (REQUEST, f"{REQUEST}?template={template.pk}"):
        assert "A secret of the other bank" not in stranger.get(address).content.decode()


def test_another_lenders_names_are_free_here(stranger: Client, lender: Lender, other_lender: Lender) -> None:
    factories.make_request_template(lender, name=ANSWERS["name"], is_usual=True)
    stranger.post(f"{LIST}add/", ANSWERS | {"lender": lender.pk})
    assert other_lender.request_templates.count() == 1


def test_an_operator_says_whose_template_it_is(operator: Client, lender: Lender) -> None:
    operator.post(f"{LIST}add/", ANSWERS | {"lender": lender.pk})
    assert lender.request_templates.get().name == "Yearly review"
