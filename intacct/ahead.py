"""Two streams of rows in flight, handed on in order.

Each window is read by a thread of its own, which takes its answers in as fast as they arrive, so that no slow
reader keeps the gateway waiting; before it asks for another page it waits until the rows it has brought are
nearly used up. So memory stays the same however long the list is.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from intacct.paging import KeysetRead
from intacct.scanning import Values

IN_FLIGHT = 2
# Rows brought and not yet taken, above which no further page is asked for.
ENOUGH = 1000
PATIENCE_AT_THE_END = 2.0


class Reader:
    """Reads one list in a thread. ``batches`` gives its rows, or raises what the thread met."""

    def __init__(self, read: KeysetRead, enough: int = ENOUGH) -> None:
        self._read = read
        self._enough = enough
        self._brought: deque[list[Values]] = deque()
        self._waiting_rows = 0
        self._changed = threading.Condition()
        self._stopped = False
        self._ended = False
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="intacct-reader", daemon=True)
        self._thread.start()

    def batches(self) -> Iterator[list[Values]]:
        """The rows in order, as they come."""
        while (batch := self._next()) is not None:
            yield batch

    def stop(self) -> None:
        """Ends the thread after what it is just waiting for, and gives up what it has brought."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def join(self) -> None:
        """Waits for the thread, but not for a gateway that keeps silent: the thread ends with the program."""
        self._thread.join(PATIENCE_AT_THE_END)

    def _next(self) -> list[Values] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._brought or self._ended)
            if self._brought:
                batch = self._brought.popleft()
                self._waiting_rows -= len(batch)
                self._changed.notify_all()
                return batch
            if self._problem is not None:
                raise self._problem
            return None

    def _run(self) -> None:
        problem: BaseException | None = None
        try:
            while self._room() and not self._read.finished:
                self._bring_a_page()
        except BaseException as met:
            # Handed to the thread that asked for the rows, which raises it.
            problem = met
        with self._changed:
            self._problem, self._ended = problem, True
            self._changed.notify_all()

    def _bring_a_page(self) -> None:
        page = self._read.page()
        try:
            for batch in page:
                with self._changed:
                    if self._stopped:
                        return
                    self._brought.append(batch)
                    self._waiting_rows += len(batch)
                    self._changed.notify_all()
        finally:
            page.close()

    def _room(self) -> bool:
        """Waits until another page fits; False once the rows are no longer wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._waiting_rows < self._enough)
            return not self._stopped


def in_order(reads: Sequence[Callable[[], KeysetRead]]) -> Iterator[list[Values]]:
    """The rows of one list after another, while the next one is being read too."""
    waiting = deque(reads)
    running: deque[Reader] = deque()
    try:
        while waiting or running:
            while waiting and len(running) < IN_FLIGHT:
                running.append(Reader(waiting.popleft()()))
            yield from running[0].batches()
            running.popleft()
    finally:
        for reader in running:
            reader.stop()
        for reader in running:
            reader.join()
