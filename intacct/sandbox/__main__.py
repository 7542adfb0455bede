"""`python -m intacct.sandbox`: serve company folders, or `generate` one."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from intacct.sandbox.faults import KINDS, Fault, parse_fault
from intacct.sandbox.generate.command import generate
from intacct.sandbox.recorded import BundleError, read_bundle
from intacct.sandbox.server import Sandbox
from intacct.sandbox.tables import CompanyFolderError


def main(arguments: list[str]) -> int:
    """Run the command; the exit code is 0 only on success."""
    if arguments[:1] == ["generate"]:
        return generate(arguments[1:])
    if arguments == ["--list-faults"]:
        for name, meaning in KINDS.items():
            print(f"{name:<26} {meaning}")
        return 0
    return serve(arguments)


def serve(arguments: list[str]) -> int:
    """Serve company folders until SIGTERM or Ctrl-C."""
    options = _serve_parser().parse_args(arguments)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        sandbox = Sandbox(
            options.company,
            sender_id=options.sender_id,
            sender_password=options.sender_password,
            host=options.host,
            port=options.port,
            reply_delay=options.reply_delay,
        )
    except CompanyFolderError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"Port {options.port} of {options.host} cannot be used: {error.strerror}. Choose another.",
            file=sys.stderr,
        )
        return 1
    try:
        for bundle in options.replay:
            sandbox.recordings.extend(read_bundle(bundle))
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    for fault in options.fault:
        sandbox.faults.add(fault)
    with sandbox:
        print(f"Sandbox ready: {sandbox.endpoint}", flush=True)
        stopping.wait()
    if options.statistics:
        counted = {"requests": sandbox.requests, "most_in_flight": dict(sandbox.most_in_flight)}
        options.statistics.write_text(json.dumps(counted, indent=1) + "\n", "utf-8")
    return 0


def _serve_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m intacct.sandbox",
        description="Serve company folders as Sage Intacct's XML gateway would.",
        epilog="`python -m intacct.sandbox generate FOLDER` writes a company folder; see its own --help.",
    )
    parser.add_argument(
        "--company", type=Path, action="append", required=True, metavar="FOLDER", help="may be repeated"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0 picks a free one")
    parser.add_argument("--sender-id", default="strongbox")
    parser.add_argument("--sender-password", default="sandbox-sender-1")
    parser.add_argument(
        "--reply-delay", type=float, default=0.0, metavar="SECONDS", help="wait before each reply"
    )
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="KIND[=SECONDS][:COMPANY[:USER]][,skip=N][,times=N][,function=NAME]",
        help="make replies go wrong; --list-faults prints every KIND",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        action="append",
        default=[],
        metavar="BUNDLE.zip",
        help="answer as the gateway did in this support bundle, wherever the same is asked; may be repeated",
    )
    parser.add_argument(
        "--statistics",
        type=Path,
        metavar="FILE",
        help="at the end, write as JSON how often each function was called, and the most requests of each "
        "company that were in flight at the same time",
    )
    parser.add_argument("--list-faults", action="store_true", help="print the faults and stop")
    return parser


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
