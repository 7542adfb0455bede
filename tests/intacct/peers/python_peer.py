"""Drives PyPI's `sageintacctsdk`, unmodified, in a Python of its own, and prints what it saw as JSON.

The client's address is fixed in its code; setting the attribute of each API object is the way to point it
elsewhere that changes nothing else about it.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from sageintacctsdk import SageIntacctSDK  # type: ignore[import-not-found]
from sageintacctsdk.apis.api_base import ApiBase  # type: ignore[import-not-found]

LINE_FIELDS = ["RECORDNO", "ENTRY_DATE", "ACCOUNTNO", "AMOUNT"]


def signed_in(arguments: argparse.Namespace, password: str) -> Any:
    """The SDK with a session of its own; raises what the SDK raises."""
    base = ApiBase()
    base._ApiBase__api_url = arguments.endpoint
    base.set_sender_id(arguments.sender_id)
    base.set_sender_password(arguments.sender_password)
    session = base.get_session_id(arguments.user_id, arguments.company_id, password)
    sdk = SageIntacctSDK(
        arguments.sender_id,
        arguments.sender_password,
        arguments.user_id,
        arguments.company_id,
        password,
        session_id=session,
    )
    for api in vars(sdk).values():
        if isinstance(api, ApiBase):
            api._ApiBase__api_url = base._ApiBase__api_url
    return sdk


def in_small_pages(api: Any, key: str) -> list[str]:
    """One field of every row, three rows a page."""
    api._ApiBase__pagesize = 3
    pages = api.get_all_generator(fields=["RECORDNO", key], order_by_field="RECORDNO", order="ascending")
    return [row[key] for page in pages for row in page]


def failure(act: Any) -> dict[str, str]:
    """The name and text of what an act raises."""
    try:
        act()
    except Exception as error:
        return {"name": type(error).__name__, "text": str(error)}
    return {"name": "", "text": ""}


def exercise(arguments: argparse.Namespace) -> dict[str, Any]:
    """Everything a reader of ledgers does, and two things that go wrong."""
    sdk = signed_in(arguments, arguments.password)
    between = [("between", "ENTRY_DATE", [arguments.start, arguments.end])]
    lines = sdk.gl_detail.get_by_query(fields=LINE_FIELDS, and_filter=between)
    one = sdk.accounts.get("ACCOUNTNO", "1000", ["RECORDNO", "TITLE"])["glaccount"]
    unknown = ApiBase(dimension="NOSUCHOBJECT")
    unknown.__dict__ |= {
        name: value for name, value in vars(sdk.accounts).items() if not name.endswith("__dimension")
    }
    return {
        "accounts": in_small_pages(sdk.accounts, "ACCOUNTNO"),
        "entities": in_small_pages(sdk.location_entities, "LOCATIONID"),
        "lines": sorted([line[field] for field in LINE_FIELDS] for line in lines),
        "one": dict(one),
        "unknown": failure(lambda: unknown.count(None)),
        "wrong_password": failure(lambda: signed_in(arguments, "not-the-password")),
    }


def read_detail(arguments: argparse.Namespace) -> dict[str, Any]:
    """Read the lines of a date range and say how long it took and how much memory it needed."""
    sdk = signed_in(arguments, arguments.password)
    between = [("between", "ENTRY_DATE", [arguments.start, arguments.end])]
    started = time.perf_counter()
    rows = len(sdk.gl_detail.get_by_query(fields=arguments.fields.split(","), and_filter=between))
    seconds = time.perf_counter() - started
    # The kernel's resource usage would begin with that of the parent.
    peak = int(Path("/proc/self/status").read_text("utf-8").partition("VmHWM:")[2].split()[0])
    return {"rows": rows, "seconds": seconds, "peak_kib": peak}


def main() -> None:
    """Print the answer of one of the two tasks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=("exercise", "detail"))
    for name in ("endpoint", "sender-id", "sender-password", "company-id", "user-id", "password"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--start", required=True)
    parser.add_argument("--end", required=True)
    parser.add_argument("--fields", default="")
    arguments = parser.parse_args()
    task = exercise if arguments.task == "exercise" else read_detail
    print(json.dumps(task(arguments)))


if __name__ == "__main__":
    main()
