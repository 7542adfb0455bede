"""Lenders' own systems are told: signed, until they take it, and never anything inside our network."""

import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import certifi
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import outgoing, states, tasks
from collections_app.models import Collection, Delivery, Lender, Webhook
from collections_app.services import webhooking
from tests import factories
from tests.collecting import BORROWER, OPERATOR
from tests.installation import wait_until
from tests.intacct.test_transport import self_signed


class Receiver:
    """A lender's system: keeps what it is sent and answers with the statuses given, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.arrived: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.arrived.append((dict(self.headers.items()), body))
                status = receiver.statuses.pop(0) if len(receiver.statuses) > 1 else receiver.statuses[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook?of=strongbox"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class DrippingReceiver:
    """A lender's system that answers a byte now and then, without an end, and counts who asked.

    With a certificate it speaks TLS.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate:
            tls.load_cert_chain(certificate)
        self.asked = 0
        self.over = threading.Event()
        receiver = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    met = tls.wrap_socket(self.request, server_side=True) if certificate else self.request
                    with met:
                        self.drip(met)

            def drip(self, met: socket.socket) -> None:
                receiver.asked += 1
                answer = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000
                for at in range(len(answer)):
                    if receiver.over.wait(0.02):
                        return
                    met.sendall(answer[at : at + 1])

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def dripping(settings: Any) -> Iterator[DrippingReceiver]:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    receiver = DrippingReceiver()
    yield receiver
    receiver.close()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    receiver = Receiver(200)
    yield receiver
    receiver.close()


@pytest.fixture
def started(lender: Lender) -> Collection:
    return factories.make_collection(lender, status="invited", lender_reference="L-77")


def begin(collection: Collection) -> None:
    states.move_collection(collection, Collection.Status.STARTED, by=BORROWER)


def test_a_lenders_system_is_told_and_can_prove_by_whom(
    receiver: Receiver, lender: Lender, started: Collection
) -> None:
    _, secret = webhooking.webhook_create(lender=lender, url=receiver.url, by=OPERATOR)
    webhooking.webhook_create(lender=factories.make_lender(), url=receiver.url, by=OPERATOR)
    begin(started)
    assert webhooking.deliveries_send() == 1
    headers, body = receiver.arrived[0]
    told = json.loads(body)
    assert (told["event"], told["reference"], told["lender_reference"]) == (
        "collection.started",
        started.reference,
        "L-77",
    )
    assert started.borrower_name not in body.decode()
    at, given = headers["Webhook-Signature"].removeprefix("t=").split(",v1=")
    assert given == webhooking.signature(secret, int(at), body)
    assert abs(int(at) - timezone.now().timestamp()) < 10
    assert webhooking.deliveries_send() == 0


def test_only_the_events_asked_for_are_told_and_none_after_it_was_stopped(
    receiver: Receiver, lender: Lender, started: Collection
) -> None:
    webhooking.webhook_create(lender=lender, url=receiver.url, told=["collection.submitted"], by=OPERATOR)
    stopped, _ = webhooking.webhook_create(lender=lender, url=receiver.url, by=OPERATOR)
    assert webhooking.webhook_stop(webhook=stopped, by=OPERATOR)
    begin(started)
    assert not Delivery.objects.exists()
    with pytest.raises(ValidationError, match="There is no event collection.eaten"):
        webhooking.webhook_create(lender=lender, url=receiver.url, told=["collection.eaten"], by=OPERATOR)


def test_what_was_not_taken_is_tried_again_after_growing_waits_and_can_be_replayed(
    receiver: Receiver, lender: Lender, started: Collection
) -> None:
    receiver.statuses = [500, 302, 200]
    webhook, _ = webhooking.webhook_create(lender=lender, url=receiver.url, by=OPERATOR)
    begin(started)
    assert webhooking.deliveries_send() == 0
    delivery = Delivery.objects.get()
    assert (delivery.answer, delivery.tries) == ("500", 1)
    first = delivery.try_at - timezone.now()
    assert webhooking.deliveries_send() == 0 and len(receiver.arrived) == 1
    with time_machine.travel(delivery.try_at, tick=False):
        assert webhooking.deliveries_send() == 0
        delivery.refresh_from_db()
        assert (delivery.answer, delivery.tries) == ("302", 2)
        assert delivery.try_at - timezone.now() > first * 1.5
    assert webhooking.deliveries_replay(webhook=webhook, by=OPERATOR) == 1
    assert webhooking.deliveries_send() == 1
    assert len({headers["Webhook-Id"] for headers, _ in receiver.arrived}) == 1
    assert webhooking.deliveries_replay(webhook=webhook, by=OPERATOR) == 0
    assert webhooking.deliveries_replay(webhook=webhook, by=OPERATOR, delivery_id=delivery.pk) == 1
    delivery.refresh_from_db()
    earlier = delivery.earlier or []
    assert [(each["answer"], each["tries"]) for each in earlier] == [("302", 2), ("200", 1)]
    assert [bool(each["taken_at"]) for each in earlier] == [False, True]


