"""One address says where everything lies."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.storage import storage_at


@pytest.mark.parametrize("address", ["/srv/reports", "file:///srv/reports"])
def test_a_folder_is_closed_to_others_and_has_no_address(address: str) -> None:
    storage = storage_at(address)
    assert storage["BACKEND"].endswith("FileSystemStorage")
    assert storage["OPTIONS"] == {
        "location": "/srv/reports",
        "base_url": None,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }


def test_a_bucket_may_have_a_prefix_an_endpoint_and_a_region() -> None:
    options = storage_at("s3://books/a/b?endpoint_url=https://minio.example:9000&region=ca-central-1")[
        "OPTIONS"
    ]
    assert (options["bucket_name"], options["location"]) == ("books", "a/b")
    assert (options["endpoint_url"], options["region_name"]) == ("https://minio.example:9000", "ca-central-1")
    assert options["client_config"].s3 == {"addressing_style": "path"}


def test_without_a_key_in_the_address_the_environment_has_it() -> None:
    options = storage_at("s3://books")["OPTIONS"]
    assert (options["access_key"], options["secret_key"], options["endpoint_url"]) == (None, None, None)


def test_a_key_in_the_address_is_decoded() -> None:
    options = storage_at("s3://AKIA1:a%2Fb%40c@books/x")["OPTIONS"]
    assert (options["access_key"], options["secret_key"]) == ("AKIA1", "a/b@c")
    assert (options["bucket_name"], options["location"]) == ("books", "x")


@pytest.mark.parametrize(
    "address",
    [
        "reports",
        "",
        "gs://books",
        "s3://",
        "s3:///prefix",
        "s3://books?zone=x",
        "s3://books?region",
        "s3://books#x",
        "s3://id:canary@books?endpoint_url=minio:9000",
        "s3://canary@books",
        "s3://[canary",
    ],
)
def test_an_address_that_cannot_be_right_is_refused_in_a_sentence_that_repeats_nothing(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="^STORAGE_URL must") as refusal:
        storage_at(address)
    assert str(refusal.value).endswith(".")
    assert "canary" not in str(refusal.value)
