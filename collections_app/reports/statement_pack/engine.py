"""The layout engine, kept away from the network and the disk. Only ``printing`` imports this module.

Importing it raises OSError where a library of the system is missing.
"""

from importlib import resources

from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.text.ffi import ffi, fontconfig
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

VARIANT = "pdf/ua-1"
BASE = "pack:"
_FILES = {f"{BASE}pack.css": "text/css"}


class ResourceRefused(Exception):
    """The markup asked for something that is not a file of this package."""


class PackageFetcher(URLFetcher):  # type: ignore[misc]  # the engine has no types
    """Gives out the package's own files and refuses every other address, whatever its scheme."""

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file at ``url``; anything else ends the layout."""
        if url not in _FILES:
            raise ResourceRefused(f"{url} is not a file of the statement pack.")
        content = (resources.files(__package__) / url.removeprefix(BASE)).read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": _FILES[url]})


def has_fonts() -> bool:
    """Whether the system has a font at all; without one the engine ends the whole process."""
    fonts = fontconfig.FcConfigGetFonts(ffi.NULL, fontconfig.FcSetSystem)
    return bool(fonts != ffi.NULL and fonts.nfont > 0)


def lay_out(text: str) -> Document:
    """The pages of the markup. Raises ResourceRefused when it refers to anything outside the package."""
    try:
        return HTML(string=text, base_url=BASE, url_fetcher=PackageFetcher()).render(pdf_variant=VARIANT)
    except FatalURLFetchingError as error:
        raise ResourceRefused(str(error)) from error


def draw(pages: Document, identifier: bytes) -> bytes:
    """The pages as a tagged PDF."""
    content: bytes = pages.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
    return content