def test_after_a_restore_no_event_comes_under_an_id_that_was_given_before(
    receiver: Receiver, lender: Lender, started: Collection
) -> None:
    webhooking.webhook_create(lender=lender, url=receiver.url, by=OPERATOR)
    begin(started)
    assert webhooking.deliveries_send() == 1
    # The backup was made before: what was told since is unknown, and its number is the next again.
    number = Delivery.objects.get().pk
    Delivery.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        states.move_collection(started, Collection.Status.WITHDRAWN, by=BORROWER)
        Delivery.objects.update(id=number)
        assert webhooking.deliveries_send() == 1
    assert len({headers["Webhook-Id"] for headers, _ in receiver.arrived}) == 2


def test_a_system_that_is_away_is_no_error_of_ours(
    receiver: Receiver, lender: Lender, started: Collection
) -> None:
    webhooking.webhook_create(lender=lender, url=receiver.url, by=OPERATOR)
    begin(started)
    receiver.close()
    assert webhooking.deliveries_send() == 0
    assert Delivery.objects.get().answer == "NewConnectionError"


@pytest.mark.parametrize("whole", [0.2, 1.0], ids=["before the status", "among the headers"])
def test_an_answer_that_drips_is_over_at_the_deadline(
    dripping: DrippingReceiver, monkeypatch: pytest.MonkeyPatch, whole: float
) -> None:
    """Each receive is quick, and the status may be there long before the headers end."""
    monkeypatch.setattr(outgoing, "WHOLE_SECONDS", whole)
    began = time.monotonic()
    with pytest.raises(outgoing.NotDelivered, match="TimeoutError"):
        outgoing.post(dripping.url, b"{}", {})
    # It would drip for minutes.
    assert whole <= time.monotonic() - began < 30


@pytest.mark.slow
def test_an_answer_that_drips_through_tls_is_over_at_the_deadline_too(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path)
    settings.WEBHOOK_PRIVATE_HOSTS = ["localhost"]
    receiver = DrippingReceiver(certificate)
    address = receiver.url.replace("http://127.0.0.1", "https://localhost")
    try:
        with pytest.raises(outgoing.NotDelivered, match="SSLCertVerificationError"):
            outgoing.post(address, b"{}", {})
        assert receiver.asked == 0
        monkeypatch.setattr(outgoing, "WHOLE_SECONDS", 1.0)
        monkeypatch.setattr(certifi, "where", lambda: str(certificate))
        began = time.monotonic()
        with pytest.raises(outgoing.NotDelivered, match="TimeoutError"):
            outgoing.post(address, b"{}", {})
        assert time.monotonic() - began < 30
        wait_until(lambda: receiver.asked == 1, "it was asked")
    finally:
        receiver.close()


def test_a_slow_address_gets_one_try_in_a_round_and_the_others_are_told(
    dripping: DrippingReceiver, receiver: Receiver, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "WHOLE_SECONDS", 2.0)
    other = factories.make_lender()
    slow, _ = webhooking.webhook_create(lender=lender, url=dripping.url, by=OPERATOR)
    quick, _ = webhooking.webhook_create(lender=other, url=receiver.url, by=OPERATOR)
    for webhook in [slow] * 20 + [quick] * 2:
        Delivery.objects.create(webhook=webhook, event="collection.started", body="{}")
    assert webhooking.deliveries_send() == 2
    assert (dripping.asked, len(receiver.arrived)) == (1, 2)
    assert slow.deliveries.filter(tries=0, try_at__lte=timezone.now()).count() == 19


