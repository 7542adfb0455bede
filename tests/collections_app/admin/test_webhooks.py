"""Webhooks at the desk: a manager makes and stops them, and has sent again what was not taken."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collections_app import vault
from collections_app.admin.moments import moment
from collections_app.models import Delivery, Event, Lender, Webhook
from collections_app.services import webhooking
from tests import factories

LIST = "/admin/collections_app/webhook/"
SHOWN = re.compile(r"whs_[0-9a-f]{64}")


@pytest.fixture
def asked(settings: Any) -> dict[str, Any]:
    """A form for an address of this machine, which the operator allowed."""
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    told = ["collection.submitted", "collection.withdrawn"]
    return {"form_key": "a1", "url": "http://127.0.0.1:9/hook", "told": told}


def test_a_manager_makes_a_webhook_whose_secret_is_shown_once(
    manager: Client, lender: Lender, asked: dict[str, Any]
) -> None:
    page = manager.post(f"{LIST}add/", asked)
    (secret,) = SHOWN.findall(page.content.decode())
    assert "no-store" in page.headers["Cache-Control"]
    webhook = Webhook.objects.get()
    assert (webhook.lender, webhook.url, webhook.events) == (lender, asked["url"], asked["told"])
    assert vault.unseal(webhook.secret, place=webhooking.place(webhook)) == secret
    for later in (f"{LIST}{webhook.pk}/change/", f"{LIST}{webhook.pk}/history/", LIST):
        assert SHOWN.findall(manager.get(later).content.decode()) == []
    assert Event.objects.get(action="webhook.created").about == f"lender:{lender.slug}"
    again = manager.post(f"{LIST}add/", asked, follow=True).content.decode()
    assert "That form was sent already" in again and Webhook.objects.count() == 1


def test_whoever_ticks_everything_is_told_of_what_comes_later_too(
    manager: Client, asked: dict[str, Any]
) -> None:
    manager.post(f"{LIST}add/", asked | {"told": list(webhooking.TOLD)})
    assert Webhook.objects.get().events == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://10.0.0.1/hook", "is an address inside a network"),
        ("http://loans.example/hook", "The address must begin with https://."),
        ("loans", "The address must begin with https://."),
        ("", "This field is required."),
    ],
)
def test_a_wrong_address_is_refused_in_words(
    url: str, said: str, manager: Client, asked: dict[str, Any]
) -> None:
    assert said in manager.post(f"{LIST}add/", asked | {"url": url}).content.decode()
    assert not Webhook.objects.exists()


def test_the_log_says_what_was_told_and_what_became_of_it(manager: Client, lender: Lender) -> None:
    webhook = factories.make_webhook(lender)
    told = {"webhook": webhook, "event": "collection.submitted", "body": '{"reference": "AB-12"}'}
    Delivery.objects.create(**told, tries=1, answer="204", delivered_at=timezone.now())
    Delivery.objects.create(**told)
    Delivery.objects.create(**told, tries=webhooking.MOST_TRIES, answer="HostUnknown")
    page = manager.get(f"{LIST}{webhook.pk}/change/").content.decode()
    assert "AB-12" in page and f"HOOK-{webhook.pk}" in page
    for outcome in ("Taken ", "(204)", "To be sent", "Not taken (HostUnknown), given up after 16 tries"):
        assert outcome in page
    assert "Not taken (500), try 2; the next at " in page


def test_what_was_not_taken_is_sent_again_and_so_is_one_line(manager: Client, lender: Lender) -> None:
    webhook = factories.make_webhook(lender)
    taken = Delivery.objects.create(
        webhook=webhook,
        event="collection.started",
        body='{"reference": "AB-12"}',
        tries=1,
        answer="204",
        delivered_at=timezone.now(),
    )
    told = manager.post(f"{LIST}{webhook.pk}/replay/", follow=True).content.decode()
    assert "1 to be sent again" in told
    page = manager.get(f"{LIST}{webhook.pk}/change/").content.decode()
    assert "To be sent<br>Before: not taken (500), tries: 2" in page
    untaken = webhook.deliveries.filter(delivered_at=None)
    assert taken not in untaken
    manager.post(f"{LIST}{webhook.pk}/replay/", {"delivery": taken.pk})
    assert taken in untaken.all()
    was_taken = f"Before: taken {moment(taken.delivered_at or timezone.now(), lender)} (204)"
    assert was_taken in manager.get(f"{LIST}{webhook.pk}/change/").content.decode()
    for wrong in ("0", "x", "٣", "9" * 30, str(factories.make_webhook(lender).deliveries.get().pk)):
        told = manager.post(f"{LIST}{webhook.pk}/replay/", {"delivery": wrong}, follow=True).content.decode()
        assert "That line is not in the log any more." in told, wrong
    said = Event.objects.filter(action="webhook.replayed")
    assert [each.data["deliveries"] for each in said] == [1, 1]


def test_a_webhook_is_stopped_and_nothing_more_is_sent(
    manager: Client, operator: Client, lender: Lender
) -> None:
    for browser in (manager, operator):
        webhook = factories.make_webhook(lender)
        told = browser.post(f"{LIST}{webhook.pk}/stop/", follow=True).content.decode()
        assert "Nothing more is sent to this address." in told and "Stop it now" not in told
        assert (
            "It was stopped before."
            in browser.post(f"{LIST}{webhook.pk}/stop/", follow=True).content.decode()
        )
        refused = browser.post(f"{LIST}{webhook.pk}/replay/", follow=True).content.decode()
        assert "Make another webhook." in refused
        assert webhook.deliveries.get().tries == 2


def test_nobody_but_a_manager_makes_one_and_a_stranger_touches_none(
    analyst: Client,
    auditor: Client,
    operator: Client,
    stranger: Client,
    lender: Lender,
    asked: dict[str, Any],
) -> None:
    webhook = factories.make_webhook(lender)
    for browser in (analyst, auditor, operator):
        assert browser.post(f"{LIST}add/", asked).status_code == 403
    for browser in (analyst, auditor):
        assert "Send again" not in browser.get(f"{LIST}{webhook.pk}/change/").content.decode()
        for act in ("stop", "replay"):
            assert browser.post(f"{LIST}{webhook.pk}/{act}/").status_code == 403
    for act in ("stop", "replay"):
        assert stranger.post(f"{LIST}{webhook.pk}/{act}/").status_code == 404
        assert stranger.get(f"{LIST}{webhook.pk}/{act}/").status_code == 405
    webhook.refresh_from_db()
    assert webhook.stopped_at is None and Webhook.objects.count() == 1


def test_the_list_takes_the_same_queries_however_many_webhooks(
    manager: Client, lender: Lender, django_assert_max_num_queries: Any
) -> None:
    for _more in range(8):
        factories.make_webhook(lender)
    with django_assert_max_num_queries(9):
        page = manager.get(LIST).content.decode()
    assert page.count("All that happens") == 8
