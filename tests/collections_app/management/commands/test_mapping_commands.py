"""importmapping, exportmapping and rebuildreports."""

import json
from pathlib import Path

import pytest

from collections_app.models import Collection, Lender, MappingTemplate, Run
from tests import factories
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence
from tests.collections_app.mapping import NAME, SPREAD, relabeled, stored


@pytest.fixture
def lender(transactional_db: None) -> Lender:
    return factories.make_lender("Northern Credit")


@pytest.fixture
def complete(lender: Lender) -> Collection:
    return factories.collected_collection(lender)


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "template.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_template_goes_in_and_comes_out(manage: Manage, lender: Lender, tmp_path: Path) -> None:
    imported = manage("importmapping", "--lender", lender.slug, written(tmp_path, SPREAD))
    assert (imported.code, imported.last) == (0, f"{NAME}@1")
    exported = manage("exportmapping", "--lender", lender.slug, imported.last)
    assert json.loads(exported.out) == json.loads(SPREAD)


@pytest.mark.parametrize(
    ("text", "says"),
    [("{", "not a JSON document"), (SPREAD.replace("balance_sheet", "balances"), "“balances”")],
)
def test_a_wrong_template_is_refused_in_a_sentence(
    manage: Manage, lender: Lender, tmp_path: Path, text: str, says: str
) -> None:
    refused = manage("importmapping", "--lender", lender.slug, written(tmp_path, text))
    assert is_one_sentence(refused)
    assert says in refused.error
    assert not MappingTemplate.objects.exists()


def test_a_file_that_cannot_be_read_is_named(manage: Manage, lender: Lender, tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.json", "binary.json"):
        refused = manage("importmapping", "--lender", lender.slug, str(tmp_path / name))
        assert is_one_sentence(refused)
        assert name in refused.error


def test_a_rebuild_names_its_template_or_none_or_keeps_the_one_it_has(
    manage: Manage, complete: Collection
) -> None:
    first = stored(complete.lender)
    second = stored(complete.lender, relabeled("Something else", version=2))
    for arguments, mapping in (
        (["--mapping", NAME], second),
        (["--mapping", f"{NAME}@1"], first),
        ([], None),
        (["--no-mapping"], None),
    ):
        finished = manage("rebuildreports", complete.reference, *arguments)
        assert (finished.code, finished.last) == (0, "Rebuild the reports: queued")
        assert Run.objects.latest("pk").mapping == mapping


def test_an_unknown_template_is_refused(manage: Manage, complete: Collection) -> None:
    stored(factories.make_lender())
    for refused in (
        manage("rebuildreports", complete.reference, "--mapping", NAME),
        manage("exportmapping", "--lender", complete.lender.slug, NAME),
    ):
        assert is_one_sentence(refused)
        assert "Northern Credit has no template" in refused.error


def test_a_collection_under_way_is_refused(manage: Manage, lender: Lender) -> None:
    refused = manage("rebuildreports", factories.make_collection(lender).reference)
    assert is_one_sentence(refused)
    assert "is not complete" in refused.error