@pytest.mark.slow
def test_a_round_begins_nothing_after_its_time_and_no_lender_is_first_for_ever(
    dripping: DrippingReceiver, receiver: Receiver, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many slow addresses of one lender use up round after round, and another lender is told all the same."""
    monkeypatch.setattr(outgoing, "WHOLE_SECONDS", 0.1)
    monkeypatch.setattr(webhooking, "ROUND_SECONDS", 0.1)
    for _ in range(30):
        slow, _ = webhooking.webhook_create(lender=lender, url=dripping.url, by=OPERATOR)
        Delivery.objects.create(webhook=slow, event="collection.started", body="{}")
    quick, _ = webhooking.webhook_create(lender=factories.make_lender(), url=receiver.url, by=OPERATOR)
    other = Delivery.objects.create(webhook=quick, event="collection.started", body="{}")
    rounds = 0
    # Begun, not taken: a busy machine may need longer for it than a call has here.
    while not quick.deliveries.filter(pk=other.pk, tries=1):
        webhooking.deliveries_send()
        rounds += 1
        assert dripping.asked <= rounds <= 25


def test_a_delivery_is_left_alone_for_as_long_as_a_round_may_take() -> None:
    task = tasks.send_deliveries
    asked_to_end, ended = task.soft_time_limit or 0, task.time_limit or 0
    a_round = outgoing.WHOLE_SECONDS + webhooking.ROUND_SECONDS
    assert a_round < asked_to_end < ended < webhooking.IN_HAND.total_seconds()


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fd00::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://user:password@hooks.example/",
        "ftp://hooks.example/",
        "https://hooks.example:99999/",
        "https://loans..harbor.example/x",
        f"https://{'a' * 64}.example/",
        "https:///path",
        "nothing",
    ],
)
def test_no_address_inside_a_network_is_ever_asked(lender: Lender, url: str) -> None:
    with pytest.raises(ValidationError):
        webhooking.webhook_create(lender=lender, url=url, by=OPERATOR)


def test_a_name_that_leads_inside_later_is_refused_when_it_is_sent(
    lender: Lender, started: Collection, receiver: Receiver, settings: Any
) -> None:
    """What was allowed when it was made is checked again at each try."""
    webhooking.webhook_create(lender=lender, url=receiver.url.replace("http://", "http://"), by=OPERATOR)
    begin(started)
    settings.WEBHOOK_PRIVATE_HOSTS = []
    assert webhooking.deliveries_send() == 0
    assert Delivery.objects.get().answer == "AddressRefused"
    assert receiver.arrived == []
    assert not outgoing._is_public("192.168.1.1") and outgoing._is_public("93.184.216.34")


def test_the_log_is_kept_for_its_days_and_what_is_still_tried_for_as_long_as_that_takes(
    lender: Lender, settings: Any
) -> None:
    settings.WEBHOOK_LOG_DAYS = 30
    webhook = Webhook.objects.create(lender=lender, url="https://a.example/", secret=b"")
    stopped = Webhook.objects.create(
        lender=lender, url="https://b.example/", secret=b"", stopped_at=timezone.now() - timedelta(days=31)
    )
    old, recent = (timezone.now() - timedelta(days=days) for days in (31, 29))
    most = webhooking.MOST_TRIES
    made: dict[str, dict[str, Any]] = {
        "taken long ago": {"delivered_at": old},
        "taken of late": {"delivered_at": recent},
        "given up long ago": {"tries": most, "try_at": old},
        "given up of late": {"tries": most, "try_at": recent},
        "still tried": {"tries": 3, "try_at": old},
        "sent again": {"tries": 0, "try_at": timezone.now()},
        "of a stopped address": {"webhook": stopped, "tries": 3},
    }
    for event, fields in made.items():
        delivery = Delivery.objects.create(**{"webhook": webhook, "event": event, "body": "{}"} | fields)
        Delivery.objects.filter(pk=delivery.pk).update(created_at=timezone.now() - timedelta(days=60))
    assert webhooking.deliveries_purge() == 3
    left = set(Delivery.objects.values_list("event", flat=True))
    assert left == {"taken of late", "given up of late", "still tried", "sent again"}
    assert webhooking.deliveries_replay(webhook=webhook, by=OPERATOR) == 3
    assert webhooking.deliveries_purge() == 0
