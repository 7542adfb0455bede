"""The lender's logo: what a manager may upload, and how borrowers get it."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collections_app import logos
from collections_app.models import Lender, StaffMember
from collections_app.services.invitations import Invitation
from tests import factories
from tests.collecting import token_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 40
DETAILS = {
    "contact_email": "lending@harbor.example",
    "brand_color": "#112233",
    "time_zone": "UTC",
    "link_days": "14",
    "reminds_after_days": "0",
    "retention_days": "2555",
    "upload_kinds": ["pdf", "csv"],
    "upload_megabytes": "25",
    "upload_documents": "50",
}


@pytest.fixture
def manager(lender: Lender) -> Client:
    client = Client()
    client.force_login(factories.make_staff(lender, StaffMember.Role.MANAGER))
    return client


def upload(manager: Client, lender: Lender, content: bytes, name: str = "logo.png", **more: str) -> str:
    """The page that answers; the lender is read again."""
    file = SimpleUploadedFile(name, content, content_type="image/png")
    answer = manager.post(
        f"/admin/collections_app/lender/{lender.pk}/change/",
        DETAILS | more | {"logo_file": file},
        follow=True,
    )
    lender.refresh_from_db()
    return answer.content.decode()


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_the_picture_stands_on_the_borrowers_pages_under_its_hash(
    manager: Client, client: Client, lender: Lender, invitation: Invitation, content: bytes, kind: str
) -> None:
    upload(manager, lender, content, "anything.svg")
    page = client.get(f"/c/{token_of(invitation)}/").content.decode()
    found = re.search(r'<img class="masthead__logo" src="(/brand/harbor/[0-9a-f]{64}\.\w+)" alt="">', page)
    assert found
    picture = client.get(found[1])
    assert picture.content == content
    assert picture.headers["Content-Type"] == kind
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]
    assert client.get("/collection/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "must be a PNG, JPEG or WebP"),
        (b"<html><script>alert(1)</script>", "must be a PNG, JPEG or WebP"),
        (b"GIF89a" + b"\x00" * 40, "must be a PNG, JPEG or WebP"),
        (b" " + PNG, "must be a PNG, JPEG or WebP"),
        (b"\x89PNG\r\n\x1a\n<html>", "must be a PNG, JPEG or WebP"),
        (PNG + b"\x00" * logos.LARGEST, "must not be larger than 30 kB"),
        (b"", "empty"),
    ],
)
def test_anything_else_is_refused_in_words_and_leaves_no_trace(
    manager: Client, lender: Lender, content: bytes, sentence: str
) -> None:
    assert sentence in upload(manager, lender, content, contact_phone="555 0100")
    assert (lender.logo, lender.contact_phone) == ("", "")
    assert not default_storage.exists("logos")


def test_a_new_picture_takes_the_place_of_the_old_one_and_none_is_possible(
    manager: Client, client: Client, lender: Lender
) -> None:
    upload(manager, lender, PNG)
    old = lender.logo
    upload(manager, lender, JPEG)
    page = manager.get(f"/admin/collections_app/lender/{lender.pk}/change/").content.decode()
    assert f'src="/brand/harbor/{lender.logo}"' in page
    assert client.get(f"/brand/harbor/{old}").status_code == 404
    assert not default_storage.exists(f"logos/{old}")
    manager.post(f"/admin/collections_app/lender/{lender.pk}/change/", DETAILS | {"remove_logo": "on"})
    lender.refresh_from_db()
    assert lender.logo == ""
    assert default_storage.listdir("logos") == ([], [])


def test_a_picture_that_two_lenders_share_stays_for_the_other(
    manager: Client, client: Client, lender: Lender
) -> None:
    upload(manager, lender, PNG)
    other = factories.make_lender("Southern Trust", logo=lender.logo)
    upload(manager, lender, JPEG)
    assert client.get(f"/brand/{other.slug}/{other.logo}").status_code == 200


@pytest.mark.parametrize("name", ["..%2f..%2fsettings.py", "0" * 64 + ".png", "%00", "logo.png"])
def test_no_other_name_is_served(client: Client, lender: Lender, name: str) -> None:
    assert client.get(f"/brand/harbor/{name}").status_code == 404
    assert client.get("/brand/harbor/").status_code == 404


def test_a_picture_that_is_gone_from_the_storage_breaks_no_page(
    manager: Client, client: Client, lender: Lender
) -> None:
    upload(manager, lender, PNG)
    default_storage.delete(f"logos/{lender.logo}")
    assert client.get(f"/brand/harbor/{lender.logo}").status_code == 404


def test_a_manager_has_codes_required_and_analysts_change_nothing(manager: Client, lender: Lender) -> None:
    upload(manager, lender, PNG, requires_code="on")
    assert lender.requires_code
    analyst = Client()
    analyst.force_login(factories.make_staff(lender, StaffMember.Role.ANALYST))
    upload(analyst, lender, JPEG)
    assert lender.requires_code
    assert lender.logo.endswith(".png")
