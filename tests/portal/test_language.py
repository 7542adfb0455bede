"""The language: switched on every page, kept by the browser and by the collection, also in mails."""

import re
from decimal import Decimal
from typing import Any

from django.core import mail
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils import timezone, translation

from collections_app.models import Collection, Lender, Notice, Run
from collections_app.reports.sentences import Sentence
from collections_app.reports.suggestion_evidence import ONE_WORD
from collections_app.services import notifying, setting_up, speaking
from collections_app.services.invitations import Invitation, link_reissue
from portal.templatetags import portal_accounts, portal_ui
from tests.collecting import OPERATOR, token_of
from tests.factories import make_run

ENGLISH = re.compile(r"\b(the|your|you|and|of|with|this|these|will|from|not|is|was|are)\b", re.IGNORECASE)
SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def switch(client: Client, language: str, place: str = "/collection/", **headers: str) -> Any:
    return client.post(f"{place}?language", {"language": language}, headers=headers or None)


def test_a_switched_page_is_the_same_page_in_the_other_language(borrower: Client) -> None:
    page = "/collection/select-system/"
    response = switch(borrower, "es", page)
    assert response.headers["Location"] == page
    text = borrower.get(page).content.decode()
    assert '<html lang="es">' in text
    assert "Elija su sistema contable" in text
    assert 'value="en" lang="en">English</button>' in text
    switch(borrower, "en", page)
    assert "Choose your accounting system" in borrower.get(page).content.decode()


