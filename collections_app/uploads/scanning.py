"""Asking a virus scanner, clamd, over its socket.

With CLAMAV_URL unset nothing is scanned, and the lender is told so. With it set, nothing is kept unscanned.
"""

import logging
import socket
import struct
import time
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from collections_app.uploads.limits import CHUNK_BYTES
from collections_app.uploads.names import shown
from collections_app.uploads.refusal import UploadRefused

logger = logging.getLogger(__name__)

CONNECT_SECONDS, PATIENCE_SECONDS = 5, 60
LONGEST_REPLY = 4096
DEFAULT_PORT = 3310


def is_set_up() -> bool:
    return bool(settings.CLAMAV_URL)


def check_viruses(file: BinaryIO, name: str) -> None:
    """Raises UploadRefused for a file in which the scanner finds something, and when it does not answer."""
    try:
        verdict = _ask(file)
    except (OSError, ValueError) as error:
        logger.error("The virus scanner of CLAMAV_URL does not answer (%s).", type(error).__name__)
        verdict = ""
    if verdict.endswith(" FOUND"):
        logger.warning("The virus scanner refused an upload: %s", verdict[:200])
        raise UploadRefused(
            _("“%(name)s” was not taken: the virus scanner found something in it. Check your computer.")
            % {"name": shown(name)}
        )
    if not verdict.endswith(": OK"):
        if verdict:
            logger.error("The virus scanner could not check an upload: %s", verdict[:200])
        raise UploadRefused(
            _("“%(name)s” could not be checked for viruses just now. Try again later.")
            % {"name": shown(name)}
        )


def answers() -> bool:
    """Whether the scanner is there."""
    try:
        with _connect() as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(LONGEST_REPLY).startswith(b"PONG")
    except (OSError, ValueError):
        return False


def address_of(url: str) -> tuple[str, int] | str:
    """Host and port of tcp://HOST:PORT, the path of unix:///PATH. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname and not parts.path.strip("/"):
        return parts.hostname, parts.port or DEFAULT_PORT
    if parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
        return parts.path
    raise ValueError("CLAMAV_URL must be tcp://HOST:PORT or unix:///PATH.")


def _ask(file: BinaryIO) -> str:
    """The scanner's verdict on the whole file. Raises OSError and ValueError."""
    ends = time.monotonic() + PATIENCE_SECONDS
    file.seek(0)
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK_BYTES):
            _be_patient(connection, ends)
            connection.sendall(struct.pack(">L", len(chunk)) + chunk)
        connection.sendall(struct.pack(">L", 0))
        reply = b""
        while not reply.endswith(b"\0"):
            _be_patient(connection, ends)
            received = connection.recv(LONGEST_REPLY)
            reply += received
            if not received or len(reply) > LONGEST_REPLY:
                break
    return reply.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect() -> socket.socket:
    address = address_of(settings.CLAMAV_URL)
    if isinstance(address, tuple):
        return socket.create_connection(address, timeout=CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(CONNECT_SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _be_patient(connection: socket.socket, ends: float) -> None:
    """A scanner that drips is as good as one that is silent: the time is counted over all of it."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
