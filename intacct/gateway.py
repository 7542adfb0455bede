"""Sends one function and returns its answer: builds, posts, repeats, reads."""

from __future__ import annotations

import logging
import time
import uuid
from typing import TypeVar

from intacct.credentials import Login, Sender, Session
from intacct.envelope import Reply, build_request, read_reply
from intacct.errors import IntacctError, UnreadableReply
from intacct.functions.function import Function
from intacct.retries import Retries
from intacct.transport import Transport

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)


class Gateway:
    """The gateway as one sender sees it. Knows no company and keeps no session."""

    def __init__(self, sender: Sender, transport: Transport, retries: Retries) -> None:
        self._sender = sender
        self._transport = transport
        self._retries = retries

    def close(self) -> None:
        self._transport.close()

    def call(
        self, function: Function[Answer], authentication: Login | Session, endpoint: str
    ) -> tuple[Answer, Reply]:
        """The function's answer as records, with the reply it came in. Raises an IntacctError."""

        def attempt() -> tuple[Answer, Reply]:
            return self._exchange(function, authentication, endpoint)

        try:
            return self._retries.run(attempt)
        except IntacctError as error:
            error.function = error.function or function.label
            logger.info("%s", error)
            raise

    def _exchange(
        self, function: Function[Answer], authentication: Login | Session, endpoint: str
    ) -> tuple[Answer, Reply]:
        control_id = uuid.uuid4().hex
        began = time.monotonic()
        body = build_request(self._sender, authentication, function, control_id)
        answer = self._transport.post(endpoint, body)
        try:
            reply = read_reply(answer.body, function, authentication, self._sender, control_id)
        except UnreadableReply as problem:
            problem.detail = f"HTTP {answer.status}, {problem.detail}"
            raise
        records = function.read(reply.data)
        logger.info(
            "%s: HTTP %d, %d bytes, %.2f s",
            function.label,
            answer.status,
            len(answer.body),
            time.monotonic() - began,
        )
        return records, reply
