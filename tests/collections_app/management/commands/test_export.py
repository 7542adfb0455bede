"""`export`"""

import io
import json
from pathlib import Path

import pytest

from collections_app.events import Who
from collections_app.models import Collection
from collections_app.services.documents import document_add
from intacct.sandbox import Sandbox
from tests.collecting import actions, submitted, work
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence
from tests.uploaded_files import CSV, PDF

pytestmark = pytest.mark.slow


@pytest.fixture
def complete(manage: Manage, collection: Collection, gateway: Sandbox) -> Collection:
    work(submitted(collection))
    return collection


def test_it_writes_every_file_and_lists_them(manage: Manage, complete: Collection, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    finished = manage("export", complete.reference.lower(), "--to", str(folder))
    assert (finished.code, finished.error) == (0, "")
    written = {path.name for path in folder.iterdir()}
    assert {"statements.json", "report.xlsx", "trial_balance.csv"} <= written
    assert {Path(line).name for line in finished.out.splitlines()} == written
    statements = json.loads((folder / "statements.json").read_text())
    assert statements["reference"] == complete.reference
    assert actions(complete)[-1] == "reports.exported"


def test_it_writes_the_same_bytes_again_over_what_is_there(
    manage: Manage, complete: Collection, tmp_path: Path
) -> None:
    manage("export", complete.reference, "--to", str(tmp_path / "a"))
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert manage("export", complete.reference, "--to", str(tmp_path / "a")).code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == first


def test_it_refuses_a_collection_that_is_not_there(manage: Manage, tmp_path: Path) -> None:
    finished = manage("export", "NOPE-NOPE", "--to", str(tmp_path / "a"))
    assert finished.code == 1
    assert "There is no collection NOPE-NOPE" in finished.error
    assert not (tmp_path / "a").exists()


def test_it_refuses_a_collection_that_is_not_complete(
    manage: Manage, collection: Collection, tmp_path: Path
) -> None:
    finished = manage("export", collection.reference, "--to", str(tmp_path / "a"))
    assert is_one_sentence(finished), finished
    assert "is not complete: it is started" in finished.error
    assert not (tmp_path / "a").exists()


def test_it_says_which_place_cannot_be_written_to(
    manage: Manage, complete: Collection, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("a file")
    finished = manage("export", complete.reference, "--to", str(tmp_path / "a"))
    assert is_one_sentence(finished), finished
    assert str(tmp_path / "a") in finished.error


def test_a_stored_file_that_is_gone_is_named_and_nothing_is_half_written(
    manage: Manage, complete: Collection, tmp_path: Path, reports_folder: Path
) -> None:
    (gone,) = reports_folder.rglob("statements.json.sealed")
    gone.unlink()
    finished = manage("export", complete.reference, "--to", str(tmp_path / "a"))
    assert is_one_sentence(finished), finished
    assert str(gone) in finished.error
    assert not (tmp_path / "a").exists()


def test_documents_go_into_a_folder_of_their_own(
    manage: Manage, complete: Collection, tmp_path: Path
) -> None:
    Collection.objects.update(allows_other_documents=True)
    complete.refresh_from_db()
    for content, name in ((PDF, "image.pdf"), (CSV, "Image.csv"), (PDF + b"\n", "image.pdf")):
        document_add(
            collection=complete, file=io.BytesIO(content), name=name, request=None, by=Who.borrower()
        )
    finished = manage("export", complete.reference, "--to", str(tmp_path / "a"))
    assert (finished.code, finished.error) == (0, "")
    folder = tmp_path / "a" / "documents"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "image.pdf": PDF,
        "Image.csv": CSV,
        "image (2).pdf": PDF + b"\n",
    }
    assert str(folder / "image (2).pdf") in finished.out
