"""A loan system asks for all that the desk asks for, and begins with the lender's request templates."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from collections_app.models import Collection, Lender, RequestTemplate
from tests import factories
from tests.portal.test_api import BASE, System

WHOM = {"borrower": "Birch", "email": "o@birch.example", "send_mail": False}
DATES = {"from": "2026-01-01", "to": "2026-03-31"}


@pytest.fixture
def usual(lender: Lender) -> RequestTemplate:
    return factories.make_request_template(
        lender,
        name="Yearly review",
        is_usual=True,
        reports=["balance_sheet"],
        date_rule="years_to_date",
        documents="Tax return: All pages\nInsurance (optional)",
        allows_other_documents=True,
        purpose="For the yearly review.",
        link_days=21,
    )


def made(answer: Any) -> Collection:
    assert answer.status_code == 201, answer.content
    return Collection.objects.get(reference=answer.json()["reference"])


def refusal(answer: Any) -> str:
    assert answer.status_code == 422, answer.content
    told: str = answer.json()["detail"]
    return told


def documents(collection: Collection) -> list[tuple[str, str, bool]]:
    asked = collection.document_requests.order_by("position")
    return list(asked.values_list("name", "explanation", "is_required"))


def test_all_that_the_desk_asks_for_can_be_asked_for(lender: Lender) -> None:
    wanted = {
        "contact_name": "Dana Reyes",
        "contact_phone": "+1 416 555 0100",
        "contact_email": "dana@harbor.example",
        "basis": "cash",
        "adjustment_books": ["GAAP", " TAX "],
        "documents": [
            {"name": "Tax  return", "explanation": "All pages"},
            {"name": "Insurance", "required": False},
        ],
        "other_documents": True,
    }
    collection = made(System(lender).post(BASE, WHOM | DATES | wanted))
    assert (collection.contact_name, collection.contact_phone) == ("Dana Reyes", "+1 416 555 0100")
    assert collection.contact_email == "dana@harbor.example"
    assert (collection.basis, collection.adjustment_books) == ("cash", ["GAAP", "TAX"])
    assert documents(collection) == [("Tax return", "All pages", True), ("Insurance", "", False)]
    assert collection.allows_other_documents


@time_machine.travel("2026-11-26 12:00", tick=False)
def test_a_request_begins_with_the_usual_template(lender: Lender, usual: RequestTemplate) -> None:
    collection = made(System(lender).post(BASE, WHOM))
    assert collection.template == usual
    assert (collection.date_from, collection.date_to) == (date(2023, 1, 1), date(2026, 10, 31))
    assert (collection.reports, collection.purpose) == (["balance_sheet"], "For the yearly review.")
    assert documents(collection) == [("Tax return", "All pages", True), ("Insurance", "", False)]
    assert collection.allows_other_documents
    link = collection.links.get()
    assert (link.expires_at - link.issued_at).days == 21


@time_machine.travel("2026-11-26 12:00", tick=False)
def test_what_is_sent_goes_before_the_template(lender: Lender, usual: RequestTemplate) -> None:
    said = {"purpose": "Because.", "documents": [], "other_documents": False, "expires_days": 3}
    collection = made(System(lender).post(BASE, WHOM | DATES | said))
    assert (str(collection.date_from), collection.purpose) == ("2026-01-01", "Because.")
    assert collection.reports == ["balance_sheet"]
    assert documents(collection) == [] and not collection.allows_other_documents
    link = collection.links.get()
    assert (link.expires_at - link.issued_at).days == 3


def test_another_template_is_named_and_none_by_an_empty_name(lender: Lender, usual: RequestTemplate) -> None:
    other = factories.make_request_template(lender, name="Loan", documents="Deed")
    system = System(lender)
    named = made(system.post(BASE, WHOM | DATES | {"template": "Loan"}))
    assert (named.template, documents(named)) == (other, [("Deed", "", True)])
    plain = made(system.post(BASE, WHOM | DATES | {"template": ""}))
    assert (plain.template, documents(plain), plain.purpose) == (None, [], "")


def test_a_null_is_as_if_it_were_left_out(lender: Lender, usual: RequestTemplate) -> None:
    nothing = dict.fromkeys(("template", "purpose", "documents", "reports", "basis", "contact_name"))
    collection = made(System(lender).post(BASE, WHOM | nothing))
    assert collection.template == usual
    assert collection.purpose == "For the yearly review."


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"template": "Nothing"}, "has no request template “Nothing”. There are: “Loan”, “Yearly review”."),
        ({"template": "Foreign"}, "has no request template “Foreign”. There are: “Loan”, “Yearly review”."),
        ({"template": "Loan"}, "The template “Loan” does not say it all. Give from and to."),
        ({"template": ""}, "Give from and to."),
        ({"template": "Loan", "from": "2026-01-01"}, "does not say it all. Give to."),
        ({"contact_name": "Dana"}, "contact_phone: Give the contact's telephone or e-mail"),
        ({"contact_phone": "1"}, "contact_name: Give the contact's name"),
        ({"basis": "tax"}, "basis: "),
        ({"documents": [{"name": " "}]}, "The name of a document has 1 to"),
        ({"documents": [{"name": "Tax"}, {"name": "tax"}]}, "Two documents have the same name."),
        ({"documents": [{"name": f"No. {n}"} for n in range(21)]}, "Ask for at most 20 documents by name."),
        ({"documents": [{"name": "Tax: 2025"}]}, "without a colon"),
        ({"documents": [{"name": "Tax (optional)"}]}, "without “(optional)”"),
        ({"documents": [{"title": "Tax"}]}, "documents.0.name: "),
        ({"documents": [{"name": "Tax", "must": True}]}, "documents.0.must: there is no such field"),
        ({"purpose": "a\0b"}, "purpose: there is a null character in it, take it out."),
        ({"wanted": "reports"}, "wanted: there is no such field"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_makes_nothing(
    lender: Lender, usual: RequestTemplate, sent: dict[str, Any], told: str
) -> None:
    factories.make_request_template(lender, name="Loan")
    factories.make_request_template(factories.make_lender(), name="Foreign")
    assert told in refusal(System(lender).post(BASE, WHOM | sent))
    assert not Collection.objects.exists()


def test_a_key_stands_for_all_that_was_sent_and_not_for_what_the_template_says_later(
    lender: Lender, usual: RequestTemplate
) -> None:
    system = System(lender)
    asked = WHOM | {"documents": [{"name": "Deed"}]}
    first = made(system.post(BASE, asked, idempotency_key="1"))
    other = system.post(BASE, asked | {"documents": [{"name": "Will"}]}, idempotency_key="1")
    assert "stands for another request" in refusal(other)
    usual.delete()
    again = system.post(BASE, asked, idempotency_key="1")
    assert (again.status_code, again.json()["reference"]) == (200, first.reference)
    assert Collection.objects.count() == 1


def test_the_description_for_programs_says_what_each_field_is(client: Client, db: None) -> None:
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name in ("RequestIn", "RefreshIn", "DocumentIn"):
        lacking = [field for field, told in schemas[name]["properties"].items() if "description" not in told]
        assert lacking == [], name
    assert schemas["RequestIn"]["required"] == ["borrower", "email"]
