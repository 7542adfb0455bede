"""The broker that is a folder and needs no server: Kombu's, made safe for readers beside writers.

Kombu's own filesystem transport writes a message under its final name, so that a reader may take it half
written, and the worker then ends on the unreadable text. Here a message and a table of queues appear whole,
by renaming, and what cannot be read is thrown away: it is only a doorbell, and the clock rings again.
"""

import fcntl
import json
import logging
import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SCHEME = "embedded"
TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


class Channel(filesystem.Channel):
    """A channel whose files are either there and whole, or not there."""

    # Kombu's two ancestors name the second argument differently.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        write_whole(Path(self.data_folder_out, name), dumps(payload))

    def _get(self, queue: str, timeout: Any = None) -> Any:
        """The oldest message of the queue. Raises Empty."""
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            text = take(Path(self.data_folder_in, name))
            if text is None:
                continue
            try:
                return loads(text)
            except ValueError:
                logger.warning("A message that could not be read was thrown away.")
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        try:
            stored = json.loads(self._table_file(exchange).read_text())
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*queue) for queue in stored]

    def _table_file(self, exchange: str) -> Path:
        return Path(self.control_folder, f"{exchange}.exchange")

    def _queue_bind(
        self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None
    ) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table_changes():
            others = [known for known in self.get_table(exchange) if known != bound]
            write_whole(self._table_file(exchange), json.dumps([bound, *others]))

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        self._purge(queue)
        gone = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table_changes():
            others = [known for known in self.get_table(exchange) if known != gone]
            write_whole(self._table_file(exchange), json.dumps(others))

    @contextmanager
    def _table_changes(self) -> Iterator[None]:
        """One process at a time."""
        with Path(self.control_folder, "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Each connection binds its own queues: Kombu's would forget that another folder knows none of them."""

    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = virtual.BrokerState()


def write_whole(path: Path, text: str) -> None:
    """Writes under a passing name in the same folder and renames, so that nobody reads half a file."""
    descriptor, passing = tempfile.mkstemp(dir=path.parent, prefix=".")
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(passing, path)


def take(path: Path) -> str | None:
    """The content of a message that nobody else has taken, or None; the file is gone afterwards."""
    mine = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.rename(mine)
    except FileNotFoundError:
        return None
    text = mine.read_text(encoding="utf-8", errors="replace")
    mine.unlink()
    return text
