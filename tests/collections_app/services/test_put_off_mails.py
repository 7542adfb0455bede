"""Mails that a server, which is there, puts off: before a server over loopback, which says so of some."""

import socketserver
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from collections_app import notices
from collections_app.events import Who
from collections_app.models import Lender, Notice
from collections_app.services import notifying
from tests import factories

HANGS_UP = ""
CONNECT, RECIPIENT, DATA, TAKEN = "connect", "RCPT", "DATA", "."
PUTS_OFF = [
    {RECIPIENT: "450 4.1.2 Domain not found"},
    {RECIPIENT: "452 4.2.2 Mailbox full"},
    {DATA: "451 4.3.0 Try again later"},
    {TAKEN: HANGS_UP},
]


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every mail. `answers` has what it says in place of that to a mail for late@…, or to anybody who
    connects."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.answers: dict[str, str] = {}
        self.recipients: list[str] = []


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, MailServer)
        is_late = False
        if not self._says(self.server.answers.get(CONNECT, "220 ready")):
            return
        for line in self.rfile:
            words = line.decode().split()
            if words[0].upper() == RECIPIENT:
                self.server.recipients.append(words[1])
                is_late = "late@" in words[1]
            answers = self.server.answers if is_late else {}
            if not self._says(answers.get(words[0].upper(), _usual(words[0].upper()))):
                return
            if words[0].upper() == DATA and DATA not in answers:
                while self.rfile.readline() != b".\r\n":
                    pass
                if not self._says(answers.get(TAKEN, "250 taken")):
                    return

    def _says(self, answer: str) -> bool:
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
        return bool(answer)


def _usual(verb: str) -> str:
    return {DATA: "354 go on"}.get(verb, "250 well")


@pytest.fixture
def server(transactional_db: None, settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def late(lender: Lender) -> Notice:
    collection = factories.make_collection(lender, borrower_email="late@mistyped.example")
    return Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED)


def go_on(clock: time_machine.Traveller, *, hours: int) -> None:
    """What the clock of the installation does, but less often."""
    for _hour in range(hours):
        clock.shift(timedelta(hours=1, minutes=1))
        notifying.notices_send()


@pytest.mark.parametrize("answers", PUTS_OFF)
def test_a_mail_that_is_put_off_keeps_no_other_waiting(
    server: MailServer, lender: Lender, late: Notice, answers: dict[str, str]
) -> None:
    server.answers = answers
    Notice.objects.create(collection=factories.make_collection(lender), kind=Notice.Kind.FINISHED)
    assert notifying.notices_send() == 1
    assert list(notices.waiting()) == [late]


@pytest.mark.parametrize("answers", PUTS_OFF)
def test_a_mail_that_is_put_off_for_days_is_given_up_and_can_then_be_dropped(
    server: MailServer, late: Notice, answers: dict[str, str]
) -> None:
    server.answers = answers
    with time_machine.travel(timezone.now(), tick=False) as clock:
        go_on(clock, hours=70)
        assert list(notices.waiting()) == [late], "not before three days"
        go_on(clock, hours=5)
        assert list(notices.given_up()) == [late]
        notifying.notices_drop(notices.given_up(), by=Who.operator("sendmails"))
        tried = len(server.recipients)
        go_on(clock, hours=2)
    assert len(server.recipients) == tried
    assert not notices.waiting().exists() and not notices.given_up().exists()


def test_a_server_that_takes_a_mail_and_does_not_say_so_gets_it_less_and_less_often(
    server: MailServer, late: Notice
) -> None:
    """The borrower may get it each time."""
    server.answers = {TAKEN: HANGS_UP}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(24 * 12):
            clock.shift(timedelta(minutes=5))
            notifying.notices_send()
    assert 10 < len(server.recipients) < 35


def test_a_server_that_hangs_up_on_everybody_for_a_week_loses_no_mail(
    server: MailServer, late: Notice
) -> None:
    server.answers = {CONNECT: HANGS_UP}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        go_on(clock, hours=24 * 7)
        server.answers = {RECIPIENT: "450 4.2.0 Greylisted, come again"}
        go_on(clock, hours=1)
        assert list(notices.waiting()) == [late], "it was away; this was the first real answer"
        server.answers = {}
        go_on(clock, hours=1)
    late.refresh_from_db()
    assert late.sent_at


def test_a_mail_that_is_put_off_is_not_put_off_for_good_once_it_is_taken(
    server: MailServer, late: Notice
) -> None:
    server.answers = {RECIPIENT: "450 4.2.0 Greylisted, come again"}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert notifying.notices_send() == 0
        server.answers = {}
        clock.shift(timedelta(minutes=6))
        assert notifying.notices_send() == 1


def test_no_mail_that_was_put_off_counts_as_refused_before_three_days(
    server: MailServer, late: Notice
) -> None:
    server.answers = {RECIPIENT: "450 4.2.0 Try again later"}
    Notice.objects.update(tries=notices.MOST_TRIES - 1)
    notifying.notices_send()
    assert list(notices.waiting()) == [late]
