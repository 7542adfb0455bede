"""What readMore goes on with: the rows of a result, unchanged by whatever happens to the table meanwhile."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

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


@dataclass(frozen=True)
class Report:
    """A report that was run and waits to be fetched. `begin` is the first row not handed out yet."""

    company_id: str
    user_id: str
    rows: tuple[etree._Element, ...]
    page_size: int
    begin: int = 0

    def after(self, rows: int) -> "Report":
        """The report with so many more rows handed out."""
        return replace(self, begin=self.begin + rows)


class Scans:
    """Scans and reports under way, by their ids. The latest scan of an object is also known by its name
    within the session that began it.
    """

    def __init__(self) -> None:
        self._scans: dict[str, Scan] = {}
        self._reports: dict[str, Report] = {}
        self._latest: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def keep(self, scan: Scan, scope: str, identifier: str = "") -> str:
        """Remember how far a scan has come, under its own id or a new one."""
        identifier = identifier or f"{secrets.randbits(64)}"
        with self._lock:
            self._scans[identifier] = scan
            self._latest[scope, scan.object_name] = identifier
        return identifier

    def take(self, identifier: str) -> Scan | None:
        """Hand out a scan; an id is good for one reader at a time."""
        with self._lock:
            return self._scans.pop(identifier, None)

    def latest(self, scope: str, object_name: str) -> str:
        """The id of the latest scan of an object in a session, empty where there is none."""
        with self._lock:
            return self._latest.get((scope, object_name), "")

    def keep_report(self, report: Report, identifier: str = "") -> str:
        """Remember a report, under its own id or a new one."""
        identifier = identifier or secrets.token_urlsafe(36)
        with self._lock:
            self._reports[identifier] = report
        return identifier

    def take_report(self, identifier: str) -> Report | None:
        """Hand out a report; after its last page it is gone."""
        with self._lock:
            return self._reports.pop(identifier, None)
