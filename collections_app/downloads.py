"""A report file or a document as an answer of the web server."""

import io

from django.http import FileResponse, Http404

from collections_app.data_keys import KeyDestroyed
from collections_app.events import Who
from collections_app.models import Document, ReportFile
from collections_app.services import documents, reporting


def download(file: ReportFile, *, by: Who) -> FileResponse:
    """Streams the file, decrypted as it is sent; the download is recorded.

    Raises Http404 when the collection was erased.
    """
    try:
        content = reporting.file_open(file=file, by=by)
    except KeyDestroyed as erased:
        raise Http404(str(erased)) from None
    return _answer(content, f"{file.collection.reference}-{file.name}", file.size)


def document_download(document: Document, *, by: Who) -> FileResponse:
    """The same for an uploaded document, under the name that the borrower gave it."""
    try:
        content = documents.document_open(document=document, by=by)
        name = f"{document.collection.reference}-{document.name}"
    except KeyDestroyed as erased:
        raise Http404(str(erased)) from None
    response = _answer(content, name, document.size)
    # Whatever a browser would make of a stranger's file, it makes it without any right of this site.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _answer(content: io.BufferedReader, name: str, size: int) -> FileResponse:
    """The length is announced: a file that proves damaged on the way arrives broken off, never as whole."""
    response = FileResponse(content, as_attachment=True, filename=name)
    response.headers["Content-Length"] = str(size)
    return response
