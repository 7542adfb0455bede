"""The last look before sharing: statements, failed checks, explanations, attestation."""

import io
import json
import re

import openpyxl
import pytest
from django.test import Client
from django.utils.html import escape

from collections_app.check_words import CHECK_WORDS
from collections_app.models import Collection, Explanation, Lender, Run
from tests import factories
from tests.collecting import actions, work
from tests.portal.previewing import browser_of, waiting

STEP = "/collection/preview/"
ATTESTED = {"action": "share", "name": " Ann  Otter ", "title": "Controller", "agreed": "on"}


@pytest.fixture
def previewing(lender: Lender) -> Collection:
    return waiting(lender)


@pytest.fixture
def looking(previewing: Collection) -> Client:
    return browser_of(previewing)


def failed(collection: Collection) -> str:
    """The number of a check that failed."""
    check_id: str = collection.checks.filter(outcome="fail").values_list("check_id", flat=True)[0]
    return check_id


@pytest.mark.slow
def test_who_agreed_is_not_made_to_type_name_and_title_twice(looking: Client, previewing: Collection) -> None:
    Collection.objects.filter(pk=previewing.pk).update(consent_name="Ann Otter", consent_title="Controller")
    form = looking.get(STEP).context["form"]
    assert (form["name"].value(), form["title"].value()) == ("Ann Otter", "Controller")


@pytest.mark.slow
def test_the_borrower_sees_the_statements_and_what_failed(looking: Client, previewing: Collection) -> None:
    assert looking.get("/collection/").headers["Location"] == STEP
    assert looking.get("/collection/progress/").headers["Location"] == "/collection/"
    response = looking.get(STEP)
    page = response.content.decode()
    titles = [statement.name for statement in response.context["previewed"].statements]
    assert titles == ["Balance sheet", "Income statement", "Cash flow statement"]
    assert "37,037.01" in page and "report.xlsx" in page
    for check in previewing.checks.filter(outcome="fail"):
        assert escape(str(CHECK_WORDS[check.check_id].meaning)) in page
        assert escape(check.found["sentence"]) in page
        assert check.found["title"] in page and f'name="explanation-{check.check_id}"' in page
    assert looking.get("/collection/download/report.xlsx").getvalue()


def test_the_lender_reads_nothing_before_it_is_shared(looking: Client, previewing: Collection) -> None:
    staff = Client()
    staff.force_login(factories.make_staff(previewing.lender))
    desk = f"/admin/collections_app/collection/{previewing.pk}"
    page = staff.get(f"{desk}/change/").content.decode()
    assert "looks at the reports and then shares them" in page
    assert "report.xlsx" not in page.split('id="work"')[0] and "37,037.01" not in page
    assert staff.get(f"{desk}/files/report.xlsx").status_code == 404
    assert "collection.viewed" not in actions(previewing)


@pytest.mark.slow
def test_explanations_are_saved_sealed_and_shown_again(looking: Client, previewing: Collection) -> None:
    words = "Moved in May.\r\n<script>alert(1)</script> \u202e 🦦"
    answer = {f"explanation-{failed(previewing)}": words, "action": "save"}
    response = looking.post(STEP, answer)
    assert (response.status_code, response.headers["Location"]) == (302, f"{STEP}?saved=1#attest")
    kept = Explanation.objects.get()
    assert kept.words.startswith("Moved in May.\n<script>") and b"Moved" not in bytes(kept.sealed)
    page = looking.get(f"{STEP}?saved=1").content.decode()
    assert "Moved in May." in page and "<script>alert" not in page and "Nothing is shared yet" in page
    looking.post(STEP, answer | {f"explanation-{failed(previewing)}": "  "})
    assert not Explanation.objects.exists()


INCOMPLETE: list[dict[str, str]] = [
    {"action": "share"},
    ATTESTED | {"name": "   "},
    ATTESTED | {"title": "x" * 201},
    ATTESTED | {"name": "Ann\0"},
    {key: value for key, value in ATTESTED.items() if key != "agreed"},
]


@pytest.mark.slow
def test_nothing_is_shared_without_name_title_and_agreement(looking: Client, previewing: Collection) -> None:
    words = {f"explanation-{failed(previewing)}": "Typed and not lost."}
    for answer in INCOMPLETE:
        response = looking.post(STEP, words | answer)
        page = response.content.decode()
        assert response.status_code == 422 and "<title>Error: " in re.sub(r"\s+(?=Error)", "", page), answer
        assert "Typed and not lost." in page
    previewing.refresh_from_db()
    assert previewing.status == Collection.Status.COLLECTING


@pytest.mark.slow
def test_words_that_are_too_long_are_refused_and_kept_on_the_page(
    looking: Client, previewing: Collection
) -> None:
    response = looking.post(STEP, {f"explanation-{failed(previewing)}": "x" * 2_001, "action": "save"})
    assert response.status_code == 422 and "x" * 2_001 in response.content.decode()
    looking.post(STEP, {"explanation-R999": "made up", "explanation-": "x", "action": "save"})
    assert not Explanation.objects.exists()


@pytest.mark.slow
def test_what_was_said_travels_with_the_reports(
    workbook: None, looking: Client, previewing: Collection
) -> None:
    check_id = failed(previewing)
    terms = '{"borrowing_base": {"past_due_days": 60}}'
    Run.objects.filter(collection=previewing, kind=Run.Kind.COLLECT).update(terms=terms)
    response = looking.post(STEP, ATTESTED | {f"explanation-{check_id}": "Moved in May."})
    assert response.status_code == 302
    assert looking.get("/collection/").headers["Location"] == "/collection/done/"
    rebuild = Run.objects.get(kind=Run.Kind.REBUILD)
    assert rebuild.terms == terms
    assert work(rebuild).status == Run.Status.DONE
    content = b"".join(looking.get("/collection/download/statements.json"))
    statements = json.loads(content)
    assert statements["explanations"] == [{"check": check_id, "explanation": "Moved in May."}]
    assert statements["attestation"]["name"] == "Ann Otter"
    assert statements["attestation"]["title"] == "Controller"
    book = openpyxl.load_workbook(io.BytesIO(looking.get("/collection/download/report.xlsx").getvalue()))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "The borrower explains: Moved in May." in cells
    staff = Client()
    staff.force_login(factories.make_staff(previewing.lender))
    page = staff.get(f"/admin/collections_app/collection/{previewing.pk}/change/").content.decode()
    assert "Moved in May." in page and "Ann Otter, Controller" in page
    assert "Ann Otter" in looking.get("/collection/done/").content.decode()


@pytest.mark.slow
def test_two_clicks_and_two_tabs_share_once(looking: Client, previewing: Collection) -> None:
    for _ in range(3):
        assert looking.post(STEP, ATTESTED).status_code == 302
    assert actions(previewing).count("collection.submitted") == 1
    assert Run.objects.filter(kind=Run.Kind.REBUILD).count() == 1
    assert (
        looking.post(STEP, {f"explanation-{failed(previewing)}": "Too late", "action": "save"}).status_code
        == 302
    )
    assert not Explanation.objects.exists()


@pytest.mark.slow
def test_without_a_copy_the_statements_are_seen_and_no_file_is_offered(
    looking: Client, previewing: Collection
) -> None:
    Lender.objects.filter(pk=previewing.lender_id).update(allows_copy=False)
    page = looking.get(STEP).content.decode()
    assert "37,037.01" in page and "report.xlsx" not in page
    assert looking.get("/collection/download/report.xlsx").status_code == 404