def test_the_cookie_is_as_careful_as_the_others(client: Client, db: None) -> None:
    cookie = switch(client, "es").cookies["language"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    with override_settings(LANGUAGE_COOKIE_NAME="__Host-language", LANGUAGE_COOKIE_SECURE=True):
        assert switch(client, "es").cookies["__Host-language"]["secure"]


def test_the_switch_on_the_landing_page_opens_nothing(client: Client, invitation: Invitation) -> None:
    page = f"/c/{token_of(invitation)}/"
    assert switch(client, "es", page).headers["Location"] == page
    assert Collection.objects.get().status == Collection.Status.INVITED
    assert "link" not in client.session


def test_the_switch_leads_to_no_other_host_and_works_from_none(client: Client, db: None) -> None:
    away = client.post("/?language", {"language": "es"}, PATH_INFO="//evil.example/x")
    assert away.headers["Location"] == "/evil.example/x"
    other = Client()
    switch(other, "es", **{"Sec-Fetch-Site": "cross-site"})
    assert "language" not in other.cookies


def test_a_language_that_is_not_spoken_here_changes_nothing(client: Client, db: None) -> None:
    response = switch(client, "xx-rubbish")
    assert response.status_code == 302
    assert not response.cookies.get("language")


def test_a_browser_that_asks_for_spanish_gets_it_on_pages_of_every_kind(
    client: Client, invitation: Invitation
) -> None:
    for page, words in (
        (f"/c/{token_of(invitation)}/", "solicita sus informes financieros"),
        ("/guide/harbor/role-based/", "Habilite Web Services"),
        ("/guide/harbor/quickstart-categories/", "Activo corriente"),
        ("/nothing-here/", "Esta página no existe"),
        ("/collection/", "Primero abra su enlace"),
    ):
        text = client.get(page, headers=SPANISH).content.decode()
        assert words in text
        assert '<html lang="es">' in text
        assert 'action="?language"' in text
        assert "English</button>" in text


def test_the_desk_stays_english_and_has_no_switch(client: Client, db: None) -> None:
    switch(client, "es")
    page = client.get("/admin/login/", headers=SPANISH).content.decode()
    assert "Password" in page
    assert 'name="language"' not in page


def test_the_collection_keeps_the_language_and_another_device_takes_it(
    borrower: Client, asked: Collection, invitation: Invitation
) -> None:
    switch(borrower, "es")
    asked.refresh_from_db()
    assert asked.language == "es"
    other = Client()
    other.post(f"/c/{token_of(invitation)}/", HTTP_ACCEPT_LANGUAGE="en")
    assert other.cookies["language"].value == "es"


def language_of(client: Client, page: str, **headers: str) -> str:
    answer = client.get(page, headers=headers or None).content.decode()
    found = re.search('<html lang="(..)">', answer)
    assert found
    return found[1]


def test_a_link_opened_on_another_device_is_in_the_chosen_language_from_the_first_page_on(
    borrower: Client, asked: Collection, invitation: Invitation
) -> None:
    switch(borrower, "es")
    other, english = Client(), {"Accept-Language": "en-US"}
    page = f"/c/{token_of(invitation)}/"
    assert language_of(other, page, **english) == "es"
    other.post(page, headers=english)
    assert language_of(other, "/collection/select-system/", **english) == "es"


def test_what_was_chosen_on_a_device_holds_there_whatever_is_chosen_on_another(
    borrower: Client, asked: Collection, invitation: Invitation
) -> None:
    page, english = f"/c/{token_of(invitation)}/", {"Accept-Language": "en-US"}
    other = Client()
    other.post(page, headers=english)
    switch(borrower, "es")
    assert language_of(other, "/collection/select-system/", **english) == "en"
    assert language_of(other, page, **english) == "en"
    switch(other, "en", page)
    switch(borrower, "es")
    assert language_of(other, page, **SPANISH) == "en"


def test_the_page_behind_the_button_is_in_the_language_of_the_page_before_it(
    client: Client, invitation: Invitation
) -> None:
    page = f"/c/{token_of(invitation)}/"
    first = language_of(client, page, **SPANISH)
    client.post(page, headers=SPANISH)
    # A browser whose own list of languages changes, or is not sent, keeps what was read.
    assert first == language_of(client, "/collection/select-system/") == "es"


def test_the_colleagues_page_is_in_the_language_of_the_mail_that_brought_it(
    client: Client, asked: Collection
) -> None:
    speaking.language_choose(collection=asked, language="es")
    Collection.objects.update(reviewed_at=timezone.now(), status=Collection.Status.STARTED)
    asked.refresh_from_db()
    _link, url = setting_up.set_up_link_issue(collection=asked, seed="s" * 32, by=OPERATOR)
    page = url[url.index("/s/") :]
    assert language_of(client, page) == "es"
    client.post(page)
    assert language_of(client, "/set-up/") == "es"


def test_opening_a_link_in_a_spanish_browser_is_a_choice_too(client: Client, invitation: Invitation) -> None:
    client.post(f"/c/{token_of(invitation)}/", headers=SPANISH)
    assert Collection.objects.get().language == "es"


def test_mails_to_the_borrower_are_in_that_language_and_those_to_operators_are_not(
    asked: Collection, settings: Any
) -> None:
    settings.OPERATOR_EMAIL = ["operator@portal.example"]
    speaking.language_choose(collection=asked, language="es")
    Collection.objects.update(withdrawn_at=timezone.now())
    run = make_run(asked, Run.Kind.COLLECT, status=Run.Status.NEEDS_OPERATOR, problem="our_fault")
    # Nobody of this lender's staff has chosen a mail.
    kinds = [kind for kind in Notice.Kind if kind not in notifying.TO_WHO_CHOSE]
    # As if a page in Spanish were being answered while the operator is told.
    with translation.override("es"):
        for kind in kinds:
            # What is over by then is not mailed.
            stopped = kind == Notice.Kind.STOPPED
            run.status = Run.Status.NEEDS_OPERATOR if stopped else Run.Status.NEEDS_BORROWER
            run.save(update_fields=["status"])
            notice = Notice.objects.create(collection=asked, kind=kind, problem="our_fault")
            assert notifying.notice_send(notice.pk)
    sent = dict(zip(kinds, mail.outbox, strict=True))
    for kind, message in sent.items():
        in_english = kind in (Notice.Kind.STOPPED, *notifying.TO_STAFF)
        assert bool(ENGLISH.search(f"{message.subject}\n{message.body}")) == in_english, message.body
        assert ('<html lang="es">' in str(message.message())) != in_english
    assert "tiene sus informes" in sent[Notice.Kind.FINISHED].subject
    assert "Sus informes fueron recopilados" in sent[Notice.Kind.FINISHED].body
    assert "withdrew from the request" in sent[Notice.Kind.WITHDRAWN].body
    assert "asks for a new one" in sent[Notice.Kind.LINK_ASKED].body
    assert "has stopped" in sent[Notice.Kind.STOPPED].body


def test_a_new_link_is_mailed_in_that_language(
    asked: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    speaking.language_choose(collection=asked, language="es")
    asked.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        link_reissue(collection=asked, by=OPERATOR, send_mail=True)
    assert "solicita sus informes financieros" in mail.outbox[-1].subject


def test_numbers_dates_and_times_are_written_as_in_spanish(lender: Lender, asked: Collection) -> None:
    with translation.override("es"):
        assert portal_ui.money(Decimal("-1234567.5")) == "(1,234,567.50)"
        assert portal_ui.whole_number(12345) == "12,345"
        assert portal_ui.written_out(asked.date_from) == "1 de abril de 2026"
        assert portal_ui.month_and_year(asked.date_from) == "abril de 2026"
        # Midnight of the first of April in Toronto is not that of Greenwich.
        at = asked.created_at.replace(2026, 4, 1, 3, 5)
        assert portal_ui.moment(at, lender.time_zone) == "31 de marzo de 2026, 11:05 p.m. EDT"
        period = render_to_string("components/period.html", {"collection": asked}).strip()
        assert period == "Del 1 de abril de 2026 al 30 de junio de 2026"


def test_the_reason_of_a_suggestion_is_told_in_the_readers_words() -> None:
    reason = Sentence(ONE_WORD, word="“rent”")
    assert reason == "Its title has the word “rent”."
    assert "&lt;b&gt;" in portal_accounts.in_readers_words(Sentence(ONE_WORD, word="<b>"))
    with translation.override("es"):
        assert portal_accounts.in_readers_words(reason) == "Su título contiene la palabra “rent”."
