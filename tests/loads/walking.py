"""Borrowers who walk from their link to the progress page, a process of its own:
`python -m tests.loads.walking PLAN`.

They answer what each page asks, in its own form, with a person's pauses, and wait where the page makes them
wait. The plan is JSON: `origin`; `borrowers`, a list of a `link`, a `company` and `has_script` each;
`arrive_within`, the seconds over which they come; `pause`, the seconds that each stays on a page;
`categories`, a file; `seconds`, after which a walk that has not come to its end counts as lost; `result`,
the file to write.
"""

import csv
import http.client
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

from intacct.sandbox.generate.writer import PASSWORD, USER
from tests.loads.polling import spread

# As the pages do: the script asks often at first, and a page without it is loaded anew.
FAST, FAST_FOR, SLOW, ANEW = 2.0, 60.0, 10.0, 3.0


@dataclass
class Tally:
    """What all walkers met: latencies in milliseconds by page, statuses, and walks that went wrong."""

    latencies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    finished: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page: str, status: int, seconds: float) -> None:
        with self.lock:
            self.latencies[page].append(seconds * 1000)
            self.statuses[str(status)] += 1

    def told(self) -> dict[str, Any]:
        everything = [latency for latencies in self.latencies.values() for latency in latencies]
        return {
            "finished": self.finished,
            "lost": self.lost,
            "statuses": dict(self.statuses),
            "all": spread(everything),
            "by_name": {name: spread(found) for name, found in sorted(self.latencies.items())},
        }


class Lost(Exception):
    """A walk came to where it could not go on."""


class Walk:
    """One borrower's browser."""

    def __init__(self, plan: dict[str, Any], borrower: dict[str, str], tally: Tally) -> None:
        self._plan = plan
        self._tally = tally
        self._host = urlsplit(plan["origin"]).netloc
        self._link = urlsplit(borrower["link"]).path
        self._has_script = borrower["has_script"]
        self._answers = {
            "system": "sage-intacct",
            "name": "Robin Owner",
            "agreed": "on",
            "company_id": borrower["company"],
            "user_id": USER,
            "password": PASSWORD,
            "action": "continue",
        }
        self._categories: dict[str, str] = plan["chosen"]
        self._cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection(self._host, timeout=60)

    def walk(self) -> None:
        """From the link to the progress page, or the end where the work was faster. Raises Lost."""
        ends = time.monotonic() + self._plan["seconds"]
        place = self._link
        while time.monotonic() < ends:
            place, page = self._get(place)
            if place in ("/collection/progress/", "/collection/done/"):
                return
            live = page.xpath("//*[@data-live]/@data-next")
            if live:
                self._wait(place, ends)
                place = live[0]
            else:
                time.sleep(self._plan["pause"] * random.uniform(0.5, 1.5))  # noqa: S311
                place = self._post(place, self._answered(place, page))
        raise Lost(f"it still was at {place}")

    def _wait(self, place: str, ends: float) -> None:
        """Until the page's script, or the page itself, goes to where things stand."""
        if not self._has_script:
            time.sleep(ANEW)
            return
        seen, begun = "", time.monotonic()
        while (now := time.monotonic()) < ends:
            time.sleep(FAST if now - begun < FAST_FOR else SLOW)
            asked = {"Accept": "application/json"} | ({"If-None-Match": seen} if seen else {})
            answer, content = self._ask("GET", place, headers=asked)
            if answer.status == 304:
                continue
            if answer.status != 200 or b"data-live" not in content:
                return
            seen = answer.getheader("ETag", "")

    def _answered(self, place: str, page: Any) -> dict[str, str]:
        """The form that asks what this page is about, filled in."""
        forms = [form for form in page.xpath("//main//form") if form.get("action") in (None, "", place)]
        known = self._answers.keys() | {"scope", "category_for_selected"}
        found = max(forms, key=lambda form: len(known & _names(form)), default=None)
        if found is None:
            raise Lost(f"{place} asks nothing")
        given = {name: value for name, value in found.form_values() if value and name != "selected"}
        names = _names(found)
        given |= {name: answer for name, answer in self._answers.items() if name in names}
        if "scope" in names:
            given["scope"] = str(found.xpath(".//input[@name='scope']/@value")[0])
        for account, category in self._categories.items():
            if f"category-{account}" in names:
                given[f"category-{account}"] = category
        return given

    def _get(self, place: str) -> tuple[str, Any]:
        """The page at `place`, or where it leads, as a browser follows."""
        for _ in range(5):
            answer, content = self._ask("GET", place)
            if answer.status in (301, 302):
                place = urlsplit(answer.getheader("Location", "")).path
                continue
            if answer.status != 200:
                raise Lost(f"GET {place} answered {answer.status}")
            return place, html.fromstring(content)
        raise Lost(f"{place} leads nowhere")

    def _post(self, place: str, given: dict[str, str]) -> str:
        """Where the answer leads."""
        answer, content = self._ask("POST", place, urlencode(given))
        if answer.status == 302:
            return urlsplit(answer.getheader("Location", "")).path
        page: Any = html.fromstring(content or b"<p></p>")
        words = " ".join(page.xpath("normalize-space(//*[contains(@class, 'error-summary')])").split())
        raise Lost(f"POST {place} answered {answer.status} {words}")

    def _ask(
        self, method: str, place: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Accept": "text/html", "Origin": self._plan["origin"]} | (headers or {})
        if cookies:
            headers["Cookie"] = cookies
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        kind = "poll" if headers["Accept"] == "application/json" else method
        name = f"{kind} {'/c/' if place.startswith('/c/') else place.split('?')[0]}"
        begun = time.monotonic()
        try:
            answer, content = self._once(method, place, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server closed a connection that was kept; every browser then asks once more.
            self._connection.close()
            answer, content = self._once(method, place, body, headers)
        self._tally.add(name, answer.status, time.monotonic() - begun)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            key, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[key] = value
        return answer, content

    def _once(
        self, method: str, place: str, body: str, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self._connection.request(method, place, body or None, headers)
        answer = self._connection.getresponse()
        return answer, answer.read()


def _names(form: Any) -> set[str]:
    return {str(name) for name in form.xpath(".//*[@name]/@name")}


def _come(plan: dict[str, Any], borrower: dict[str, str], tally: Tally, after: float) -> None:
    time.sleep(after)
    try:
        Walk(plan, borrower, tally).walk()
    except (Lost, OSError, http.client.HTTPException) as trouble:
        with tally.lock:
            tally.lost.append(f"{borrower['company']}: {type(trouble).__name__}: {trouble}")
    else:
        with tally.lock:
            tally.finished += 1


def main() -> int:
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    with Path(plan["categories"]).open(newline="", encoding="utf-8") as file:
        plan["chosen"] = {row["ACCOUNTNO"]: row["CATEGORY"] for row in csv.DictReader(file)}
    tally = Tally()
    count = len(plan["borrowers"])
    threads = [
        threading.Thread(target=_come, args=(plan, borrower, tally, place * plan["arrive_within"] / count))
        for place, borrower in enumerate(plan["borrowers"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Path(plan["result"]).write_text(json.dumps(tally.told(), indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
