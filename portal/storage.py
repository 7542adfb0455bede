"""Where reports and tables are kept: a folder, or a bucket of an S3-compatible service, by one address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.config import Config  # type: ignore[import-untyped]  # botocore brings no types
from django.core.exceptions import ImproperlyConfigured

UNUSABLE = (
    "STORAGE_URL must be a folder with its full path, or s3://BUCKET/PREFIX with, where needed, "
    "?endpoint_url=ADDRESS&region=NAME."
)
OPTIONS = {"endpoint_url", "region"}
# What is read is decrypted in small chunks; more than this of one object waits on the disk, still encrypted.
MOST_IN_MEMORY = 8 * 1024 * 1024


def storage_at(address: str) -> dict[str, Any]:
    """The entry of STORAGES for an address. Raises ImproperlyConfigured, without repeating the address."""
    if address.startswith("s3://"):
        return bucket_at(address)
    folder = address.removeprefix("file://")
    if "://" in folder or not Path(folder).is_absolute():
        raise ImproperlyConfigured(UNUSABLE)
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Reports are for the borrower and the lender alone; no address of the site leads to this folder.
        "OPTIONS": {
            "location": folder,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def bucket_at(address: str) -> dict[str, Any]:
    """Credentials are those of the address, else those that boto3 finds in the environment."""
    try:
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        bucket = parts.netloc.rpartition("@")[2]
    except ValueError:
        raise ImproperlyConfigured(UNUSABLE) from None
    endpoint = asked.get("endpoint_url")
    has_wrong_endpoint = endpoint is not None and urlsplit(endpoint).scheme not in ("http", "https")
    if not bucket or set(asked) - OPTIONS or parts.fragment or has_wrong_endpoint:
        raise ImproperlyConfigured(UNUSABLE)
    if (parts.username is None) != (parts.password is None):
        raise ImproperlyConfigured(
            "STORAGE_URL must have both parts of a key, s3://ID:SECRET@BUCKET, or none."
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": parts.path.strip("/"),
            "endpoint_url": endpoint,
            "region_name": asked.get("region"),
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "default_acl": None,
            "file_overwrite": False,
            "max_memory_size": MOST_IN_MEMORY,
            "client_config": client_config(endpoint),
        },
    }


def client_config(endpoint: str | None) -> Config:
    """Patient with a slow service, not with a dead one. Other services than Amazon's have no bucket hosts."""
    return Config(
        connect_timeout=10,
        read_timeout=60,
        retries={"max_attempts": 5, "mode": "standard"},
        s3={"addressing_style": "path"} if endpoint else None,
    )
