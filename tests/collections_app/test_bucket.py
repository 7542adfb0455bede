"""The storage as a bucket: a real S3 service on this machine, over loopback."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # boto3 brings no types
import pytest
import time_machine
from botocore.config import Config  # type: ignore[import-untyped]  # botocore brings no types
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from moto.server import ThreadedMotoServer

from collections_app import sealed_files, tables, vault
from collections_app.checks import storage_answers
from collections_app.models import Collection, Lender, Run, WorkUnit
from collections_app.services import collecting, reporting
from intacct.sandbox import Sandbox
from portal.storage import storage_at
from tests.collecting import BORROWER, invite, submitted, work
from tests.servers import free_port

pytestmark = pytest.mark.slow

COLUMNS = ("RECORDNO", "AMOUNT")


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of a running S3 service."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(service: str, settings: Any) -> Any:
    """The bucket that the product uses, as an owner of it sees it."""
    keys = {"aws_access_key_id": "an-id", "aws_secret_access_key": "a/secret"}
    owner = boto3.resource("s3", endpoint_url=service, region_name="eu-north-1", **keys)
    bucket = owner.Bucket("books")
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    address = f"s3://an-id:a%2Fsecret@books/strongbox?endpoint_url={service}&region=eu-north-1"
    settings.STORAGES = {**settings.STORAGES, "default": storage_at(address)}
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def names_in(bucket: Any) -> set[str]:
    return {entry.key.removeprefix("strongbox/") for entry in bucket.objects.all()}


def test_a_collection_is_kept_and_exported_from_a_bucket(
    bucket: Any, collection: Collection, gateway: Sandbox, tmp_path: Path
) -> None:
    work(submitted(collection))
    stored = (collection.files, collection.tables)
    assert names_in(bucket) == {
        name for rows in stored for name in rows.values_list("storage_name", flat=True)
    }
    raw = b"".join(entry.get()["Body"].read() for entry in bucket.objects.all())
    assert b"Birchwood" not in raw
    written = reporting.collection_export(collection=collection, folder=tmp_path / "out", by=BORROWER)
    assert {"report.xlsx", "statements.json"} < {path.name for path in written}
    assert (tmp_path / "out" / "report.xlsx").read_bytes().startswith(b"PK")
    assert b"Birchwood" in (tmp_path / "out" / "statements.json").read_bytes()


def test_a_table_of_many_chunks_comes_back_from_a_bucket(bucket: Any, lender: Lender) -> None:
    collection = invite(lender).collection
    # Random, so that it stays large: more than is kept in memory, and several parts of an upload.
    rows = [(str(number), os.urandom(500).hex()) for number in range(20_000)]
    with tables.writing(collection, "general_ledger", columns=COLUMNS) as table:
        table.write_all(rows)
    assert table.stored
    assert table.stored.size > 9_000_000
    assert list(tables.read(table.stored)) == rows


def test_a_table_that_fails_half_way_leaves_nothing_in_a_bucket(bucket: Any, lender: Lender) -> None:
    collection = invite(lender).collection
    with (
        pytest.raises(ZeroDivisionError),
        tables.writing(collection, "general_ledger", columns=COLUMNS) as table,
    ):
        table.write(("1", "1.00"))
        raise ZeroDivisionError
    assert names_in(bucket) == set()


def test_an_object_that_was_changed_or_is_gone_is_not_read(bucket: Any, lender: Lender) -> None:
    collection = invite(lender).collection
    with tables.writing(collection, "general_ledger", columns=COLUMNS) as table:
        table.write(("1", "1.00"))
    stored = table.stored
    assert stored
    entry = bucket.Object(f"strongbox/{stored.storage_name}")
    content = entry.get()["Body"].read()
    entry.upload_fileobj(io.BytesIO(content[:-1]))
    with pytest.raises(vault.VaultError):
        list(tables.read(stored))
    entry.delete()
    with pytest.raises(FileNotFoundError):
        list(tables.read(stored))


def out_of_reach(settings: Any) -> None:
    """The address of the bucket, where nobody listens any more."""
    address = f"s3://an-id:a-secret@books/strongbox?endpoint_url=http://127.0.0.1:{free_port()}"
    storage = storage_at(address)
    storage["OPTIONS"]["client_config"] = Config(retries={"max_attempts": 1, "mode": "standard"})
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("asks_gateway", [True, False], ids=["tables", "reports"])
def test_a_bucket_that_does_not_answer_is_waited_for(
    bucket: Any, collection: Collection, gateway: Sandbox, settings: Any, asks_gateway: bool
) -> None:
    run = submitted(collection)
    while not asks_gateway and run.units.filter(done_at=None).exclude(kind=WorkUnit.Kind.REPORTS):
        collecting.unit_advance(run_id=run.pk)
    answering = settings.STORAGES
    out_of_reach(settings)
    work(run)
    assert (run.status, run.problem, run.waits) == (Run.Status.WAITING, "storage_unavailable", 1)
    settings.STORAGES = answering
    Run.objects.update(retry_at=None)
    assert work(run).status == Run.Status.DONE


def test_a_bucket_that_is_not_there_is_the_operators_to_find(
    bucket: Any, service: str, collection: Collection, gateway: Sandbox, settings: Any
) -> None:
    run = submitted(collection)
    wrong = f"s3://an-id:a-secret@nowhere?endpoint_url={service}&region=eu-north-1"
    settings.STORAGES = {**settings.STORAGES, "default": storage_at(wrong)}
    assert work(run).status == Run.Status.NEEDS_OPERATOR


def test_what_no_row_refers_to_is_swept_from_a_bucket_and_nothing_else(
    bucket: Any, collection: Collection, gateway: Sandbox
) -> None:
    work(submitted(collection))
    with tables.writing(collection, "bank_accounts", columns=COLUMNS) as table:
        table.write(("1", "1.00"))
    assert table.stored
    tables.keep(table.stored)
    kept = names_in(bucket)
    with tables.writing(collection, "bank_accounts", columns=COLUMNS) as orphan:
        orphan.write(("1", "1.00"))
    default_storage.save("backups/monday.sql", ContentFile(b"of somebody else"))
    assert sealed_files.orphans_sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert sealed_files.orphans_sweep() == 1
    assert names_in(bucket) == kept | {"backups/monday.sql"}


def test_the_check_says_in_a_sentence_whether_the_bucket_takes_a_file(
    bucket: Any, service: str, settings: Any
) -> None:
    assert storage_answers() == []
    assert names_in(bucket) == set()
    wrong = f"s3://an-id:a-secret@nowhere?endpoint_url={service}&region=eu-north-1"
    settings.STORAGES = {**settings.STORAGES, "default": storage_at(wrong)}
    (problem,) = storage_answers()
    assert problem.msg == "The storage of STORAGE_URL does not take a file (NoSuchBucket)."
    assert "a-secret" not in str(problem)
