"""Reads general-ledger detail in one of several ways, in a process of its own, and prints the cost as JSON.

`ours` is the client; `floor` sends the requests that the client would send, and looks for the ends of rows
with lxml and nothing else; `bytes` takes the same answers off the wire without looking at them, and
`bare` takes them once more from a server that does nothing but send them.
"""

import argparse
import calendar
import gzip
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import requests
from lxml import etree

PAGE = 1000
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<request><control><senderid>{sender_id}</senderid><password>{sender_password}</password><controlid>bench</controlid>
<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion><includewhitespace>false</includewhitespace></control>
<operation><authentication>{authentication}</authentication><content>
<function controlid="bench">{function}</function></content></operation></request>"""
LOGIN = (
    "<login><userid>{user_id}</userid><companyid>{company_id}</companyid>"
    "<password>{password}</password></login>"
)
QUERY = (
    "<query><object>GLDETAIL</object><select>{fields}</select><filter><and><equalto><field>BOOKID</field>"
    "<value>ACCRUAL</value></equalto><equalto><field>STATE</field><value>Posted</value></equalto><between>"
    "<field>ENTRY_DATE</field><value>{start:%m/%d/%Y}</value><value>{end:%m/%d/%Y}</value></between>{after}</and>"
    "</filter><orderby><order><field>RECORDNO</field><ascending/></order></orderby><pagesize>{size}</pagesize></query>"
)
AFTER = "<greaterthan><field>RECORDNO</field><value>{}</value></greaterthan>"


class Wire:
    """The least client there can be: one connection, one session."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._given = {name: escape(value) for name, value in vars(arguments).items()}
        self._connection = requests.Session()
        self._endpoint = arguments.endpoint
        self._authentication = LOGIN.format(**self._given)
        opened = etree.fromstring(self.send("<getAPISession/>").content)
        self._endpoint = opened.findtext(".//endpoint") or ""
        self._authentication = f"<sessionid>{opened.findtext('.//sessionid')}</sessionid>"

    def send(self, function: str) -> requests.Response:
        """The answer to a function, its body not yet read."""
        body = ENVELOPE.format(authentication=self._authentication, function=function, **self._given)
        headers = {"Content-Type": "application/xml"}
        return self._connection.post(self._endpoint, body.encode(), headers=headers, stream=True, timeout=120)


def months(start: date, end: date) -> Iterator[tuple[date, date]]:
    """The calendar months of a range, cut at its ends."""
    while start <= end:
        last = min(start.replace(day=calendar.monthrange(start.year, start.month)[1]), end)
        yield start, last
        start = last + timedelta(days=1)


def ours(arguments: argparse.Namespace, start: date, end: date, fields: list[str]) -> int:
    """Every line through the public surface of the client."""
    import intacct

    sender = intacct.Sender(id=arguments.sender_id, password=arguments.sender_password)
    login = intacct.Login(arguments.company_id, arguments.user_id, arguments.password)
    with intacct.connect(sender, login, endpoint=arguments.endpoint, allow_sandbox=True) as company:
        return sum(1 for _ in company.general_ledger_detail(start, end, fields=fields))


def floor(arguments: argparse.Namespace, start: date, end: date, fields: list[str]) -> int:
    """Every row found by lxml, cleared and forgotten."""
    wire, rows = Wire(arguments), 0
    selected = "".join(f"<field>{field}</field>" for field in fields)
    for first, last in months(start, end):
        after, found = "", PAGE
        while found == PAGE:
            found = 0
            answer = wire.send(QUERY.format(fields=selected, start=first, end=last, after=after, size=PAGE))
            answer.raw.decode_content = True
            for _, row in etree.iterparse(answer.raw, tag="GLDETAIL"):
                key = row[0].text
                row.clear()
                found += 1
            if found:
                after = AFTER.format(key)
            rows += found
    return rows


def bytes_alone(
    arguments: argparse.Namespace,
    start: date,
    end: date,
    fields: list[str],
    recorded: list[bytes] | None = None,
) -> int:
    """The same answers, unread except for the last key of each, and kept as they came where that is asked."""
    wire, rows = Wire(arguments), 0
    selected = "".join(f"<field>{field}</field>" for field in fields)
    for first, last in months(start, end):
        after, left = "", 1
        while left:
            answer = wire.send(QUERY.format(fields=selected, start=first, end=last, after=after, size=PAGE))
            packed = answer.raw.read()
            body = gzip.decompress(packed)
            if recorded is not None:
                recorded.append(packed)
            head = body[: body.find(b"<GLDETAIL>")].rpartition(b"<data ")[2]
            numbers = dict(part.replace(b'"', b"").split(b"=") for part in head.rstrip(b">/").split())
            rows, left = rows + int(numbers[b"count"]), int(numbers[b"numremaining"])
            key = body.rpartition(b"<RECORDNO>")[2].partition(b"<")[0]
            after = AFTER.format(key.decode())
    return rows


def bare(arguments: argparse.Namespace, start: date, end: date, fields: list[str]) -> int:
    """The same answers from a server that holds them ready; only the second reading counts."""
    recorded: list[bytes] = []
    rows = bytes_alone(arguments, start, end, fields, recorded)
    receiving, sending = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.Process(target=serve, args=(recorded, sending), daemon=True)
    server.start()
    try:
        address = f"http://127.0.0.1:{receiving.recv()}/"
        connection, started = requests.Session(), time.perf_counter()
        for _ in recorded:
            len(connection.post(address, b"x" * 2000, timeout=30).content)
        BARE_SECONDS.append(time.perf_counter() - started)
    finally:
        server.terminate()
    return rows


def serve(bodies: list[bytes], sending: Connection) -> None:
    """Answer the first request with the first body, the second with the second."""
    left = iter(bodies)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = next(left)
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sending.send(server.server_address[1])
    server.serve_forever()


BARE_SECONDS: list[float] = []
WAYS = {"bare": bare, "ours": ours, "floor": floor, "bytes": bytes_alone}


def peak_kib() -> int:
    """The process's own peak: the kernel's resource usage begins with that of the parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.read_text("utf-8").partition("VmHWM:")[2].split()[0])


def main() -> int:
    """Print rows, seconds and the process's peak memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    names = ("endpoint", "sender-id", "sender-password", "company-id", "user-id", "password", "start", "end")
    for name in (*names, "fields"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    start, end = (datetime.strptime(text, "%m/%d/%Y").date() for text in (arguments.start, arguments.end))
    started = time.perf_counter()
    rows = WAYS[arguments.way](arguments, start, end, arguments.fields.split(","))
    seconds = BARE_SECONDS[0] if BARE_SECONDS else time.perf_counter() - started
    answer: dict[str, Any] = {"rows": rows, "seconds": seconds}
    print(json.dumps(answer | {"peak_kib": peak_kib()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
