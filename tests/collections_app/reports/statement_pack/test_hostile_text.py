"""Names and titles are written by strangers: they must print, and do nothing else."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from collections_app.reports.build import build
from collections_app.reports.figures import Scope
from collections_app.reports.markup import element, markup, printable
from collections_app.reports.statement_pack import engine
from tests.collections_app.reports.cast import CASH, CHART, small_books
from tests.collections_app.reports.statement_pack.reading import Pack, pack_bytes

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert(1)</script>"
PICTURE = '"><img src="file:///etc/hostname"><b x="'


@pytest.fixture(scope="module")
def pack() -> Pack:
    title = f"{PICTURE}&amp; \x00\x1b[31m \u202egnp.exe \ud800 שלום"
    cash = replace(CASH, title=title)
    books = small_books(
        accounts=(cash, *CHART[1:]),
        borrower=f"{SCRIPT} {'long name ' * 4_000}",
        lender="}</style><style>* { display: none }",
        company_name="x" * 40_000,
        scope=Scope("entity", "</table>", "\x07"),
        reference="*/ @import url(http://example.invalid/a.css);",
    )
    return Pack(pack_bytes(build(books)))


def test_markup_in_names_is_printed_as_it_was_written(pack: Pack) -> None:
    assert SCRIPT in pack.pages[0]
    assert "}</style><style>* { display: none }" in pack.pages[0]
    assert '1000 "><img src="file:///etc/hostname"><b x="&amp;' in pack.text


def test_a_very_long_name_is_cut_and_leaves_the_figures_on_their_pages(pack: Pack) -> None:
    assert "…" in pack.pages[0]
    assert len(pack.pages) < 20
    assert f"Page 1 of {len(pack.pages)}" in pack.pages[0]


def test_nothing_in_a_name_becomes_active(pack: Pack) -> None:
    assert b"/JavaScript" not in pack.content
    assert b"/URI" not in pack.content
    assert b"/EmbeddedFile" not in pack.content


def test_control_characters_and_marks_of_direction_are_not_printed() -> None:
    assert printable("a\x00b\u202ec\u2066d\n\te") == "a\ufffdbcd e"
    assert printable("שלום עולם") == "שלום עולם"


def test_text_cannot_leave_its_element() -> None:
    made = markup(element("td", "</td><script>", title='">&'))
    assert made == '<td title="&quot;&gt;&amp;">&lt;/td&gt;&lt;script&gt;</td>'


class Visits(http.server.BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def website() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Visits)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "text",
    [
        '<img src="{url}a.png" alt="a">',
        '<link rel="stylesheet" href="{url}a.css">',
        "<style>@import url({url}b.css);</style>",
        "<style>p {{ background: url({url}c.png) }}</style><p>text</p>",
        "<style>@font-face {{ font-family: f; src: url({url}f.ttf) }} p {{ font-family: f }}</style><p>a</p>",
        '<base href="{url}"><img src="e.png" alt="e">',
        '<img src="file:///etc/hostname" alt="">',
        '<img src="data:image/svg+xml,&lt;svg/&gt;" alt="">',
        '<img src="ftp://127.0.0.1/a" alt="">',
        '<img src="pack:engine.py" alt="">',
        '<img src="pack:../export.py" alt="">',
    ],
)
def test_layout_refuses_everything_but_the_packages_own_files(text: str, website: str) -> None:
    Visits.seen.clear()
    with pytest.raises(engine.ResourceRefused):
        engine.lay_out(text.format(url=website))
    assert Visits.seen == []


def test_a_picture_inside_a_drawing_is_not_fetched_either(website: str) -> None:
    Visits.seen.clear()
    picture = f'<image href="{website}d.png" width="9" height="9"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{picture}</svg>'
    engine.draw(engine.lay_out(f"<html lang=en><title>t</title>{drawing}"), b"1")
    assert Visits.seen == []


def test_the_packages_own_stylesheet_is_given_out() -> None:
    assert engine.lay_out('<link rel="stylesheet" href="pack:pack.css"><p>text</p>').pages
