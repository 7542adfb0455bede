from pathlib import Path

from tests import factories
from tests.collections_app.lender_terms import DOCUMENT
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def test_a_lenders_terms_are_kept_from_a_file(manage: Manage, tmp_path: Path) -> None:
    lender, path = factories.make_lender("Northern Credit"), tmp_path / "terms.json"
    path.write_text(DOCUMENT, encoding="utf-8")
    finished = manage("importterms", "--lender", lender.slug, str(path))
    assert finished.code == 0
    assert finished.last.startswith("Northern Credit: the terms are kept")
    lender.refresh_from_db()
    assert lender.terms == DOCUMENT


def test_terms_with_a_fault_and_a_missing_file_are_refused_in_a_sentence(
    manage: Manage, tmp_path: Path
) -> None:
    lender, path = factories.make_lender(), tmp_path / "terms.json"
    path.write_text('{"covenants": 1}', encoding="utf-8")
    refused = manage("importterms", "--lender", lender.slug, str(path))
    assert is_one_sentence(refused)
    assert "“covenants” must be a list" in refused.error
    assert is_one_sentence(manage("importterms", "--lender", lender.slug, str(tmp_path / "missing.json")))
    lender.refresh_from_db()
    assert lender.terms == ""
