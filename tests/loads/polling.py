"""Browsers that ask for pages all the time, a process of their own: `python -m tests.loads.polling PLAN`.

The plan is JSON: `origin`; `browsers`, a list of lists of requests, each a `name`, a `path`, `headers`, and
`shows` where it does not show the tag that it was given last: "nothing", or "another" of the same link, as
if something had changed since; each browser has a connection of its own, kept alive, and
makes its requests in turn; `every`, the seconds that a browser waits after an answer, as the page's script
does; `seconds`, after which it ends (SIGTERM ends it early); `result`, the file to write. Latencies are
counted from the moment a request was due.
"""

import json
import re
import selectors
import signal
import socket
import statistics
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

READ = selectors.EVENT_READ
CHUNK = 256 * 1024


class Browser:
    """One connection and its requests in turn."""

    def __init__(self, address: tuple[str, int], requests: list[dict[str, Any]], due: float) -> None:
        self.due = due
        self.name = ""
        self._address = address
        self._requests = requests
        self._seen: dict[str, str] = {}
        self._turn = 0
        self._received = b""
        self._content = b""
        self._fresh = False
        self.socket: socket.socket | None = None

    def send(self, selector: selectors.BaseSelector) -> None:
        request = self._requests[self._turn % len(self._requests)]
        self._turn += 1
        self.name = request["name"]
        # The script of the page asks only for what is new since the answer it had last.
        known = self._seen.get(self.name, "")
        shown = {"nothing": "", "another": _another(known)}.get(request.get("shows", ""), known)
        seen = {"If-None-Match": shown} if shown else {}
        self._content = _written(self._address, request["path"], request["headers"] | seen)
        self._fresh = self.socket is None
        self._ask(selector)

    def _ask(self, selector: selectors.BaseSelector) -> None:
        self._received = b""
        if self.socket is None:
            self.socket = socket.create_connection(self._address, timeout=60)
            selector.register(self.socket, READ, self)
        self.socket.sendall(self._content)

    def ask_again(self, selector: selectors.BaseSelector) -> bool:
        """Asks once more where the server closed a kept connection just then, as every browser does."""
        if self._fresh:
            return False
        self._fresh = True
        self._ask(selector)
        return True

    def receive(self, selector: selectors.BaseSelector) -> str:
        """What has come so far: "" while the answer is not whole, else its status, or "cut"."""
        if self.socket is None:
            raise RuntimeError("Nothing was sent.")
        try:
            part = self.socket.recv(CHUNK)
        except ConnectionResetError:
            part = b""
        self._received += part
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if part and not (blank and len(body) >= _length(head)):
            return ""
        found = re.search(rb"\r\nETag: (\S+)", head)
        if found:
            self._seen[self.name] = found[1].decode()
        if not part or b"connection: close" in head.lower():
            selector.unregister(self.socket)
            self.socket.close()
            self.socket = None
        return head[9:12].decode() if part else "cut"


def _another(tag: str) -> str:
    """The tag with another end: that of a state that is over."""
    return f'{tag[:-2]}{"1" if tag[-2:-1] == "0" else "0"}"' if tag else ""


def _written(address: tuple[str, int], path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)


class Tally:
    """What was measured."""

    def __init__(self) -> None:
        self._latencies: dict[str, list[float]] = defaultdict(list)
        self._statuses: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, name: str, status: str, seconds: float) -> None:
        self._latencies[name].append(seconds * 1000)
        self._statuses[name][status] += 1

    def told(self, seconds: float) -> dict[str, Any]:
        """Milliseconds by name and over all, requests a second, and the statuses."""
        everything = [latency for latencies in self._latencies.values() for latency in latencies]
        return {
            "seconds": round(seconds, 1),
            "requests": len(everything),
            "per_second": round(len(everything) / seconds, 1),
            "all": spread(everything),
            "by_name": {
                name: spread(latencies) | {"statuses": dict(self._statuses[name])}
                for name, latencies in sorted(self._latencies.items())
            },
        }


def spread(latencies: list[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile and the worst of latencies; empty for none."""
    if len(latencies) < 2:
        return {}
    hundredths = statistics.quantiles(latencies, n=100, method="inclusive")
    found = {"median": hundredths[49], "p95": hundredths[94], "p99": hundredths[98], "worst": max(latencies)}
    return {name: round(latency, 1) for name, latency in found.items()}


def poll(plan: dict[str, Any]) -> dict[str, Any]:
    """Asks until the time is over or SIGTERM comes."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    parts = urlsplit(plan["origin"])
    address = (str(parts.hostname), int(parts.port or 80))
    began, every = time.monotonic(), plan["every"]
    count = len(plan["browsers"])
    idle = [
        Browser(address, requests, began + every * place / count)
        for place, requests in enumerate(plan["browsers"])
    ]
    tally = Tally()
    with selectors.DefaultSelector() as selector:
        while not stopping and time.monotonic() - began < plan["seconds"]:
            _turn(selector, idle, tally, every)
    return tally.told(time.monotonic() - began)


def _turn(selector: selectors.BaseSelector, idle: list[Browser], tally: Tally, every: float) -> None:
    """Sends what is due and takes in what has come."""
    now = time.monotonic()
    while idle and idle[0].due <= now:
        idle.pop(0).send(selector)
    wait = max(0.0, idle[0].due - now) if idle else 1.0
    if not selector.get_map():
        time.sleep(min(wait, 0.1))
        return
    for key, _ in selector.select(min(wait, 0.5)):
        browser: Browser = key.data
        status, asked = browser.receive(selector), browser.name
        if status == "cut" and asked and browser.ask_again(selector):
            continue
        if status and asked:
            now = time.monotonic()
            tally.add(asked, status, now - browser.due)
            # As the page's script does: it waits anew after each answer.
            browser.due = now + every
            browser.name = ""
            _queue(idle, browser)


def _queue(idle: list[Browser], browser: Browser) -> None:
    place = next((at for at, other in enumerate(idle) if other.due > browser.due), len(idle))
    idle.insert(place, browser)


def main() -> int:
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    Path(plan["result"]).write_text(json.dumps(poll(plan), indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
