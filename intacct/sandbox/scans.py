"""What readMore goes on with: the rows of a result, unchanged by whatever happens to the table meanwhile."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from intacct.sandbox.rendering import Fields
from intacct.sandbox.tables import Row


@dataclass(frozen=True)
class Scan:
    """A readByQuery under way. `begin` is the first row not handed out yet, `form` how rows are written."""

    company_id: str
    user_id: str
    object_name: str
    fields: Fields
    form: str
    rows: Sequence[Row]
    page_size: int
    begin: int = 0


class Scans:
    """Scans under way, by result id."""

    def __init__(self) -> None:
        self._scans: dict[str, Scan] = {}
        self._lock = threading.Lock()

    def keep(self, scan: Scan, identifier: str = "") -> str:
        """Remember how far a scan has come, under its own id or a new one."""
        identifier = identifier or f"{secrets.randbits(64)}"
        with self._lock:
            self._scans[identifier] = scan
        return identifier

    def take(self, identifier: str) -> Scan | None:
        """Hand out a scan; an id is good for one reader at a time."""
        with self._lock:
            return self._scans.pop(identifier, None)
