"""The doorbell: what a message holds, and what the worker is told about them."""

import json
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collections_app import tasks
from collections_app.models import Collection, Run
from collections_app.services import collecting
from intacct.sandbox import Sandbox
from portal.celery import StopWhenWedged, app, configuration, server_broker
from tests.collecting import PASSWORD, sign_in, submitted


def messages() -> list[Path]:
    return list((settings.DATA_DIR / "broker" / "messages").iterdir())


@pytest.fixture
def empty_broker() -> None:
    configuration()
    for message in messages():
        message.unlink()


def test_a_message_holds_the_number_of_a_run_and_nothing_else(
    transactional_db: None, collection: Collection, empty_broker: None
) -> None:
    run = sign_in(collection)
    (message,) = messages()
    text = message.read_text()
    body = json.loads(text)
    assert body["headers"]["argsrepr"] == f"({run.pk},)"
    assert body["headers"]["kwargsrepr"] == "{}"
    assert PASSWORD not in text
    assert "clk_" not in text


def test_no_message_leaves_before_the_commit(
    transactional_db: None, collection: Collection, empty_broker: None
) -> None:
    with transaction.atomic():
        sign_in(collection)
        assert messages() == []
    assert len(messages()) == 1


def test_a_broker_that_is_away_costs_nothing_but_time(
    collection: Collection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(*arguments: object) -> None:
        raise ConnectionRefusedError("away")

    monkeypatch.setattr(tasks.advance_run, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        run = sign_in(collection)
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED
    assert "did not take the message" in caplog.text


def test_a_task_does_one_unit_and_rings_for_the_next(
    transactional_db: None, collection: Collection, gateway: Sandbox, empty_broker: None
) -> None:
    run = submitted(collection)
    for message in messages():
        message.unlink()
    tasks.advance_run(run.pk)
    assert run.units.exclude(done_at=None).count() == 1
    assert len(messages()) == 1
    while collecting.run_advance(run_id=run.pk):
        pass
    for message in messages():
        message.unlink()
    tasks.advance_run(run.pk)
    assert messages() == []


def test_the_clock_rings_for_what_stands_still(
    transactional_db: None, collection: Collection, empty_broker: None
) -> None:
    run = sign_in(collection)
    for message in messages():
        message.unlink()
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    tasks.recover_runs()
    (message,) = messages()
    assert json.loads(message.read_text())["headers"]["argsrepr"] == f"({run.pk},)"


def test_the_worker_takes_json_alone_acknowledges_late_and_keeps_no_results() -> None:
    told = configuration()
    assert told["accept_content"] == ["json"]
    assert told["task_ignore_result"]
    assert told["task_acks_late"]
    assert told["worker_prefetch_multiplier"] == 1
    assert told["task_soft_time_limit"] < told["task_time_limit"]
    options = server_broker("redis://x")["broker_transport_options"]
    assert told["task_time_limit"] < options["visibility_timeout"]
    assert options["socket_connect_timeout"] <= 5


def test_every_task_on_the_clock_exists_and_expires() -> None:
    app.loader.import_default_modules()
    for entry in configuration()["beat_schedule"].values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]


def test_a_wedged_worker_ends_so_that_a_fresh_one_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    handler = StopWhenWedged(level=logging.CRITICAL)
    for text in ("Task accepted", "Couldn't ack 7, reason:ConnectionError"):
        handler.emit(logging.LogRecord("celery.worker.request", logging.CRITICAL, "", 0, text, (), None))
    assert ended == [75]
