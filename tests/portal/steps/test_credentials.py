"""Step 4: the sign-in. The password goes into the vault and nowhere else."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test import Client

from collections_app.models import Collection, Connection, Run
from collections_app.services import credentials
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, PASSWORD, SINGLE, USER, sign_in, submitted, work
from tests.parallel import at_once

STEP = "/collection/credentials/"
CANARY = "Canary-Password-77!"
RIGHT = {"company_id": SINGLE, "user_id": USER, "password": PASSWORD}


def test_a_sign_in_is_sealed_and_tried_by_a_worker_not_by_the_page(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    asked_before = sum(gateway.requests.values())
    assert borrower.post(STEP, RIGHT).status_code == 302
    assert sum(gateway.requests.values()) == asked_before
    assert Run.objects.get().status == Run.Status.QUEUED
    waiting = borrower.get(STEP)
    assert "portal/steps/checking_sign_in.html" in [template.name for template in waiting.templates]


def test_while_it_is_tried_the_form_is_one_click_away(borrower: Client, confirmed: Collection) -> None:
    borrower.post(STEP, RIGHT)
    form = borrower.get(STEP, {"change": "1"})
    assert form.context["form"].initial == {"company_id": SINGLE, "user_id": USER}


def test_a_refused_sign_in_returns_to_the_form_with_the_reason_and_what_to_check(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    borrower.post(STEP, RIGHT | {"password": CANARY})
    work(Run.objects.get())
    page = borrower.get("/collection/", follow=True).content.decode()
    assert "did not accept this company ID, user ID and password" in page
    assert "it is not the company’s name" in page
    assert f'value="{SINGLE}"' in page
    assert CANARY not in page


@pytest.mark.parametrize("missing", ["company_id", "user_id", "password"])
def test_an_incomplete_sign_in_is_asked_for_again_without_the_password(
    borrower: Client, confirmed: Collection, missing: str
) -> None:
    response = borrower.post(STEP, RIGHT | {"password": CANARY} | {missing: ""})
    assert response.status_code == 422
    assert missing in response.context["form"].errors
    page = response.content.decode()
    assert CANARY not in page
    if missing != "company_id":
        assert f'value="{SINGLE}"' in page
    assert not Connection.objects.exists()


def test_invisible_characters_and_blanks_around_the_ids_are_dropped(
    borrower: Client, confirmed: Collection
) -> None:
    borrower.post(STEP, RIGHT | {"company_id": f" \u200b{SINGLE}\ufeff ", "user_id": f"\t{USER}\u200d"})
    stored = Connection.objects.get()
    assert (stored.company_id, stored.user_id) == (SINGLE, USER)


@pytest.mark.parametrize("password", [" with blanks ", "pässwörd", "a\u200bb", "<&>\"'", "x" * 500])
def test_the_password_is_taken_as_typed(borrower: Client, confirmed: Collection, password: str) -> None:
    assert borrower.post(STEP, RIGHT | {"password": password}).status_code == 302
    assert credentials.credentials_open(connection=Connection.objects.get()).password == password


def test_the_password_is_in_no_table_no_session_no_log_and_no_page(
    borrower: Client, confirmed: Collection, gateway: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    pages = [borrower.post(STEP, RIGHT | {"password": CANARY}, follow=True).content]
    work(Run.objects.get())
    pages.append(borrower.get(STEP).content)
    assert not any(CANARY.encode() in page for page in pages)
    assert CANARY not in caplog.text
    assert CANARY not in repr([session.get_decoded() for session in Session.objects.all()])
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own table names
            assert CANARY.encode() not in repr(cursor.fetchall()).encode()


def test_the_permission_type_changes_the_instructions_and_nothing_else(
    borrower: Client, confirmed: Collection
) -> None:
    assert borrower.post(STEP, {"permission_type": "user-based"}, follow=True).status_code == 200
    confirmed.refresh_from_db()
    assert confirmed.permission_type == "user-based"
    assert borrower.post(STEP, {"permission_type": "neither"}).status_code == 422
    assert not Run.objects.exists()


def test_the_sender_id_is_there_to_be_copied(borrower: Client, confirmed: Collection, settings: Any) -> None:
    settings.INTACCT_SENDER_ID = "TheSenderId"
    borrower.post(STEP, {"permission_type": "role-based"})
    assert "TheSenderId" in borrower.get(STEP).content.decode()


def test_a_paused_collection_refuses_another_company_in_words(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    run = submitted(confirmed, SINGLE)
    Connection.objects.update(secret=None, session=None)
    work(run)
    response = borrower.post(STEP, RIGHT | {"company_id": GROUP})
    assert response.status_code == 422
    assert f"begun with the company {SINGLE}" in response.content.decode()
    assert borrower.post(STEP, RIGHT).status_code == 302
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED


def test_an_operators_problem_is_said_and_the_form_stays(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    gateway.faults.next("malformed")
    work(sign_in(confirmed))
    page = borrower.get(STEP)
    assert page.status_code == 200
    assert "answer that we could not read" in page.content.decode()


def test_the_form_sent_many_times_at_once_leaves_one_live_run(
    transactional_db: None, borrower: Client, confirmed: Collection
) -> None:
    cookie = borrower.cookies["session"].value

    def post() -> int:
        browser = Client()
        browser.cookies["session"] = cookie
        return browser.post(STEP, RIGHT).status_code

    assert at_once(8, post) == [302] * 8
    assert Run.objects.filter(status__in=Run.LIVE).count() == 1
    assert credentials.credentials_open(connection=Connection.objects.get()).password == PASSWORD
