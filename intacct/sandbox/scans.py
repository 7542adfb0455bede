"""What readMore goes on with: the rest of a result, unchanged by whatever happens to the table meanwhile."""

import secrets
import threading
from dataclasses import dataclass

from intacct.sandbox.tables import Row


@dataclass(frozen=True)
class Scan:
    """The rows of a readByQuery that were not handed out yet, as they will be printed."""

    company_id: str
    user_id: str
    object_name: str
    fields: tuple[str, ...]
    rows: tuple[Row, ...]
    page_size: int
    total: int


class Scans:
    """Scans under way, by result id."""

    def __init__(self) -> None:
        self._scans: dict[str, Scan] = {}
        self._lock = threading.Lock()

    def keep(self, scan: Scan, identifier: str = "") -> str:
        """Remember what is left of a scan, under its own id or a new one."""
        identifier = identifier or f"{secrets.randbits(64)}"
        with self._lock:
            self._scans[identifier] = scan
        return identifier

    def take(self, identifier: str) -> Scan | None:
        """Hand out a scan; an id is good for one reader at a time."""
        with self._lock:
            return self._scans.pop(identifier, None)
