"""Python imports this by itself where PYTHONPATH leads here: it lets a process die at a chosen moment.

The product knows nothing of it. What happens is said by the environment:

DIE_POINTS, DIE_FILE   a worker's child is killed at the point `module:function:before` or `:after` that the
                       file names; the file goes with it, so that it happens once
CRASH_ON               a process that sends this text to the gateway ends by a segmentation fault
DIE_BEFORE_RINGING     a process that is about to send a message is killed, as long as this file is there
FAKETIME_NO_CACHE      the process lives under libfaketime, whose Debian 12 version fails Python's time.sleep
"""

import contextlib
import ctypes
import functools
import http.client
import importlib
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def die_once(file: Path) -> None:
    """Whoever removes the file dies."""
    try:
        file.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def dying(function: Callable[..., Any], name: str, file: Path) -> Callable[..., Any]:
    def reached(moment: str) -> None:
        # Another child may have died of the file a moment ago.
        with contextlib.suppress(FileNotFoundError):
            if file.read_text() == f"{name}:{moment}":
                die_once(file)

    @functools.wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        reached("before")
        result = function(*arguments, **named)
        reached("after")
        return result

    return wrapped


def arm(**_: Any) -> None:
    for name in {point.rpartition(":")[0] for point in os.environ["DIE_POINTS"].split()}:
        module_name, function = name.split(":")
        module = importlib.import_module(module_name)
        setattr(module, function, dying(getattr(module, function), name, Path(os.environ["DIE_FILE"])))


def crash_on(text: bytes) -> None:
    send = http.client.HTTPConnection.send

    def wrapped(self: http.client.HTTPConnection, data: Any) -> None:
        if isinstance(data, bytes) and text in data:
            ctypes.string_at(0)
        send(self, data)

    setattr(http.client.HTTPConnection, "send", wrapped)  # noqa: B010 - a type checker forbids the assignment


def die_before_ringing(file: Path) -> None:
    from celery.app.task import Task

    ring = Task.apply_async

    def wrapped(*arguments: Any, **named: Any) -> Any:
        die_once(file)
        return ring(*arguments, **named)

    setattr(Task, "apply_async", wrapped)  # noqa: B010 - the type checker would refuse it


def sleep_by_select() -> None:
    def sleep(seconds: float) -> None:
        select.select([], [], [], max(0.0, seconds))

    setattr(time, "sleep", sleep)  # noqa: B010 - the type checker would refuse it


if "DIE_POINTS" in os.environ:
    from celery.signals import worker_process_init

    worker_process_init.connect(arm, weak=False)
if "CRASH_ON" in os.environ:
    crash_on(os.environ["CRASH_ON"].encode())
if "DIE_BEFORE_RINGING" in os.environ:
    die_before_ringing(Path(os.environ["DIE_BEFORE_RINGING"]))
if "FAKETIME_NO_CACHE" in os.environ:
    sleep_by_select()
