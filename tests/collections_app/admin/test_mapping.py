"""A lender's own layouts at the desk, and rebuilding the reports with one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collections_app.models import Collection, Lender, MappingTemplate, Run
from collections_app.services import collecting
from tests import factories
from tests.collections_app.admin.test_lenders import DETAILS
from tests.collections_app.mapping import NAME, SPREAD, relabeled, stored

ADD = "/admin/collections_app/mappingtemplate/add/"


def collection_page(collection: Collection) -> str:
    return f"/admin/collections_app/collection/{collection.pk}/"


def told(browser: Client, address: str, answer: dict[str, object] | None = None) -> str:
    """The page that a browser ends up at after opening the address, or after posting to it."""
    response = browser.get(address) if answer is None else browser.post(address, answer, follow=True)
    return response.content.decode()


@pytest.mark.parametrize("way", ["file", "document"])
def test_a_manager_stores_a_template_from_a_file_or_pasted(manager: Client, lender: Lender, way: str) -> None:
    given = SimpleUploadedFile("template.json", SPREAD.encode()) if way == "file" else SPREAD
    assert "RMA spread, version 1 is stored." in told(manager, ADD, {way: given})
    template = MappingTemplate.objects.get()
    assert (template.lender, template.created_by) == (lender, lender.staff.get().user.get_username())
    page = told(manager, f"/admin/collections_app/mappingtemplate/{template.pk}/change/")
    assert template.content_hash in page
    assert "retained_earnings" in page


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({}, "Give the template either as a file or pasted."),
        ({"document": SPREAD, "file": SimpleUploadedFile("a", b"{}")}, "either as a file or pasted"),
        ({"document": "{"}, "The template is not a JSON document."),
        ({"file": SimpleUploadedFile("a", b"\xff\xfe\x00")}, "The file is not a text in UTF-8."),
        ({"file": SimpleUploadedFile("a", b" " * 1_000_001)}, "The file is larger than a template can be"),
    ],
)
def test_a_template_with_a_fault_is_refused_in_a_sentence(
    manager: Client, answer: dict[str, object], sentence: str
) -> None:
    assert sentence in told(manager, ADD, answer)
    assert not MappingTemplate.objects.exists()


def test_a_refused_template_is_still_in_the_form(manager: Client, lender: Lender) -> None:
    stored(lender)
    page = told(manager, ADD, {"document": relabeled("Cash at hand")})
    assert "Give this document the version 2." in page
    assert "Cash at hand" in page


def test_who_only_reads_stores_none(analyst: Client) -> None:
    assert analyst.post(ADD, {"document": SPREAD}).status_code == 403
    assert not MappingTemplate.objects.exists()


def test_an_operator_says_for_which_lender(operator: Client, other_lender: Lender) -> None:
    told(operator, ADD, {"document": SPREAD, "lender": other_lender.pk})
    assert MappingTemplate.objects.get().lender == other_lender


def test_a_version_cannot_be_changed_or_deleted_at_the_desk(operator: Client, lender: Lender) -> None:
    template = stored(lender)
    for page in ("change", "delete"):
        address = f"/admin/collections_app/mappingtemplate/{template.pk}/{page}/"
        assert operator.post(address, {"name": "Another", "post": "yes"}).status_code == 403
    assert MappingTemplate.objects.get().name == NAME


def test_a_manager_has_the_reports_rebuilt_and_reads_the_own_layout(
    manager: Client, collected: Collection
) -> None:
    template = stored(collected.lender)
    address = f"{collection_page(collected)}rebuild/"
    assert "The reports are being rebuilt." in told(manager, address, {"layout": template.pk})
    assert "Rebuilding the reports: 0 of 2 parts done." in told(
        manager, f"{collection_page(collected)}change/"
    )
    while collecting.unit_advance():
        pass
    page = told(manager, f"{collection_page(collected)}change/")
    assert "The reports are here." in page
    assert "Balance sheet: RMA spread, version 1" in page
    assert "Accounts without a line in your own layout" in page
    assert "Asked for the reports to be rebuilt with RMA spread, version 1." in page


def test_another_lenders_layout_is_neither_offered_nor_taken(
    manager: Client, collected: Collection, other_lender: Lender
) -> None:
    foreign = stored(other_lender)
    page = told(manager, f"{collection_page(collected)}change/")
    assert "Rebuild the reports" in page
    assert NAME not in page
    for chosen in (foreign.pk, "x", "²"):
        answer = told(manager, f"{collection_page(collected)}rebuild/", {"layout": chosen})
        assert "Choose one of your own layouts from the list." in answer
    assert not Run.objects.filter(kind=Run.Kind.REBUILD).exists()


def test_who_only_reads_is_not_offered_a_rebuild(analyst: Client, collected: Collection) -> None:
    assert "Rebuild the reports" not in told(analyst, f"{collection_page(collected)}change/")
    assert analyst.post(f"{collection_page(collected)}rebuild/", {"layout": ""}).status_code == 403


def test_a_collection_under_way_is_not_offered_a_rebuild(manager: Client, lender: Lender) -> None:
    under_way = factories.make_collection(lender)
    assert "Rebuild the reports" not in told(manager, f"{collection_page(under_way)}change/")
    refused = told(manager, f"{collection_page(under_way)}rebuild/", {"layout": ""})
    assert "is not complete" in refused


def test_a_manager_chooses_the_usual_layout_among_the_own_and_the_history_says_so(
    manager: Client, analyst: Client, lender: Lender, other_lender: Lender
) -> None:
    own, foreign = stored(lender), stored(other_lender, relabeled("Money", name="Foreign spread"))
    page = f"/admin/collections_app/lender/{lender.pk}/change/"
    offered = told(manager, page)
    assert f'<option value="{own.pk}">RMA spread, version 1</option>' in offered
    assert "Foreign spread" not in offered
    assert "related-widget-wrapper-link" not in offered
    manager.post(page, DETAILS | {"usual_mapping": foreign.pk})
    lender.refresh_from_db()
    assert lender.usual_mapping_id is None
    manager.post(page, DETAILS | {"usual_mapping": own.pk})
    lender.refresh_from_db()
    assert lender.usual_mapping == own
    assert "Usual layout" in told(manager, page.replace("change", "history"))
    assert "RMA spread, version 1" in told(analyst, page)


def test_an_operator_is_offered_the_layouts_of_the_lender_whose_page_it_is(
    operator: Client, lender: Lender, other_lender: Lender
) -> None:
    stored(lender)
    stored(other_lender, relabeled("Money", name="Foreign spread"))
    page = told(operator, f"/admin/collections_app/lender/{other_lender.pk}/change/")
    assert "Foreign spread" in page
    assert "RMA spread" not in page


def test_a_request_template_is_given_an_own_layout_and_no_strangers(
    manager: Client, lender: Lender, other_lender: Lender
) -> None:
    own, foreign = stored(lender), stored(other_lender, relabeled("Money", name="Foreign spread"))
    add = "/admin/collections_app/requesttemplate/add/"
    answers = {"name": "Review", "reports": ["balance_sheet"], "date_count": "3", "first_month": "1"}
    assert "Foreign spread" not in told(manager, add)
    manager.post(add, answers | {"mapping": foreign.pk})
    assert not lender.request_templates.exists()
    manager.post(add, answers | {"mapping": own.pk})
    assert lender.request_templates.get().mapping == own
