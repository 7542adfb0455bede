"""Many at once, each with a database connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def at_once(number: int, act: Callable[[], Result]) -> list[Result | BaseException]:
    """What `act` returned or raised in each of `number` threads that began together."""
    start, results = Barrier(number), list[Result | BaseException]()

    def run() -> None:
        start.wait()
        try:
            results.append(act())
        except BaseException as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
