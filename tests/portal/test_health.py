"""Signs of health."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from collections_app.models import WorkerPulse


def pulse(seconds_ago: int) -> None:
    WorkerPulse.objects.create(name="somewhere", seen_at=timezone.now() - timedelta(seconds=seconds_ago))


def test_a_process_that_answers_says_ok_without_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_with_database_and_worker_all_is_well(client: Client, db: None) -> None:
    pulse(5)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "worker": True})


@pytest.mark.parametrize("seconds_ago", [None, 3600])
def test_without_a_living_worker_it_says_so(client: Client, db: None, seconds_ago: int | None) -> None:
    if seconds_ago:
        pulse(seconds_ago)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "worker": False})


def test_without_a_database_it_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(connection, "cursor", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": False, "worker": False})


@pytest.mark.parametrize("page", ["/healthz", "/readyz", "/robots.txt"])
def test_signs_are_read_only(client: Client, page: str) -> None:
    assert client.post(page).status_code == 405
