"""HTTP in front of the gateway: two POST addresses, kept-alive connections, nothing else."""

import gzip
import logging
import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from intacct.sandbox.arrivals import FIRST_PATH, SESSION_PATH, Arrival
from intacct.sandbox.company import Company
from intacct.sandbox.faults import Faults
from intacct.sandbox.gateway import Gateway
from intacct.sandbox.recorded import Recording
from intacct.sandbox.replies import Reply, page
from intacct.sandbox.sessions import Sessions
from intacct.sandbox.tables import CompanyFolderError

LARGEST_BODY = 2_000_000
logger = logging.getLogger(__name__)


class Handler(BaseHTTPRequestHandler):
    """One connection. Nothing waits for an acknowledgement before it leaves, or a kept-alive client would
    wait for it too.
    """

    protocol_version = "HTTP/1.1"
    server_version = "IntacctSandbox"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120
    server: "SandboxServer"

    def do_POST(self) -> None:
        """Answer one request."""
        length = self._length()
        if length is None:
            return
        if not self.headers.get("Host"):
            self._refuse(400, "Bad Request")
            return
        body = self.rfile.read(length)
        if self.path not in (FIRST_PATH, SESSION_PATH):
            self._send(page(404, "Not Found"))
            return
        arrival = Arrival(body, self.headers.get("Content-Type", ""), self.headers["Host"], self.path)
        try:
            with self.server.gateway.answering(arrival) as reply:
                last = self._send_all_but_the_end(reply)
            # The client may ask again as soon as it has everything, so until then the request has to be over.
            self._send_end(last)
        except CompanyFolderError:
            logger.exception("A company folder cannot be served.")
            self._send(page(500, "Internal Server Error"))

    def do_GET(self) -> None:
        """Reading by GET was switched off."""
        self._refuse(405, "Method Not Allowed")

    def _length(self) -> int | None:
        text = self.headers.get("Content-Length", "")
        if not text.isdigit():
            self._refuse(411, "Length Required")
            return None
        if int(text) > LARGEST_BODY:
            self._refuse(413, "Request Entity Too Large")
            return None
        return int(text)

    def _refuse(self, status: int, title: str) -> None:
        self.close_connection = True
        self._send(page(status, title))

    def _send(self, reply: Reply) -> None:
        self._send_end(self._send_all_but_the_end(reply))

    def _send_end(self, last: bytes) -> None:
        self.wfile.write(last)
        self.wfile.flush()

    def _send_all_but_the_end(self, reply: Reply) -> bytes:
        """Sends head and body without its last byte, which is returned."""
        if reply.close:
            self.close_connection = True
            if not reply.body:
                return b""
        body, zipped = reply.body, self._accepts_gzip() and reply.content_length is None
        if zipped:
            body = gzip.compress(body, compresslevel=1)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(reply.content_length or len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        if reply.retry_after is not None:
            self.send_header("Retry-After", str(reply.retry_after))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[:-1])
        self.wfile.flush()
        return body[-1:]

    def _accepts_gzip(self) -> bool:
        for offer in self.headers.get("Accept-Encoding", "").split(","):
            coding, _, weight = offer.replace(" ", "").partition(";q=")
            if coding.lower() == "gzip" and weight not in ("0", "0.0", "0.00", "0.000"):
                return True
        return False

    def log_message(self, format: str, *args: object) -> None:
        """Addresses and statuses only, and only where someone listens."""
        logger.debug(format, *args)


class SandboxServer(ThreadingHTTPServer):
    """The listening socket and what its handlers share."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], gateway: Gateway) -> None:
        super().__init__(address, Handler)
        self.gateway = gateway

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news; anything else is a defect of the sandbox and is logged as
        one.
        """
        if isinstance(sys.exception(), OSError):
            logger.debug("A connection ended early.", exc_info=True)
        else:
            logger.exception("A request could not be answered.")


class Sandbox:
    """A gateway that serves company folders from a thread.

        with Sandbox([folder], sender_id="...", sender_password="...") as sandbox:
            ... sandbox.endpoint ...

    `port` 0 picks a free one. `reply_delay` seconds pass before each reply. Raises CompanyFolderError for a
    folder that cannot be served and OSError for a port that is taken.
    """

    def __init__(
        self,
        folders: list[Path] | list[str],
        *,
        sender_id: str = "strongbox",
        sender_password: str = "sandbox-sender-1",  # noqa: S107
        host: str = "127.0.0.1",
        port: int = 0,
        reply_delay: float = 0.0,
        session_lifetime: timedelta = timedelta(hours=12),
    ) -> None:
        companies = [Company(Path(folder)) for folder in folders]
        _refuse_doubles(companies)
        self._stopping = threading.Event()
        self._gateway = Gateway(
            {company.id: company for company in companies},
            sender_id=sender_id,
            sender_password=sender_password,
            session_lifetime=session_lifetime,
            # A wait ends when the sandbox stops.
            pause=lambda seconds: self._stopping.wait(seconds) if seconds > 0 else None,
            reply_delay=reply_delay,
        )
        for company in companies:
            for fault in company.faults:
                self.faults.add(fault)
        self._server = SandboxServer((host, port), self._gateway)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )

    @property
    def endpoint(self) -> str:
        """The address of first contact."""
        host, port = self._server.server_address[:2]
        return f"http://{str(host)}:{port}{FIRST_PATH}"

    @property
    def faults(self) -> Faults:
        """Replies to come that go wrong."""
        return self._gateway.faults

    @property
    def recordings(self) -> list[Recording]:
        """Replies of a real gateway that are given again, see `recorded`."""
        return self._gateway.recordings

    @property
    def sessions(self) -> Sessions:
        """Open sessions, for tests that end them."""
        return self._gateway.sessions

    @property
    def requests(self) -> dict[str, int]:
        """How often each function was called so far."""
        return dict(self._gateway.requests)

    @property
    def most_in_flight(self) -> Mapping[str, int]:
        """The largest number of requests of each company that were being answered at the same time."""
        return dict(self._gateway.most_in_flight)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; requests in progress are dropped."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _refuse_doubles(companies: list[Company]) -> None:
    seen: dict[str, Path] = {}
    for company in companies:
        if company.id in seen:
            raise CompanyFolderError(
                f"{seen[company.id]} and {company.folder} are both company {company.id}; serve one of them."
            )
        seen[company.id] = company.folder
