"""A report file or a document as an answer of the web server."""

import io

from django.http import FileResponse, Http404

from collections_app.data_keys import KeyDestroyed
from collections_app.events import Who
from collections_app.models import Document, ReportFile
from collections_app.sealed_files import FileReplaced
from collections_app.services import documents, reporting


class Replaced(Http404):
    """The file was there a moment ago; asked for again, it or what took its place is found or is not."""


def download(file: ReportFile, *, by: Who) -> FileResponse:
    """Streams the file, decrypted as it is sent; the download is recorded.

    One that was replaced since its row was read is sent as it is now. Raises Http404 when the collection was
    erased, Replaced when there is nothing in its place.
    """
    try:
        newest, content = reporting.file_open(file=file, by=by)
    except KeyDestroyed as erased:
        raise Http404(str(erased)) from None
    except FileReplaced as gone:
        raise Replaced(str(gone)) from None
    return _answer(content, f"{file.collection.reference}-{newest.name}", newest.size)


def document_download(document: Document, *, by: Who) -> FileResponse:
    """The same for an uploaded document, under the name that the borrower gave it."""
    try:
        content = documents.document_open(document=document, by=by)
        name = f"{document.collection.reference}-{document.name}"
    except KeyDestroyed as erased:
        raise Http404(str(erased)) from None
    except FileReplaced as gone:
        raise Replaced(str(gone)) from None
    response = _answer(content, name, document.size)
    # Whatever a browser would make of a stranger's file, it makes it without any right of this site.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _answer(content: io.BufferedReader, name: str, size: int) -> FileResponse:
    """The length is announced: a file that proves damaged on the way arrives broken off, never as whole."""
    response = FileResponse(content, as_attachment=True, filename=name)
    response.headers["Content-Length"] = str(size)
    return response
