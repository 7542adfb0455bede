"""Step 2: what is shared, and the consent."""

import re

from django.test import Client

from collections_app.models import Collection, Lender
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
    for lacking in ({}, {"name": "Robin Birch"}, {"agreed": "on"}, {"agreed": "on", "name": " \u200b "}):
        refused = borrower.post(STEP, lacking)
        assert refused.status_code == 422
    asked.refresh_from_db()
    assert asked.consent_version == ""
    given = {"agreed": "on", "name": " Robin\r\nBirch\u202e ", "title": "Controller", "own_basis": "cash"}
    assert borrower.post(STEP, given).status_code == 302
    asked.refresh_from_db()
    assert asked.consent_version == intake.CONSENT_VERSION
    assert asked.reviewed_at
    assert (asked.consent_name, asked.consent_title) == ("Robin Birch", "Controller")
    assert (asked.own_basis, asked.consent_given_by) == ("cash", "")
    assert asked.events.filter(action="consent.given", actor_kind="borrower").count() == 1


def test_it_says_what_for_who_sees_it_and_how_long_it_is_kept(
    borrower: Client, asked: Collection, lender: Lender
) -> None:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    lender.retention_days = 90
    lender.save(update_fields=["retention_days"])
    page = borrower.get(STEP).content.decode()
    for told in ("for a loan or credit", "who have an account here", "90 days after they are shared"):
        assert told in page


def test_the_days_agreed_to_stay_on_the_page_when_the_lender_takes_more(
    borrower: Client, asked: Collection, lender: Lender
) -> None:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    lender.retention_days = 365
    lender.save(update_fields=["retention_days"])
    assert "1 year after they are shared" in borrower.get(STEP).content.decode()
    borrower.post(STEP, {"agreed": "on", "name": "Robin"})
    assert asked.events.get(action="consent.given").data == {"retention_days": 365}
    for setting, shown in ((3650, "1 year"), (90, "90 days")):
        lender.retention_days = setting
        lender.save(update_fields=["retention_days"])
        assert f"{shown} after they are shared" in borrower.get(STEP).content.decode()
        # Who agrees once more has read the same number again.
        borrower.post(STEP, {"agreed": "on", "name": "Robin"})
    asked.refresh_from_db()
    assert asked.retention_days == 90


def test_nobody_agrees_to_more_days_than_the_page_said(
    borrower: Client, asked: Collection, lender: Lender
) -> None:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    sent = re.search(r'name="kept_days" value="(\d+)"', borrower.get(STEP).content.decode())
    assert sent
    lender.retention_days = 3650
    lender.save(update_fields=["retention_days"])
    answers = {"agreed": "on", "name": "Robin", "kept_days": sent[1]}
    refused = borrower.post(STEP, answers)
    page = refused.content.decode()
    assert refused.status_code == 422 and 'name="kept_days" value="3650"' in page
    assert "How long the reports are kept has changed since you opened this page." in page
    asked.refresh_from_db()
    assert asked.reviewed_at is None
    assert borrower.post(STEP, answers | {"kept_days": "3650"}).status_code == 302


def test_what_was_answered_is_there_on_coming_back_and_may_be_left_open(
    borrower: Client, asked: Collection
) -> None:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    borrower.post(STEP, {"agreed": "on", "name": "<b>Robin</b>", "title": "", "own_basis": ""})
    asked.refresh_from_db()
    assert asked.own_basis == ""
    page = borrower.get(STEP).content.decode()
    assert 'value="&lt;b&gt;Robin&lt;/b&gt;"' in page
    assert borrower.post(STEP, {"agreed": "on", "name": "x" * 201}).status_code == 422
    assert borrower.post(STEP, {"agreed": "on", "name": "R", "own_basis": "barter"}).status_code == 422
