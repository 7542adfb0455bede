"""The credit file, and whether what came out of it is still what went in."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from collections_app.events import Who
from collections_app.models import Collection, Event
from collections_app.services import documents, reviewing
from collections_app.services.credit_file import credit_file_stream
from collections_app.services.seeing import fingerprint
from collections_app.services.verifying import file_verify
from tests import factories
from tests.uploaded_files import workbook

ANNA = Who(Event.Actor.STAFF, "anna@staff.test")
Entries = dict[str, bytes]


@pytest.fixture
def complete(db: None, settings: Any, tmp_path: Path) -> Collection:
    """A collection with reports, an uploaded document, a question and a decision."""
    stored = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    collection = factories.collected_collection()
    Collection.objects.filter(pk=collection.pk).update(allows_other_documents=True)
    collection.refresh_from_db()
    documents.document_add(
        collection=collection, file=io.BytesIO(workbook()), name="lease.xlsx", request=None, by=Who.borrower()
    )
    question = reviewing.question_ask(collection=collection, words="Why?", by=ANNA)
    reviewing.questions_answer(collection=collection, answers={question.key: "So."}, by=Who.borrower())
    reviewing.collection_decide(
        collection=collection,
        verdict="accept",
        words="Fine.",
        by=ANNA,
        may_approve=True,
        shown=fingerprint(collection),
    )
    return collection


@pytest.fixture
def exported(complete: Collection) -> bytes:
    return b"".join(credit_file_stream(collection=complete, by=ANNA))


def entries(bundle: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(bundle)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def bundled(content: Entries) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as bundle:
        for name, data in content.items():
            bundle.writestr(name, data)
    return target.getvalue()


def test_it_holds_everything_that_was_shared_said_and_decided(complete: Collection, exported: bytes) -> None:
    found = {name.partition("/")[2]: data for name, data in entries(exported).items()}
    assert set(found) == {
        "reports/report.xlsx",
        "reports/statements.json",
        "documents/lease.xlsx",
        "request.json",
        "consent.json",
        "checks.json",
        "explanations.json",
        "questions.json",
        "decisions.json",
        "timeline.json",
        "manifest.json",
    }
    assert found["documents/lease.xlsx"] == workbook()
    assert json.loads(found["questions.json"])[0]["answer"] == "So."
    assert json.loads(found["decisions.json"])[0]["seen"]["verdict"] == "accept"
    assert complete.events.filter(action="credit_file.exported").exists()
    listed = json.loads(found["manifest.json"])["manifest"]["files"]
    assert {each["name"] for each in listed} == set(found) - {"manifest.json"}


def test_no_secret_is_in_it(exported: bytes) -> None:
    everything = b"".join(entries(exported).values())
    assert factories.PASSWORD.encode() not in everything
    assert b"clk_" not in everything


def test_what_was_exported_is_genuine_also_when_packed_anew(exported: bytes) -> None:
    for bundle in (exported, bundled(entries(exported))):
        found = file_verify(io.BytesIO(bundle))
        assert found.outcome == "genuine"
        assert "All 10 files" in found.sentences[1]


def edit(content: Entries, part: str, data: bytes | None) -> None:
    name = next(name for name in content if name.endswith(part))
    if data is None:
        del content[name]
    else:
        content[name] = data


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda found: edit(found, "report.xlsx", b"PK other"), "Changed since it was exported: reports"),
        (lambda found: edit(found, "lease.xlsx", None), "Missing: documents/lease.xlsx."),
        (lambda found: found.update({"X/more.txt": b"more"}), "Added since: X/more.txt."),
        (
            lambda found: edit(
                found,
                "manifest.json",
                found[max(found, key=lambda n: n.endswith("manifest.json"))].replace(
                    b'"size": ', b'"size": 1'
                ),
            ),
            "signature of its manifest does not hold",
        ),
    ],
)
def test_any_change_is_named(change: Callable[[Entries], Any], sentence: str, exported: bytes) -> None:
    content = entries(exported)
    change(content)
    found = file_verify(io.BytesIO(bundled(content)))
    assert found.outcome == "changed"
    assert sentence in " ".join(found.sentences)


def test_a_manifest_and_a_report_are_known_by_themselves(exported: bytes) -> None:
    content = {name.rpartition("/")[2]: data for name, data in entries(exported).items()}
    manifest = file_verify(io.BytesIO(content["manifest.json"]))
    assert (manifest.outcome, len(manifest.listed)) == ("genuine", 10)
    for name in ("report.xlsx", "statements.json"):
        assert file_verify(io.BytesIO(content[name])).outcome == "genuine", name
        assert file_verify(io.BytesIO(content[name] + b" ")).outcome == "unknown", name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\3\4 broken",
        b"{",
        b"[" * 100_000,
        b'{"manifest": 1}',
        b'{"manifest": {}, "signature": []}',
    ],
)
def test_rubbish_is_unknown_and_no_fault(content: bytes, db: None) -> None:
    assert file_verify(io.BytesIO(content)).outcome == "unknown"


def test_a_zip_with_a_long_directory_is_told_in_words_and_not_read(db: None) -> None:
    content = bundled({f"{'n' * 200}-{number}": b"" for number in range(5000)})
    found = file_verify(io.BytesIO(content))
    assert (found.outcome, found.sentences) == ("unknown", ("It lists more files than were ever exported.",))


def test_nothing_is_exported_before_it_is_shared(db: None) -> None:
    with pytest.raises(ValidationError):
        credit_file_stream(collection=factories.make_collection(), by=ANNA)


def test_the_command_says_it_in_the_shell(
    exported: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "credit-file.zip"
    path.write_bytes(exported)
    call_command("verify", str(path))
    assert "as they were collected" in capsys.readouterr().out
    path.write_bytes(b"something else")
    with pytest.raises(CommandError, match="Nothing that is kept here"):
        call_command("verify", str(path))
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("verify", str(tmp_path / "nothing"))


def test_anybody_can_ask_on_the_public_page(exported: bytes, client: Client) -> None:
    assert client.get("/verify/").status_code == 200
    upload = io.BytesIO(exported)
    upload.name = "credit-file.zip"
    assert "Yes, it is genuine" in client.post("/verify/", {"file": upload}).content.decode()
    assert client.post("/verify/").status_code == 422


def test_the_desk_downloads_it_by_a_button(complete: Collection, client: Client) -> None:
    client.force_login(factories.make_staff(complete.lender))
    address = f"/admin/collections_app/collection/{complete.pk}/credit-file/"
    assert client.get(address).status_code == 405
    response = client.post(address)
    assert "credit-file.zip" in response.headers["Content-Disposition"]
    assert file_verify(io.BytesIO(response.getvalue())).outcome == "genuine"
