"""The doorbell: what a message holds, and what the worker is told about them."""

import json
import logging
import os
import resource
import socket
import subprocess
import sys
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
from portal.celery import (
    SESSION_NICENESS,
    Clock,
    Interval,
    StopWhenWedged,
    app,
    configuration,
    server_broker,
)
from tests.collecting import PASSWORD, sign_in, submitted


def messages() -> list[Path]:
    return list((settings.DATA_DIR / "broker" / "messages").iterdir())


@pytest.fixture
def empty_broker() -> None:
    configuration()
    for message in messages():
        message.unlink()


def test_a_message_holds_nothing_and_there_is_one_for_each_place_of_a_company(
    transactional_db: None, collection: Collection, empty_broker: None
) -> None:
    sign_in(collection)
    assert len(messages()) == 2
    for message in messages():
        text = message.read_text()
        body = json.loads(text)
        assert body["headers"]["argsrepr"] == "()"
        assert body["headers"]["kwargsrepr"] == "{}"
        assert PASSWORD not in text
        assert "clk_" not in text


def test_no_message_leaves_before_the_commit(
    transactional_db: None, collection: Collection, empty_broker: None
) -> None:
    with transaction.atomic():
        sign_in(collection)
        assert messages() == []
    assert messages()


def test_a_broker_that_is_away_costs_nothing_but_time(
    collection: Collection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(*arguments: object) -> None:
        raise ConnectionRefusedError("away")

    monkeypatch.setattr(tasks.do_next_unit, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        run = sign_in(collection)
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED
    assert "did not take a message" in caplog.text


@pytest.mark.slow
def test_a_broker_that_accepts_and_never_answers_holds_a_page_for_one_time_out_at_most() -> None:
    """In a process of its own: this one's connections lead to a folder."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        script = (
            "import django, time; django.setup(); from collections_app import tasks; tasks.publish();"
            "begun = time.monotonic(); tasks.publish(2); once = time.monotonic() - begun;"
            "begun = time.monotonic(); tasks.publish(2); print(min(once, time.monotonic() - begun))"
        )
        command = [sys.executable, "-c", script]
        environment = os.environ | {"CELERY_BROKER_URL": broker, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
    assert "did not take a message" in done.stderr
    # A second time-out would be at least 4.0.
    assert 1.9 < float(done.stdout) < 3.9


def test_a_task_does_one_unit_and_rings_for_the_next(
    transactional_db: None, collection: Collection, gateway: Sandbox, empty_broker: None
) -> None:
    run = submitted(collection)
    for message in messages():
        message.unlink()
    tasks.do_next_unit()
    assert run.units.exclude(done_at=None).count() == 1
    assert len(messages()) == 1
    while collecting.unit_advance():
        pass
    for message in messages():
        message.unlink()
    tasks.do_next_unit()
    assert messages() == []


def test_the_clock_rings_for_what_stands_still(
    transactional_db: None, collection: Collection, empty_broker: None
) -> None:
    run = sign_in(collection)
    for message in messages():
        message.unlink()
    earlier = timezone.now() - timedelta(minutes=1)
    Run.objects.filter(pk=run.pk).update(created_at=earlier, served_at=earlier)
    tasks.recover_runs()
    assert messages()


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


def test_the_clock_rings_again_after_the_machines_time_was_put_back() -> None:
    interval = Interval(10, app=app)
    assert interval.is_due(app.now() + timedelta(hours=1)) == (True, 10)
    assert interval.is_due(app.now() - timedelta(seconds=11)).is_due
    assert not interval.is_due(app.now() - timedelta(seconds=3)).is_due


def test_the_clock_counts_in_utc_wherever_the_installation_is(settings: Any) -> None:
    """In the night when clocks are put back, local time repeats an hour, and Celery would wait for it."""
    settings.TIME_ZONE = "America/Toronto"
    assert configuration()["timezone"] == "UTC"


def test_every_task_on_the_clock_exists_and_expires() -> None:
    app.loader.import_default_modules()
    for entry in configuration()["beat_schedule"].values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= max(entry["schedule"].seconds, 60)


def test_a_clock_that_cannot_write_its_schedule_down_goes_on_and_writes_it_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(app=app, schedule_filename=str(tmp_path / "schedule"))
    (name, *_) = clock.schedule
    clock.reserve(clock.schedule[name])
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, allowed[1]))
    try:
        clock.sync()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert "The clock cannot write its schedule down (OSError); it goes on." in caplog.text
    assert clock.schedule[name].total_run_count == 1
    clock.close()
    assert Clock(app=app, schedule_filename=str(tmp_path / "schedule")).schedule[name].total_run_count == 1


def test_a_wedged_worker_ends_so_that_a_fresh_one_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    handler = StopWhenWedged(level=logging.CRITICAL)
    for text in ("Task accepted", "Couldn't ack 7, reason:ConnectionError"):
        handler.emit(logging.LogRecord("celery.worker.request", logging.CRITICAL, "", 0, text, (), None))
    assert ended == [75]


def test_a_worker_lets_pages_go_first() -> None:
    twice = "import os; from portal.celery import let_pages_go_first as f; f(); f(); print(os.nice(0))"
    said = subprocess.run([sys.executable, "-c", twice], capture_output=True, text=True, check=True)
    assert int(said.stdout) >= settings.WORKER_NICENESS


@pytest.mark.skipif(not SESSION_NICENESS.exists(), reason="This kernel has no groups of sessions.")
def test_a_worker_of_a_session_of_its_own_makes_that_nice_and_no_other() -> None:
    once = (
        "from portal.celery import SESSION_NICENESS as s, let_pages_go_first as f; f(); print(s.read_text())"
    )
    own, others = (
        subprocess.run(
            [sys.executable, "-c", once], capture_output=True, text=True, check=True, start_new_session=own
        )
        for own in (True, False)
    )
    assert own.stdout.split()[-1] == str(settings.WORKER_NICENESS)
    assert others.stdout.strip() == SESSION_NICENESS.read_text().strip()
