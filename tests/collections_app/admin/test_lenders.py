import pytest
from django.test import Client

from collections_app.models import Lender

DETAILS = {
    "name": "Northern Credit",
    "slug": "northern",
    "contact_name": "Sam",
    "contact_email": "sam@northern.test",
    "contact_phone": "",
    "brand_color": "#112233",
    "time_zone": "America/Vancouver",
}


def page(lender: Lender) -> str:
    return f"/admin/collections_app/lender/{lender.pk}/change/"


def test_a_manager_mends_contact_color_and_zone(manager: Client, lender: Lender) -> None:
    manager.post(page(lender), DETAILS)
    lender.refresh_from_db()
    assert (lender.contact_name, lender.brand_color, lender.time_zone) == (
        "Sam",
        "#112233",
        "America/Vancouver",
    )


def test_a_manager_cannot_rename_the_lender(manager: Client, lender: Lender) -> None:
    slug = lender.slug
    manager.post(page(lender), DETAILS | {"name": "Eastern Credit", "slug": "eastern"})
    lender.refresh_from_db()
    assert (lender.name, lender.slug) == ("Northern Credit", slug)


def test_an_operator_renames_and_adds_lenders(operator: Client, lender: Lender) -> None:
    operator.post(page(lender), DETAILS | {"name": "Eastern Credit"})
    lender.refresh_from_db()
    assert lender.name == "Eastern Credit"
    operator.post("/admin/collections_app/lender/add/", DETAILS | {"slug": "western", "name": "Western"})
    assert Lender.objects.get(slug="western").name == "Western"


@pytest.mark.parametrize("field", [{"brand_color": "red"}, {"time_zone": "Mars/North"}])
def test_a_wrong_detail_is_refused(field: dict[str, str], manager: Client, lender: Lender) -> None:
    assert manager.post(page(lender), DETAILS | field).status_code == 200
    lender.refresh_from_db()
    assert lender.contact_name == ""


def test_a_change_is_in_the_history(manager: Client, lender: Lender) -> None:
    manager.post(page(lender), DETAILS)
    history = manager.get(page(lender).replace("change", "history")).content.decode()
    assert "Time zone" in history
