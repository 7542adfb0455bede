"""`/metrics`: numbers for Prometheus, for who knows the token."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from collections_app import notices, pulse, tallies
from collections_app.models import Collection, Notice, Run, Tally
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import sign_in, work

TOKEN = "a token for Prometheus, long enough"


@pytest.fixture
def ask(client: Client, db: None, settings: Any) -> Any:
    """What /metrics says, by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def asked() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (sample.name.removeprefix("strongbox_"), *sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }

    return asked


def test_without_a_token_there_is_no_such_page_and_a_wrong_one_is_refused(
    client: Client, settings: Any
) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_it_counts_runs_units_and_what_waits(ask: Any) -> None:
    collection = factories.make_collection(status="collecting")
    factories.make_run(collection, Run.Kind.COLLECT, status=Run.Status.QUEUED)
    pulse.record()
    told = ask()
    assert told["collections", "collecting"] == 1
    assert told["runs", "collect", "queued"] == 1
    assert told[("runs_stalled",)] == 0
    assert told[("worker_silence_seconds",)] < 5
    assert told[("events_unlinked",)] >= 1
    assert collection.borrower_name not in str(told) and collection.lender.name not in str(told)


def test_mails_that_wait_are_told_apart_from_those_that_were_given_up(ask: Any) -> None:
    collection = factories.make_collection()
    for tries in (0, 1, notices.MOST_TRIES):
        Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED, tries=tries)
    Notice.objects.update(created_at=timezone.now() - timedelta(days=2))
    told = ask()
    assert (told[("mails_waiting",)], told[("mails_given_up",)]) == (2, 1)


def test_pages_and_gateway_calls_of_all_processes_are_added_up(transactional_db: None, ask: Any) -> None:
    tallies.flush(now=True)
    Tally.objects.all().delete()
    for _ in range(2):
        tallies.count(tallies.GATEWAY, "ok", seconds=0.5)
        tallies.count(tallies.GATEWAY, "RequestTimedOut", seconds=2)
        tallies.flush(now=True)
    told = ask()
    assert told["gateway_calls_total", "ok"] == told["gateway_calls_total", "RequestTimedOut"] == 2
    assert told[("gateway_seconds_total",)] == 5.0


def test_an_answer_that_is_a_refusal_is_counted_as_what_it_is(
    transactional_db: None, ask: Any, gateway: Sandbox, collection: Collection
) -> None:
    tallies.flush(now=True)
    Tally.objects.all().delete()
    work(sign_in(collection, password="Wrong-Secret-1"))
    tallies.flush(now=True)
    assert ask()["gateway_calls_total", "SignInRefused"] == 1
