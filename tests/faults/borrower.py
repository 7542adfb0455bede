"""A borrower with a browser, at a web server that may be in trouble."""

import time
from dataclasses import dataclass, field

import requests


@dataclass
class Borrower:
    """`slowest` is the longest that any page let the borrower wait, in seconds."""

    address: str
    slowest: float = 0.0
    session: requests.Session = field(default_factory=requests.Session)

    def open(self, link: str) -> requests.Response:
        """Opens the secure link, whatever host it was made for, and presses its button."""
        page = self.address + "/c/" + link.rstrip("/").rpartition("/c/")[2] + "/"
        self.get(page)
        return self.post(page)

    def get(self, page: str) -> requests.Response:
        return self._timed("GET", page)

    def post(self, page: str, **answers: str) -> requests.Response:
        token = self.session.cookies.get("csrf") or ""
        return self._timed("POST", page, answers | {"csrfmiddlewaretoken": token})

    def _timed(self, method: str, page: str, answers: dict[str, str] | None = None) -> requests.Response:
        url = page if page.startswith("http") else self.address + page
        begun = time.monotonic()
        reply = self.session.request(
            method, url, data=answers, headers={"Origin": self.address}, timeout=30, allow_redirects=False
        )
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return reply
