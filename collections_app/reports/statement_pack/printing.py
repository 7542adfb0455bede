"""From finished markup to the bytes of a PDF, and one plain sentence where the system cannot do it.

The layout engine is imported when it is first needed: it takes most of a second and 50 MB, and it needs
libraries of the system, without which all other reports still work.
"""

import hashlib

SYSTEM_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")


class PackUnavailable(Exception):
    """The system lacks a library or a font, so that no PDF can be made; the message names the cure."""

    def __init__(self, lack: str) -> None:
        packages = " ".join(SYSTEM_PACKAGES)
        super().__init__(f"statements.pdf cannot be made because {lack}; install the packages {packages}.")


def print_markup(text: str) -> bytes:
    """The HTML document as PDF/UA-1; the same text gives the same bytes, its identifier among them.

    Raises PackUnavailable when a library or every font is missing.
    """
    try:
        from collections_app.reports.statement_pack import engine
    except OSError as error:
        raise PackUnavailable("a library that draws its pages is missing") from error
    if not engine.has_fonts():
        raise PackUnavailable("no font is installed")
    identifier = hashlib.sha256(text.encode()).hexdigest()[:32]
    return engine.draw(engine.lay_out(text), identifier.encode())
