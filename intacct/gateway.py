"""Sends one call and returns its answer: builds, waits for its turn, posts, repeats, reads."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta
from typing import TypeVar

from intacct.credentials import Login, Sender, Session
from intacct.envelope import Reply, build_request, circumstances, read_reply
from intacct.errors import IntacctError, UnreadableReply
from intacct.exchange import Recorder
from intacct.functions.function import Call, Function, ListFunction
from intacct.pages import OpenPage
from intacct.retries import Retries
from intacct.scanning import RowScanner, Values
from intacct.streaming import ListReply
from intacct.transport import Transport

Answer = TypeVar("Answer")
Slot = Callable[[], AbstractContextManager[None]]
logger = logging.getLogger(__name__)


class Gateway:
    """The gateway as one sender sees it. Knows no company and keeps no session.

    slot: what a request is held up by while too many are under way; it is free again once the answer is in.
    guard: what stands around each request that carries a password, a repeated one too, and sees how it ends.
    """

    def __init__(
        self,
        sender: Sender,
        transport: Transport,
        retries: Retries,
        slot: Slot = nullcontext,
        guard: Slot = nullcontext,
    ) -> None:
        self._sender = sender
        self._transport = transport
        self._retries = retries
        self._slot = slot
        self._guard = guard

    def close(self) -> None:
        self._transport.close()

    def call(
        self, function: Function[Answer], authentication: Login | Session, endpoint: str
    ) -> tuple[Answer, Reply]:
        """The function's answer as records, with the reply it came in. Raises an IntacctError."""
        guard = self._guard if isinstance(authentication, Login) else nullcontext

        def attempt() -> tuple[Answer, Reply]:
            with guard():
                return self._exchange(function, authentication, endpoint)

        return self._repeated(function, attempt)

    def open(
        self, function: ListFunction, authentication: Login | Session, endpoint: str
    ) -> tuple[OpenPage, timedelta | None]:
        """The answer to a call for rows, once its beginning is in, and how long the session lives from now.

        The page holds a connection and a slot until it is read or closed. Raises an IntacctError.
        """
        return self._repeated(function, lambda: self._open(function, authentication, endpoint))

    def pause(self, failures: int, problem: IntacctError) -> None:
        """Waits as long as a request would have to that has failed so often."""
        self._retries.pause(failures, problem)

    def _repeated(self, call: Call, attempt: Callable[[], Answer]) -> Answer:
        try:
            return self._retries.run(attempt)
        except IntacctError as error:
            error.function = error.function or call.label
            logger.info("%s", error)
            raise

    def _exchange(
        self, function: Function[Answer], authentication: Login | Session, endpoint: str
    ) -> tuple[Answer, Reply]:
        control_id = uuid.uuid4().hex
        began = time.monotonic()
        body = build_request(self._sender, authentication, function, control_id)
        recorder = Recorder(body, circumstances(function, authentication, self._sender).secrets)
        # The answer is read inside, so that the gate learns of a refusal in it as of one on the way.
        with _recorded(recorder), self._slot():
            answer = self._transport.post(endpoint, body)
            recorder.keep(answer.body)
            with _status_in_errors(answer.status):
                reply = read_reply(answer.body, function, authentication, self._sender, control_id)
            records = function.read(reply.data)
        _log(function, answer.status, len(answer.body), began)
        return records, reply

    def _open(
        self, function: ListFunction, authentication: Login | Session, endpoint: str
    ) -> tuple[OpenPage, timedelta | None]:
        control_id = uuid.uuid4().hex
        began = time.monotonic()
        body = build_request(self._sender, authentication, function, control_id)
        sent = circumstances(function, authentication, self._sender)
        recorder = Recorder(body, sent.secrets)
        with _recorded(recorder), ExitStack() as held:
            held.enter_context(self._slot())
            arrival = self._transport.open(endpoint, body)
            held.callback(arrival.close)
            held.callback(lambda: _log(function, arrival.status, arrival.received, began))
            scanner = RowScanner(function.object_name, function.fields)
            chunks = recorder.chunks(arrival.chunks())
            reply = ListReply(chunks, function, control_id, sent, scanner)
            with _status_in_errors(arrival.status):
                head = reply.head()
            counts = function.counts(head.attributes)
            batches = _recorded_batches(reply, recorder)
            return OpenPage(counts, batches, held.pop_all().close, function.label), head.lifetime


@contextmanager
def _recorded(recorder: Recorder) -> Iterator[None]:
    """Puts the masked exchange into whatever goes wrong with it."""
    try:
        yield
    except IntacctError as problem:
        problem.exchange = recorder.exchange
        raise


def _recorded_batches(reply: ListReply, recorder: Recorder) -> Iterator[list[Values]]:
    with _recorded(recorder):
        yield from reply.batches()


@contextmanager
def _status_in_errors(status: int) -> Iterator[None]:
    try:
        yield
    except UnreadableReply as problem:
        problem.detail = f"HTTP {status}, {problem.detail}"
        raise


def _log(call: Call, status: int, received: int, began: float) -> None:
    logger.info("%s: HTTP %d, %d bytes, %.2f s", call.label, status, received, time.monotonic() - began)
