"""Step 2: what is shared, and the consent."""

from django.test import Client

from collections_app.models import Collection
from collections_app.services import intake
from tests.collecting import BORROWER

STEP = "/collection/review/"


def test_it_names_lender_reports_and_exact_dates(borrower: Client, asked: Collection) -> None:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    page = borrower.get(STEP).content.decode()
    for part in (
        "Harbor Community Bank",
        "Trial balance",
        "Balance sheet",
        "April 1, 2026",
        "June 30, 2026",
    ):
        assert part in page


def test_consent_is_a_tick_and_is_recorded_with_its_text(borrower: Client, asked: Collection) -> None:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    refused = borrower.post(STEP, {})
    assert refused.status_code == 422
    asked.refresh_from_db()
    assert asked.consent_version == ""
    assert borrower.post(STEP, {"agreed": "on"}).status_code == 302
    asked.refresh_from_db()
    assert asked.consent_version == intake.CONSENT_VERSION
    assert asked.reviewed_at
    assert asked.events.filter(action="consent.given", actor_kind="borrower").count() == 1
