"""One id from the page to the worker and to each call of the gateway."""

import logging

import pytest
from django.test import Client

from collections_app import tracing
from collections_app.models import Collection, Run
from intacct.sandbox import Sandbox
from tests.collecting import sign_in, work


class Traced(logging.Handler):
    """Keeps each line with the id under which it was written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.name, tracing.current()))


def test_each_answer_names_an_id_of_its_own_and_takes_none_from_outside(client: Client) -> None:
    first, second = (client.get("/healthz", headers={"X-Request-ID": "evil"}) for _ in range(2))
    identifiers = {first.headers["X-Request-ID"], second.headers["X-Request-ID"]}
    assert len(identifiers) == 2 and "evil" not in identifiers
    assert tracing.current() == second.headers["X-Request-ID"]


def test_a_run_keeps_the_id_of_the_request_and_the_gateways_lines_have_it(
    collection: Collection, gateway: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with tracing.following("abc123def456"):
        run = sign_in(collection)
    traced = Traced()
    logging.getLogger().addHandler(traced)
    caplog.set_level(logging.INFO)
    try:
        assert work(run).status == Run.Status.DONE
    finally:
        logging.getLogger().removeHandler(traced)
    assert Run.objects.get(pk=run.pk).trace == "abc123def456"
    names = {name for name, trace in traced.lines if trace == "abc123def456"}
    assert "intacct.gateway" in names and "collections_app.services.collecting" in names
