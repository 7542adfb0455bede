"""What borrowers' browsers ask while they wait: requests for tests.loads.polling."""

import re
import urllib.parse
import urllib.request
from collections.abc import Iterable
from http.cookiejar import CookieJar
from typing import Any

POLL = {"Accept": "application/json"}
PAGE = {"Accept": "text/html"}


def session_of(link: str) -> str:
    """Opens a secure link as a browser does, and returns the cookies it then holds, as a header."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with browser.open(link, timeout=60) as landing:
        page = landing.read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, "the landing page has no form"
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1]}).encode()
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(link))
    with browser.open(urllib.request.Request(link, form, {"Origin": origin}), timeout=60) as answer:
        assert answer.status == 200
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def waiting(links: Iterable[str], path: str = "/collection/progress/") -> list[list[dict[str, Any]]]:
    """For each link a browser that polls its progress."""
    return [
        [{"name": "progress", "path": path, "headers": POLL | {"Cookie": session_of(link)}}] for link in links
    ]


def looking(links: Iterable[str], path: str = "/collection/progress/") -> list[list[dict[str, Any]]]:
    """For each link a browser whose person loads the whole page, looks at the set-up guide, and tries the
    lender's sign-in and the sign of health.
    """
    browsers = []
    for link in links:
        cookie = {"Cookie": session_of(link)}
        browsers.append(
            [
                {"name": "progress page", "path": path, "headers": PAGE | cookie},
                {"name": "landing page", "path": urllib.parse.urlsplit(link).path, "headers": PAGE},
                {"name": "lender's sign-in", "path": "/admin/login/", "headers": PAGE},
                {"name": "healthz", "path": "/healthz", "headers": PAGE},
            ]
        )
    return browsers
